"""Publishing, killed at random moments: python -m tests.soak"""

"""Long trials: publishing killed at random moments (``python -m tests.soak``), the service under long load."""

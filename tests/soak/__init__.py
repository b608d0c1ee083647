"""Long trials: publishing killed at random moments (``python -m tests.soak``), a service under load."""

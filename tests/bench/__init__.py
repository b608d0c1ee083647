"""Measuring and fitting. Nothing here is needed to serve; the public sets stay outside the project."""

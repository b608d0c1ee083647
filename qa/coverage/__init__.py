"""FAQ coverage: the staff's question sets, what a version answers of them, and what changed between two."""

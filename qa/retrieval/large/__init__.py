"""The engine for large corpora: the small engine's ranking over memory-mapped segments.

Nothing here is imported where only small corpora are answered from: numba takes a moment to load.
"""

"""Keeps the collector of garbage from stopping everything to look through an engine, which never changes."""

from __future__ import annotations

import gc

__all__ = ["settle"]


def settle() -> None:
    """Frees what is left of an engine that was exchanged, and looks no more at what is there now.

    An engine holds hundreds of thousands of objects, and cycles. Looking through all of them stops
    every thread for a quarter of a second. To be called when an engine has been loaded: it happens then only.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()

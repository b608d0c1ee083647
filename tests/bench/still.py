"""Holding the version still: a run that lasts minutes must not see files that change under it.

The seed is copied and the fitted numbers are read once. Processes forked meanwhile see the same, so
that two figures of one run are always of one version. What is edited meanwhile counts for the next run.
"""

from __future__ import annotations

import multiprocessing
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.pool import Pool
from pathlib import Path
from unittest.mock import patch

from qa.answering.fitted import load_fitted
from qa.settings import seed_corpus

__all__ = ["Still", "held_still", "two_processes"]


@dataclass(frozen=True, slots=True)
class Still:
    """What is measured: a copy of the seed, and the digest of the fitted file."""

    seed: Path
    fitted: str


@contextmanager
def held_still() -> Iterator[Still]:
    """While it lasts, engines are built from one copy of the seed and one reading of the fitted file."""
    with tempfile.TemporaryDirectory(prefix="minsheng-") as private:
        seed = Path(private) / "corpus"
        shutil.copytree(seed_corpus(), seed)
        fitted = load_fitted()
        with (
            patch("qa.engine.seed_corpus", return_value=seed),
            patch("qa.engine.load_fitted", return_value=fitted),
        ):
            yield Still(seed, fitted.digest)


def two_processes() -> Pool:
    """A pool of processes that are forked, so that they see what is held still."""
    return multiprocessing.get_context("fork").Pool(2)

"""Publishing, killed: the short form of ``make soak``."""

from __future__ import annotations

from pathlib import Path

from tests.soak.kills import Soak

KILLS = 3


def test_a_killed_publication_leaves_the_old_version_or_the_new_one(tmp_path: Path) -> None:
    soak = Soak(tmp_path, seed=7, faq=False)
    for _ in range(KILLS):
        soak.kill()

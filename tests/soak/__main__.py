"""Fifty publications, each killed at a random moment: python -m tests.soak"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from rich.console import Console

from tests.soak.kills import Soak

KILLS = 50


def main() -> None:
    """The command; an expectation that does not hold ends it with a traceback."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=KILLS)
    parser.add_argument("--seed", type=int, default=2026)
    given = parser.parse_args()
    console = Console()
    with tempfile.TemporaryDirectory(prefix="minsheng-soak-") as held:
        soak = Soak(Path(held), given.seed)
        console.print(f"a publication takes {soak.measure():.2f} s")
        switched = ended = 0
        for number in range(1, given.kills + 1):
            found = soak.kill()
            switched += found.switched
            ended += found.ended
            told = "after the end" if found.ended else "new" if found.switched else "old"
            console.print(f"{number:3}  killed after {found.after:5.2f} s: {told}")
        console.print(
            f"{given.kills} kills: {given.kills - switched} left the old version, {switched} the new one "
            f"({ended} came after the end); nothing lost, every next publication worked"
        )


if __name__ == "__main__":
    main()

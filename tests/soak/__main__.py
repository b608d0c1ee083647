"""Fifty publications killed at random moments, every second one about the switch: python -m tests.soak"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from rich.console import Console

from tests.soak.kills import Killed, Soak

KILLS = 50


def main() -> None:
    """The command; where something is lost it says so, shows what, and ends with status 1."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=KILLS)
    parser.add_argument("--seed", type=int, default=2026)
    given = parser.parse_args()
    console = Console(soft_wrap=True)
    found: list[Killed] = []
    with tempfile.TemporaryDirectory(prefix="minsheng-soak-") as held:
        try:
            soak = Soak(Path(held), given.seed)
            console.print(f"a publication takes {soak.measure():.2f} s")
            for number in range(1, given.kills + 1):
                found.append(soak.kill(late=number % 2 == 0))
                console.print(f"{number:3}  killed after {found[-1].after:5.2f} s: {_left(found[-1])}")
        except AssertionError:
            console.print_exception(show_locals=True)
            console.print(f"FAILED at kill {len(found) + 1} of {given.kills}, seed {given.seed}: see above")
            raise SystemExit(1) from None
    switched, ended = sum(one.switched for one in found), sum(one.ended for one in found)
    left = f"{given.kills - switched} left the old version and {switched} the new one"
    console.print(
        f"PASSED: {given.kills} kills, {left} ({ended} of them came after the end).\n"
        "Every version stayed whole to the byte, answered as it should, and the next publication worked."
    )


def _left(one: Killed) -> str:
    return "after the end" if one.ended else "new" if one.switched else "old"


if __name__ == "__main__":
    main()

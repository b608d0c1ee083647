"""The process whose start and memory are measured: it imports what a question needs and nothing more.

Answers the first question of a file and prints its peak memory in MiB, then all and prints it again.
"""

from __future__ import annotations

import json
import re
import resource
import sys
from pathlib import Path

from qa.engine import build_engine
from qa.settings import Settings

__all__ = ["main", "peak_mib"]


def peak_mib() -> float:
    """The most memory this process has held."""
    status = Path("/proc/self/status")
    if status.is_file():  # getrusage would give the parent's peak where that was higher
        held = re.search(r"VmHWM:\s+(\d+) kB", status.read_text(encoding="ascii"))
        if held is not None:
            return int(held[1]) / 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


def main(questions: Path) -> None:
    """The process."""
    asked = [json.loads(line)["question"] for line in questions.read_text(encoding="utf-8").splitlines()]
    engine = build_engine(Settings())
    engine.ask(asked[0])
    print(peak_mib(), flush=True)
    for question in asked:
        engine.ask(question)
    print(peak_mib(), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))

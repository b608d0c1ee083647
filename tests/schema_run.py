"""A run of schemathesis, with every check, over the OpenAPI document of a server."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

__all__ = ["run_schemathesis"]


def run_schemathesis(url: str, folder: Path, *, examples: int, phases: str, seconds: int = 100) -> int:
    """Fails where any check does; returns the number of cases.

    Args:
        folder: where it may keep what it keeps.
        examples: how many cases it makes up for each call in the phases that do so.
    """
    tool = Path(sys.executable).parent / "schemathesis"
    command = [
        str(tool), "run", f"{url}/api/openapi.json",
        "--checks", "all", "--continue-on-failure", "--phases", phases, "-n", str(examples),
        "--suppress-health-check", "all", "--no-color", "--generation-database", "none",
    ]  # fmt: skip
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=seconds)
    assert ran.returncode == 0, ran.stdout[-6000:] + ran.stderr[-2000:]
    cases = re.search(r"(\d+) generated, (\d+) passed", ran.stdout)
    assert cases is not None, ran.stdout
    assert cases[1] == cases[2], ran.stdout
    return int(cases[1])

"""Which version of the program this is."""

from __future__ import annotations

import tomllib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

__all__ = ["program_version"]

_DISTRIBUTION = "minsheng-qa"


def program_version() -> str:
    """The version, as installed; from a checkout that is not installed, as its ``pyproject.toml`` says."""
    try:
        return version(_DISTRIBUTION)
    except PackageNotFoundError:
        project = Path(__file__).resolve().parent.parent / "pyproject.toml"
        return str(tomllib.loads(project.read_text(encoding="utf-8"))["project"]["version"])

"""``--data DIR``: where the judged questions and the public sets are; ``--long``: the long trials too.

The questions stay out of the product, so tests that need them are marked ``data`` and are deselected, not
skipped, until somebody says where they are. Those marked ``long`` are run by ``make soak``.
"""

from __future__ import annotations

from pathlib import Path

import pytest

__all__ = ["data", "pytest_addoption", "pytest_collection_modifyitems"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option."""
    parser.addoption(
        "--data",
        type=Path,
        metavar="DIR",
        help="the folder with questions/, judge/, sets/ and briefings/; tests marked data need it",
    )
    parser.addoption("--long", action="store_true", help="run only the trials marked long")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without ``--data``, deselect what needs it; with ``--long``, all but the long trials, else these."""
    left_out = {
        id(item) for item in items if bool(item.get_closest_marker("long")) != config.getoption("--long")
    }
    if config.getoption("--data") is None:
        left_out |= {id(item) for item in items if item.get_closest_marker("data")}
    if left_out:
        config.hook.pytest_deselected(items=[item for item in items if id(item) in left_out])
        items[:] = [item for item in items if id(item) not in left_out]


@pytest.fixture(scope="session")
def data(pytestconfig: pytest.Config) -> Path:
    """The folder given by ``--data``."""
    folder: Path | None = pytestconfig.getoption("--data")
    if folder is None:
        raise pytest.UsageError("this test needs --data DIR; mark it with @pytest.mark.data")
    if not (folder / "questions" / "dev.jsonl").is_file():
        raise pytest.UsageError(f"no questions/dev.jsonl in {folder}")
    return folder.resolve()

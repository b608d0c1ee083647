"""``--data DIR``: where the judged questions and the public sets are.

They stay out of the product, so tests that need them are marked ``data`` and are deselected, not
skipped, until somebody says where they are.
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


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without ``--data``, deselect what needs it."""
    if config.getoption("--data") is not None:
        return
    needing = [item for item in items if item.get_closest_marker("data")]
    if needing:
        config.hook.pytest_deselected(items=needing)
        items[:] = [item for item in items if item not in needing]


@pytest.fixture(scope="session")
def data(pytestconfig: pytest.Config) -> Path:
    """The folder given by ``--data``."""
    folder: Path | None = pytestconfig.getoption("--data")
    if folder is None:
        raise pytest.UsageError("this test needs --data DIR; mark it with @pytest.mark.data")
    if not (folder / "questions" / "dev.jsonl").is_file():
        raise pytest.UsageError(f"no questions/dev.jsonl in {folder}")
    return folder.resolve()

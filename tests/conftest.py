"""Fixtures several test files share: the engine of the seed corpus, and clients of the site."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from qa.engine import Engine, build_engine
from qa.settings import Settings
from tests.process import SWITCHES, served
from tests.tiny import TinyEngine
from web.app import create_app
from web.ports import FixedEngine
from web.site import Site

LONG_FILES = (
    "test_staff_browser",
    "test_workers",
    "test_live",
    "test_soak_service",
    "test_bundle",
    "test_cli_corpus",
)
"""The files whose tests take longest: begun first, so that no processor waits for the last of them."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts the files that take longest first; the order within a file stays."""
    items.sort(key=lambda item: item.path.stem not in LONG_FILES)


@pytest.fixture(scope="session", autouse=True)
def data_directory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data directory of the tests' own: what was published in the checkout has no say."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("data")
        patch.setenv("MINSHENG_DATA", str(folder))
        yield folder


@pytest.fixture(scope="session")
def engine() -> Engine:
    """The engine of the seed corpus, as it is served."""
    return build_engine(Settings())


@pytest.fixture(scope="session")
def client(engine: Engine) -> Iterator[TestClient]:
    """A client of the site that answers from the seed corpus."""
    with TestClient(create_app(FixedEngine(engine), Site())) as client:
        yield client


@pytest.fixture(scope="session")
def tiny() -> Iterator[TestClient]:
    """A client of a site with one made-up briefing, where every outcome can be had."""
    with TestClient(create_app(FixedEngine(TinyEngine()), Site()), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's Chromium."""
    return {**browser_type_launch_args, "executable_path": "/usr/bin/chromium", "args": SWITCHES}


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server of the seed corpus, with a record store of its own."""
    with served(data=str(tmp_path_factory.mktemp("var")), records_wait_ms="2000") as address:
        yield address

"""A long trial of the service, short: that a killed worker loses little is worth knowing every day."""

from __future__ import annotations

from pathlib import Path

from tests.soak.service import kill_a_worker


def test_a_worker_killed_under_load_loses_only_what_it_had_in_hand(tmp_path: Path) -> None:
    assert kill_a_worker(tmp_path, seconds=3, connections=4).statuses[200] > 0

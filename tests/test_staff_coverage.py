"""Coverage in the room: a run is started and seen through, read, compared and kept."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from qa.coverage.files import load_case_folder
from qa.coverage.run import run_cases
from qa.coverage.saved import RunStore
from qa.engine import Engine, build_engine
from qa.settings import Settings
from qa.versions.layout import DataDirectory
from tests.staff import QUESTION, begun, tiny_corpus
from tests.staff_room import LOOPBACK, Desk
from web.app import create_app
from web.ports import FixedEngine
from web.records.store import SqlRecords
from web.site import Site
from web.staff import wording
from web.staff.jobs import Job

ENDED_WITHIN = 90.0


@pytest.fixture
def hall(tmp_path: Path) -> Engine:
    """The engine of a tiny corpus with a data directory of its own."""
    corpus = tiny_corpus(tmp_path / "corpus")
    return build_engine(Settings(corpus=corpus, data=tmp_path / "data"))


@pytest.fixture
def room(hall: Engine, records: SqlRecords) -> Iterator[Desk]:
    app = create_app(FixedEngine(hall), Site(), records)
    with TestClient(app, base_url=LOOPBACK) as client:
        yield Desk(client)


def _saved(hall: Engine, name: str) -> str:
    """A run as it is saved, under an id of a test's own."""
    corpus = hall.settings.corpus
    assert corpus is not None
    run = run_cases(hall, load_case_folder(corpus / "faq").cases)
    folder = RunStore(hall.settings.data).folder / name
    folder.mkdir(parents=True)
    (folder / "run.json").write_bytes(run.to_json())
    return name


def test_a_run_is_started_goes_on_by_itself_and_is_read(
    room: Desk, hall: Engine, records: SqlRecords
) -> None:
    page = room.sign_in("editor").send("/staff/coverage")
    assert wording.RUN_UNDER_WAY in page
    deadline = time.monotonic() + ENDED_WITHIN
    while wording.RUN_UNDER_WAY in page and time.monotonic() < deadline:
        time.sleep(0.3)
        page = room.client.get("/staff/coverage").text
    assert wording.RUN_DONE.format(who="editor") in page, page
    (id,) = RunStore(hall.settings.data).ids()
    report = room.client.get(f"/staff/coverage/{id}")
    assert QUESTION in report.text
    assert "coverage.start" in {entry.action for entry in records.staff.audit.newest(5)}


def test_a_run_that_comes_to_nothing_says_why(room: Desk, hall: Engine) -> None:
    room.sign_in("editor")
    corpus = hall.settings.corpus
    assert corpus is not None
    (corpus / "lexicon" / "expectations.yaml").write_text("[", "utf-8")
    page = room.send("/staff/coverage")
    deadline = time.monotonic() + ENDED_WITHIN
    while wording.RUN_UNDER_WAY in page and time.monotonic() < deadline:
        time.sleep(0.3)
        page = room.client.get("/staff/coverage").text
    assert wording.RUN_FAILED in page
    assert "expectations.yaml" in page


def test_there_is_one_run_at_a_time(hall: Engine) -> None:
    runs = RunStore(hall.settings.data).folder
    runs.mkdir(parents=True)
    with (runs / ".room.lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert not Job(hall.settings).start("wang", robust=False)


def test_a_published_version_is_asked_as_the_one_in_force(tmp_path: Path) -> None:
    data = DataDirectory(tmp_path / "data")
    name = begun(data, tiny_corpus(tmp_path / "corpus"))
    settings = Settings(data=data.root, index=data.version(name) / "index")
    job = Job(settings)
    assert job.start("wang", robust=False)
    deadline = time.monotonic() + ENDED_WITHIN
    while (state := job.state()) and state.running and time.monotonic() < deadline:
        time.sleep(0.2)
    assert state
    assert not state.failed
    assert state.record.total == 1


def test_without_question_sets_a_run_is_refused_with_the_reason(room: Desk, hall: Engine) -> None:
    room.sign_in("editor")
    corpus = hall.settings.corpus
    assert corpus is not None
    (corpus / "faq" / "hall.yaml").unlink()
    token = room.token(room.client.get("/staff/coverage").text)
    sent = room.client.post("/staff/coverage", data={"form": token})
    assert sent.status_code == 422
    assert wording.NOT_DONE in sent.text


def test_a_report_is_a_page_that_keeps_to_the_policy(room: Desk, hall: Engine) -> None:
    id = _saved(hall, "20260101-080000-aaaaaa")
    page = room.sign_in("viewer").client.get(f"/staff/coverage/{id}").text
    assert "<style" not in page
    assert " style=" not in page
    assert wording.COVERAGE_BACK in page
    css = room.client.get("/staff/coverage/report.css")
    assert css.headers["content-type"].startswith("text/css")


def test_two_runs_are_compared_and_downloaded(room: Desk, hall: Engine) -> None:
    before, after = _saved(hall, "20260101-080000-aaaaaa"), _saved(hall, "20260102-080000-bbbbbb")
    desk = room.sign_in("viewer")
    listed = desk.client.get("/staff/coverage").text
    assert listed.index("2026-01-02 08:00") < listed.index("2026-01-01 08:00")
    assert QUESTION in desk.client.get(f"/staff/coverage/compare?before={before}&after={after}").text
    for kind in ("html", "csv", "xlsx", "json"):
        kept = desk.client.get(f"/staff/coverage/{before}/{kind}")
        assert kept.headers["content-disposition"] == f'attachment; filename="{before}.{kind}"'
    assert desk.client.get(f"/staff/coverage/{before}/exe").status_code == 404


def test_a_damaged_run_does_not_hide_the_others(room: Desk, hall: Engine) -> None:
    id = _saved(hall, "20260101-080000-aaaaaa")
    _saved(hall, "20260102-080000-bbbbbb")
    (RunStore(hall.settings.data).folder / id / "run.json").write_text("{")
    page = room.sign_in("viewer").client.get("/staff/coverage")
    assert page.status_code == 200
    assert "2026-01-02 08:00" in page.text
    assert room.client.get(f"/staff/coverage/{id}").status_code == 422


@pytest.mark.parametrize("name", ["latest", "..%2F..%2Fcorpus", "2026", "%2Fetc%2Fpasswd"])
def test_only_a_whole_id_names_a_run(room: Desk, hall: Engine, name: str) -> None:
    _saved(hall, "20260101-080000-aaaaaa")
    assert room.sign_in("viewer").client.get(f"/staff/coverage/{name}").status_code == 404

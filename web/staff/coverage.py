"""Coverage: saved runs, a new one, a run's report, and two compared."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

from fastapi import APIRouter, Form
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from qa import coverage
from qa.coverage.compare import compare
from qa.coverage.exports import report_csv, report_json, report_workbook
from qa.coverage.records import Run
from qa.coverage.report import Report
from qa.coverage.report_html import report_html
from qa.coverage.report_wording import percent
from qa.coverage.saved import RunStore
from qa.errors import FaqError
from web.staff import wording
from web.staff.access import PATH, Visitor
from web.staff.downloads import download
from web.staff.jobs import Job
from web.staff.room import GET, Guards, Room, seen

__all__ = ["add_coverage", "framed"]

_LISTED: Final = 30
_DIGEST: Final = 12
_STYLE: Final = re.compile(rb"<style>.*?</style>", re.DOTALL)
_CSS: Final = f"{PATH}/coverage/report.css"
_WRITERS: Final = {
    "html": report_html,
    "csv": report_csv,
    "xlsx": report_workbook,
    "json": report_json,
}


@dataclass(frozen=True, slots=True)
class RunRow:
    """A saved run as it is listed; ``problem`` is why it cannot be read."""

    id: str
    when: str
    share: str = ""
    total: int = 0
    corpus: str = ""
    faq: str = ""
    problem: str = ""


def framed(report: bytes) -> bytes:
    """A report as a page here: its style from a file, as the policy wants it, and the way back."""
    link = f'<link rel="stylesheet" href="{_CSS}">'.encode()
    back = f'<main><p><a href="{PATH}/coverage">{wording.COVERAGE_BACK}</a></p>'.encode()
    # A function, since what is put in is no pattern.
    return _STYLE.sub(lambda _: link, report, count=1).replace(b"<main>", back, 1)


def add_coverage(router: APIRouter, room: Room, guards: Guards) -> None:
    """The routes of the runs."""

    def store() -> RunStore:
        return RunStore(room.engine.settings.data)

    def run_of(id: str) -> Run:
        # Only ids: a store also loads what a path names.
        if id not in store().ids():
            raise HTTPException(404)
        return store().load(id)

    @router.api_route(f"{PATH}/coverage", methods=GET)
    def runs(visitor: Visitor = guards.viewer) -> Response:
        ids = store().ids()
        rows = [_row(store(), id) for id in reversed(ids[-_LISTED:])]
        job = Job(room.engine.settings).state()
        return room.page(visitor, "coverage.html", "coverage", rows=rows, job=job, more=len(ids) > _LISTED)

    @router.post(f"{PATH}/coverage")
    def start(robust: Annotated[str, Form()] = "", visitor: Visitor = guards.editor_sends) -> Response:
        if Job(room.engine.settings).start(visitor.account.name, robust=robust == "1"):
            room.audit(visitor, "coverage.start", room.engine.corpus)
        return seen("/coverage")

    @router.api_route(_CSS, methods=GET)
    def style(_: Visitor = guards.viewer) -> Response:
        css = Path(coverage.__file__).with_name("report.css").read_bytes()
        return Response(css, media_type="text/css; charset=utf-8")

    @router.api_route(f"{PATH}/coverage/compare", methods=GET)
    def compared(before: str = "", after: str = "", _: Visitor = guards.viewer) -> Response:
        later = run_of(after)
        page = framed(report_html(Report(later), compare(run_of(before), later)))
        return Response(page, media_type="text/html; charset=utf-8")

    @router.api_route(f"{PATH}/coverage/{{run}}", methods=GET)
    def report(run: str, _: Visitor = guards.viewer) -> Response:
        page = framed(report_html(Report(run_of(run))))
        return Response(page, media_type="text/html; charset=utf-8")

    @router.api_route(f"{PATH}/coverage/{{run}}/{{kind}}", methods=GET)
    def kept(run: str, kind: str, _: Visitor = guards.viewer) -> Response:
        write = _WRITERS.get(kind)
        if write is None:
            raise HTTPException(404)
        return download(write(Report(run_of(run))), f"{run}.{kind}")


def _row(store: RunStore, id: str) -> RunRow:
    when = f"{id[:4]}-{id[4:6]}-{id[6:8]} {id[9:11]}:{id[11:13]}"
    try:
        run = store.load(id)
    except FaqError as error:  # one that is damaged does not hide the others
        return RunRow(id, when, problem=error.message)
    digests = (held.removeprefix("sha256:")[:_DIGEST] for held in (run.corpus, run.faq))
    return RunRow(id, when, percent(run.share_right), len(run.asked), *digests)

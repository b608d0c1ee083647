"""``minsheng coverage``: what a set of questions gets answered, and what changed since another run."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console

from qa import cli_wording
from qa.commands import coverage_wording as wording
from qa.commands.shared import (
    FAILED,
    DataOption,
    UsageError,
    argument,
    option,
    progress_bar,
    settings_of,
)
from qa.coverage.cases import CaseSet
from qa.coverage.compare import Comparison, compare
from qa.coverage.exports import cases_csv, cases_workbook, report_csv, report_json, report_workbook
from qa.coverage.files import CaseFile, load_case_folder, read_case_files
from qa.coverage.records import Run
from qa.coverage.report import Report
from qa.coverage.report_html import report_html
from qa.coverage.report_text import comparison_text, report_text
from qa.coverage.report_wording import percent
from qa.coverage.robust import Rewording
from qa.coverage.run import Asked, run_cases, settings_of_run, wordings
from qa.coverage.saved import RUN_FILE, RunStore
from qa.engine import Engine, build_engine, faq_folder
from qa.errors import FaqError
from qa.settings import Settings
from qa.versions.layout import DataDirectory
from qa.versions.publishing import find_version
from qa.versions.serving import in_force, open_engine, open_version

__all__ = ["coverage"]

_INTERRUPTED: Final = 130
_LISTED: Final = 20
_DIGEST: Final = 12
_WIDTH: Final = 140
"""Columns where the report does not go to a terminal."""
_HTML, _XLSX, _CSV, _JSON = "report.html", "report.xlsx", "report.csv", "report.json"


@dataclass(frozen=True, slots=True)
class _Wanted:
    """The files a report is wanted as."""

    html: Path | None
    xlsx: Path | None
    csv: Path | None
    json: Path | None

    def written(self, report: Report, comparison: Comparison | None) -> Iterator[tuple[Path, bytes]]:
        if self.html is not None:
            yield self.html, report_html(report, comparison)
        if self.xlsx is not None:
            yield self.xlsx, report_workbook(report, comparison)
        if self.csv is not None:
            yield self.csv, report_csv(report)
        if self.json is not None:
            yield self.json, report_json(report, comparison)


def coverage(
    faq: Annotated[list[Path] | None, argument(wording.FILES, "问题集")] = None,
    corpus: Annotated[Path | None, option("--corpus", help=cli_wording.CORPUS, metavar="路径")] = None,
    index: Annotated[Path | None, option("--index", help=cli_wording.INDEX_FOLDER, metavar="文件夹")] = None,
    data: DataOption = None,
    out: Annotated[Path | None, option("--out", help=wording.OUT, metavar="文件夹")] = None,
    html: Annotated[Path | None, option("--html", help=wording.HTML, metavar="文件")] = None,
    xlsx: Annotated[Path | None, option("--xlsx", help=wording.XLSX, metavar="文件")] = None,
    csv: Annotated[Path | None, option("--csv", help=wording.CSV, metavar="文件")] = None,
    json: Annotated[Path | None, option("--json", help=wording.JSON, metavar="文件")] = None,
    least: Annotated[float, option("--min", help=wording.MIN, metavar="比例", min=0.0, max=1.0)] = 0.0,
    against: Annotated[str | None, option("--against", help=wording.AGAINST, metavar="哪一次")] = None,
    robust: Annotated[bool, option("--robust", help=wording.ROBUST)] = False,
    runs: Annotated[bool, option("--runs", help=wording.RUNS)] = False,
    again: Annotated[str | None, option("--again", help=wording.AGAIN, metavar="哪一次")] = None,
    table: Annotated[Path | None, option("--table", help=wording.TABLE, metavar="文件")] = None,
) -> None:
    """What a set of questions gets answered."""
    settings = settings_of(corpus, index, data)
    store = RunStore(settings.data)
    if runs:
        _list(store)
        return
    if again is not None:
        if faq or against is not None or robust:
            raise UsageError(wording.AGAIN_ALONE)
        _again(store, again, settings)
        return
    if table is not None and table.suffix.lower() not in (".csv", ".xlsx"):
        raise UsageError(wording.TABLE_ENDING)
    read = _cases(faq or [], settings)
    if table is not None:
        cases = read.cases.cases
        _write(table, cases_csv(cases) if table.suffix.lower() == ".csv" else cases_workbook(cases))
    else:
        wanted = _wanted(out, html, xlsx, csv, json)
        run = _checked(store, settings, read.cases, against, robust, wanted)
        if run.share_right < least:
            told = wording.BELOW.format(share=percent(run.share_right), least=percent(least))
            typer.echo(told, err=True)
            raise typer.Exit(FAILED)
    if read.failed:
        raise typer.Exit(FAILED)


def _wanted(
    out: Path | None, html: Path | None, xlsx: Path | None, csv: Path | None, json: Path | None
) -> _Wanted:
    if out is None:
        return _Wanted(html, xlsx, csv, json)
    return _Wanted(html or out / _HTML, xlsx or out / _XLSX, csv or out / _CSV, json or out / _JSON)


def _cases(files: Sequence[Path], settings: Settings) -> CaseFile:
    """The cases of the files named, or those of the corpus; what is wrong with them goes to the terminal."""
    folder = faq_folder(in_force(settings))
    if files:
        read = read_case_files(files)
    elif folder.is_dir():
        read = load_case_folder(folder)
    else:
        raise UsageError(wording.NO_CASES_HERE)
    for problem in read.problems:
        typer.echo(wording.NOTE.format(problem=problem) if problem.note else str(problem), err=True)
    if read.failed:
        failed = len({(p.file, p.where) for p in read.problems if not p.note})
        typer.echo(wording.PROBLEMS.format(failed=failed, used=len(read.cases.cases)), err=True)
    return read


def _checked(
    store: RunStore,
    settings: Settings,
    cases: CaseSet,
    against: str | None,
    robust: bool,
    wanted: _Wanted,
) -> Run:
    """Runs the cases, tells and keeps what came out."""
    version = None if against is None else _version(against, settings.data)
    earlier = None if against is None or version is not None else store.load(against)
    run = _run(open_engine(settings), store, cases, robust, wording.ASKING)
    if version is not None:
        engine = _engine_of(version, settings)
        earlier = _run(engine, store, cases, robust, wording.ASKING_BEFORE)
    comparison = None if earlier is None else compare(earlier, run)
    report = Report(run)
    _tell(report, comparison)
    for path, content in wanted.written(report, comparison):
        _write(path, content)
    folder = store.save(run, {_HTML: report_html(report, comparison)}, datetime.now())
    typer.echo(wording.SAVED.format(folder=folder), err=True)
    return run


def _run(engine: Engine, store: RunStore, cases: CaseSet, robust: bool, title: str) -> Run:
    made = tuple(Rewording(engine.lexicon, engine.segmenter).wordings(cases.cases)) if robust else ()
    total, at = len(tuple(wordings(cases.cases))) + len(made), 0
    with store.partial(engine.corpus, settings_of_run(engine, robust), cases) as partial:
        if partial.done:
            typer.echo(wording.RESUMED.format(count=len(partial.done)), err=True)
        try:
            with progress_bar() as progress:

                def watch(asked: Sequence[Asked]) -> Iterable[Asked]:
                    nonlocal at
                    for one in progress.track(asked, description=title):
                        at += 1
                        yield one

                return run_cases(engine, cases, watch, made, partial.done, partial.keep)
        except KeyboardInterrupt:
            typer.echo(wording.STOPPED.format(at=at, total=total), err=True)
            raise typer.Exit(_INTERRUPTED) from None


def _version(against: str, data: Path) -> Path | None:
    """The corpus or index that ``--against`` names, or None where it names a saved run.

    A version is named by a folder, a ``.jsonl``, or by the first digits of its digest.
    """
    path = Path(against)
    if path.suffix == ".jsonl" or (path.is_dir() and not (path / RUN_FILE).is_file()):
        return path
    directory, digits = DataDirectory(data), against.removeprefix("sha256:")
    if not re.fullmatch(r"[0-9a-f]{6,}", digits) or not any(directory.versions.glob(f"{digits}*")):
        return None  # ids of runs begin with digits, too
    return directory.version(find_version(directory, digits))


def _engine_of(version: Path, settings: Settings) -> Engine:
    if version.parent == DataDirectory(settings.data).versions:
        return open_version(version, settings)
    is_index = (version / "manifest.json").is_file()
    place = {"index": version, "corpus": None} if is_index else {"corpus": version, "index": None}
    return build_engine(settings.model_copy(update=place))


def _again(store: RunStore, name: str, settings: Settings) -> None:
    """Does a saved run again: the same version gives the same bytes."""
    before = store.load(name)
    kept = before.settings
    same = {"candidates": kept.candidates, "as_of": kept.as_of, "passage_chars": kept.passage_chars}
    engine = open_engine(settings.model_copy(update=same))
    run = _run(engine, store, before.case_set, kept.robust, wording.ASKING)
    if run.to_json() == before.to_json():
        typer.echo(wording.SAME_BYTES)
        return
    console = _console()
    for part in comparison_text(compare(before, run), console.width):
        console.print(part)
    if engine.corpus != before.corpus:
        typer.echo(wording.OTHER_VERSION, err=True)
    typer.echo(wording.OTHER_BYTES, err=True)
    raise typer.Exit(FAILED)


def _list(store: RunStore) -> None:
    ids = store.ids()
    if not ids:
        typer.echo(wording.NO_RUNS)
    for id in ids[-_LISTED:]:
        try:
            typer.echo(_line_of(id, store.load(id)))
        except FaqError as error:  # one that is damaged does not hide the others
            typer.echo(error.message, err=True)
    if len(ids) > _LISTED:
        typer.echo(wording.RUNS_MORE.format(count=len(ids) - _LISTED, folder=store.folder))


def _line_of(id: str, run: Run) -> str:
    return wording.RUN_LINE.format(
        id=id,
        share=percent(run.share_right),
        total=len(run.asked),
        corpus=run.corpus.removeprefix("sha256:")[:_DIGEST],
        faq=run.faq.removeprefix("sha256:")[:_DIGEST],
    )


def _tell(report: Report, comparison: Comparison | None) -> None:
    console = _console()
    for part in report_text(report, console.width):
        console.print(part)
    if comparison is not None:
        for part in comparison_text(comparison, console.width):
            console.print(part)


def _console() -> Console:
    console = Console(highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        console.width = _WIDTH
    return console


def _write(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        message = wording.UNWRITABLE.format(name=path)
        raise FaqError(message, code="report_unwritable", detail=f"{path}: {error.strerror}") from error
    typer.echo(wording.WRITTEN.format(name=path), err=True)

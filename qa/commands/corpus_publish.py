"""``minsheng corpus publish`` and ``rollback``: which version is answered from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Final

import typer

from qa.commands import corpus_wording as wording
from qa.commands.corpus_printed import change_lines, comparison_record, difference_lines, written
from qa.commands.corpus_shared import JsonOption, WhoOption, YesOption, at_work
from qa.commands.shared import FAILED, DataOption, UsageError, argument, confirmed, option, progress_bar
from qa.coverage.run import Asked
from qa.model import Transcript
from qa.settings import Settings
from qa.versions.difference import differences
from qa.versions.draft import Draft
from qa.versions.examining import Examined, Limit, cases_for, examine
from qa.versions.layout import DataDirectory, short
from qa.versions.lock import changing, user
from qa.versions.publishing import Prepared, prepare, roll_back, roll_back_to, switch
from qa.versions.serving import open_version

__all__ = ["publish", "rollback"]

_INTERRUPTED: Final = 130


def publish(
    why: Annotated[str, option("--why", help=wording.WHY, metavar="原因")] = "",
    faq: Annotated[Path | None, option("--faq", help=wording.FAQ, metavar="文件")] = None,
    max_broken: Annotated[str, option("--max-broken", help=wording.MAX_BROKEN, metavar="个数或占比")] = "0",
    force: Annotated[bool, option("--force", help=wording.FORCE)] = False,
    yes: YesOption = False,
    json: JsonOption = False,
    who: WhoOption = None,
    data: DataOption = None,
) -> None:
    """Publishes the draft, after showing what that does to the answers."""
    limit = _limit(max_broken)
    if force and not why.strip():
        raise UsageError(wording.FORCE_NEEDS_WHY)
    settings, directory = at_work(data)
    by = who or user()
    try:
        with changing(directory, by, "发布"):
            prepared = _prepared(directory, settings)
            if prepared.same:
                typer.echo(wording.NOTHING_TO_PUBLISH, err=json)
                Draft.discard(directory)
                return
            _tell_changes(directory, prepared, json)
            examined = _examined(directory, settings, prepared, faq)
            if examined is not None:
                _tell_answers(examined, json)
                if not limit.allows(examined.worse, examined.asked) and not force:
                    told = wording.too_many_broken(examined.worse, examined.asked, max_broken)
                    typer.echo(told, err=True)
                    raise typer.Exit(FAILED)
            if not confirmed(wording.PUBLISH_ASK, yes, wording.NOT_PUBLISHED):
                raise typer.Exit(FAILED)
            switch(directory, prepared.name, by, why)
            Draft.discard(directory)
    except KeyboardInterrupt:
        typer.echo(wording.INTERRUPTED, err=True)
        raise typer.Exit(_INTERRUPTED) from None
    told = wording.PUBLISHED.format(after=short(prepared.name), before=short(prepared.before))
    typer.echo(told, err=json)


def _limit(written: str) -> Limit:
    found = re.fullmatch(r"\s*(\d{1,9})\s*|\s*(\d{1,3}(?:\.\d{1,3})?)\s*[%％]\s*", written)
    if found is None:
        raise UsageError(wording.MAX_BROKEN_BAD)
    return Limit(int(found[1])) if found[1] is not None else Limit(share=min(1.0, float(found[2]) / 100))


def _prepared(directory: DataDirectory, settings: Settings) -> Prepared:
    with progress_bar() as progress:

        def watch(transcripts: Sequence[Transcript]) -> Iterable[Transcript]:
            return progress.track(transcripts, description=wording.INDEXING)

        return prepare(directory, settings, watch)


def _tell_changes(directory: DataDirectory, prepared: Prepared, json: bool) -> None:
    draft = Draft.opened(directory)
    if draft.record.base != prepared.before:
        told = wording.DRAFT_BEHIND.format(base=short(draft.record.base), current=short(prepared.before))
        typer.echo(told, err=True)
    found = differences(directory.version(prepared.before), directory.version(prepared.name))
    typer.echo("\n".join((f"{wording.CHANGES}：", *difference_lines(found))), err=json)


def _examined(
    directory: DataDirectory, settings: Settings, prepared: Prepared, faq: Path | None
) -> Examined | None:
    """What becomes of the answers; that the new version can be opened at all is shown by it, too."""
    before, after = directory.version(prepared.before), directory.version(prepared.name)
    cases = cases_for(after, faq)
    if cases is None:
        open_version(after, settings)
        typer.echo(wording.NO_CASES, err=True)
        return None
    with progress_bar() as progress:

        def watch(asked: Sequence[Asked]) -> Iterable[Asked]:
            return progress.track(asked, description=wording.ASKING)

        return examine(
            lambda: open_version(before, settings), lambda: open_version(after, settings), cases, watch
        )


def _tell_answers(examined: Examined, json: bool) -> None:
    if json:
        written(comparison_record(examined.comparison))
        return
    counts = {str(change): count for change, count in examined.comparison.counts.items()}
    typer.echo(f"{wording.ANSWERS}：{wording.compared(counts)}")
    for line in change_lines(examined.comparison):
        typer.echo(line)


def rollback(
    version: Annotated[str | None, argument(wording.VERSION_ARGUMENT, "版本")] = None,
    why: Annotated[str, option("--why", help=wording.ROLLBACK_WHY, metavar="原因")] = "",
    yes: YesOption = False,
    who: WhoOption = None,
    data: DataOption = None,
) -> None:
    """Goes back to a version that was published before."""
    _, directory = at_work(data)
    by = who or user()
    before, after = roll_back_to(directory, version)
    shown = "？" if before is None else short(before)
    if not confirmed(wording.ROLLBACK_ASK.format(before=shown, after=short(after)), yes):
        raise typer.Exit(FAILED)
    with changing(directory, by, "退回版本"):
        roll_back(directory, after, by, why)
    typer.echo(wording.ROLLED_BACK.format(before=shown, after=short(after)))

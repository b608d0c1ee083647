"""``minsheng corpus add`` and ``remove``: what a draft holds."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from qa.commands import corpus_wording as wording
from qa.commands.corpus_printed import proposal_record, proposal_table, show, written
from qa.commands.corpus_shared import (
    JsonOption,
    TurnsOption,
    WhoOption,
    YesOption,
    at_work,
    chosen,
    held,
    known,
)
from qa.commands.corpus_turns import FIRST_TURNS
from qa.commands.shared import (
    FAILED,
    DataOption,
    UsageError,
    argument,
    confirmed,
    option,
    progress_bar,
)
from qa.model import Transcript
from qa.versions.doubts import DoubtKind
from qa.versions.draft import Draft
from qa.versions.intake import Given, Proposal, proposal
from qa.versions.lock import changing, user

__all__ = ["add", "remove"]


def add(
    files: Annotated[list[Path] | None, argument(wording.FILES, "文件…")] = None,
    id: Annotated[str | None, option("--id", help=wording.ID, metavar="编号")] = None,
    title: Annotated[str | None, option("--title", help=wording.TITLE, metavar="标题")] = None,
    date: Annotated[str | None, option("--date", help=wording.DATE, metavar="日期")] = None,
    url: Annotated[str | None, option("--url", help=wording.URL, metavar="网址")] = None,
    publisher: Annotated[str | None, option("--publisher", help=wording.PUBLISHER, metavar="单位")] = None,
    replace: Annotated[bool, option("--replace", help=wording.REPLACE)] = False,
    turns: TurnsOption = False,
    yes: YesOption = False,
    json: JsonOption = False,
    who: WhoOption = None,
    data: DataOption = None,
) -> None:
    """Adds files to the draft, after showing what was understood of them."""
    if not files:
        raise UsageError(wording.NO_FILES)
    given = Given(id, title, date, url, publisher)
    if len(files) > 1 and any((id, title, date, url)):
        raise UsageError(wording.ONE_FILE_ONLY)
    if replace and id is None:
        raise UsageError(wording.REPLACE_NEEDS_ID)
    settings, directory = at_work(data)
    there = held(chosen(directory, None)[0])
    if id is not None and id in there and not replace:
        raise UsageError(wording.ID_TAKEN.format(id=id))
    understood = _new(_proposals(files, given, there), replace)
    for found in understood:
        if json:
            written(proposal_record(found))
        else:
            show(proposal_table(found, None if turns else FIRST_TURNS))
    if not understood:
        return
    if not confirmed(wording.SAVE_ASK, yes, wording.NOT_SAVED):
        raise typer.Exit(FAILED)
    by = who or user()
    with changing(directory, by, "添加实录"):
        draft = Draft.begun(directory, settings, by)
        # Somebody may have added one of that name while this was looked at.
        taken = [found.id for found in understood if found.id in draft.ids() and not replace]
        if taken:
            raise UsageError(wording.ID_TAKEN.format(id=taken[0]))
        for found in understood:
            draft.add(found.id, found.metadata, found.data)
    typer.echo(wording.SAVED.format(ids="、".join(found.id for found in understood)), err=json)


def _proposals(files: Sequence[Path], given: Given, there: dict[str, Transcript]) -> list[Proposal]:
    """What would be added. All files are read before anything is asked: one that is bad stops all."""
    others, found = dict(there), []
    with progress_bar() as progress:
        for path in progress.track(files, description=wording.READING_FILES):
            one = proposal(path, given, others, others.keys())
            others[one.id] = one.transcript
            found.append(one)
    return found


def _new(found: Sequence[Proposal], replace: bool) -> list[Proposal]:
    """Those that are not there already, byte for byte."""
    new = []
    for one in found:
        same = [doubt.about for doubt in one.doubts if doubt.kind is DoubtKind.SAME_FILE]
        if same and not replace:
            typer.echo(wording.SAME_ALREADY.format(name=one.path.name, id=same[0]), err=True)
        else:
            new.append(one)
    return new


def remove(
    ids: Annotated[list[str] | None, argument(wording.IDS, "编号…")] = None,
    yes: YesOption = False,
    who: WhoOption = None,
    data: DataOption = None,
) -> None:
    """Takes transcripts out of the draft."""
    if not ids:
        raise UsageError(wording.NO_ID)
    settings, directory = at_work(data)
    there = held(chosen(directory, None)[0])
    wanted = list(dict.fromkeys(ids))
    for id in wanted:
        typer.echo(f"{id}《{known(there, id).title}》")
    if not confirmed(wording.REMOVE_ASK.format(count=len(wanted)), yes):
        raise typer.Exit(FAILED)
    by = who or user()
    with changing(directory, by, "去掉实录"):
        draft = Draft.begun(directory, settings, by)
        for id in wanted:
            draft.remove(id)
    typer.echo(wording.REMOVED.format(ids="、".join(wanted)))

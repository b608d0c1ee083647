"""``minsheng corpus list``, ``show``, ``check``, ``diff``, ``draft`` and ``versions``: what is there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from qa.commands import corpus_wording as wording
from qa.commands.corpus_printed import (
    checked_record,
    difference_lines,
    difference_record,
    expired_lines,
    listing,
    local_time,
    show,
    transcript_record,
    transcript_table,
    version_table,
    written,
)
from qa.commands.corpus_shared import (
    JsonOption,
    TurnsOption,
    VersionOption,
    WhoOption,
    YesOption,
    at_work,
    chosen,
    held,
    known,
)
from qa.commands.corpus_turns import FIRST_TURNS, turn_records, turn_table
from qa.commands.shared import FAILED, DataOption, UsageError, argument, confirmed, option, progress_bar
from qa.errors import VersionError
from qa.versions.checking import Checked, check_corpus
from qa.versions.difference import differences
from qa.versions.draft import Draft
from qa.versions.inventory import read_manifest
from qa.versions.layout import read_state, short
from qa.versions.lock import changing, user
from qa.versions.storing import current_folder

__all__ = ["check", "diff", "draft", "listed", "show_one", "versions"]


def listed(version: VersionOption = None, json: JsonOption = False, data: DataOption = None) -> None:
    """The transcripts of the draft, or of a version."""
    folder, heading = chosen(at_work(data)[1], version)
    transcripts = held(folder).values()
    if json:
        for transcript in transcripts:
            written(transcript_record(transcript))
        return
    show(listing(heading, transcripts))


def show_one(
    id: Annotated[str | None, argument(wording.ONE_ID, "编号")] = None,
    text: Annotated[bool, option("--text", help=wording.TEXT)] = False,
    turns: TurnsOption = False,
    version: VersionOption = None,
    json: JsonOption = False,
    data: DataOption = None,
) -> None:
    """One transcript."""
    if id is None:
        raise UsageError(wording.NO_ID)
    there = held(chosen(at_work(data)[1], version)[0])
    transcript = known(there, id)
    if json:
        more = {"text": transcript.text} if text else {}
        said = {"said": turn_records(transcript)} if turns else {}
        written({**transcript_record(transcript), **more, **said})
        return
    if text:
        typer.echo(transcript.text)
        return
    show(transcript_table(transcript))
    listed = turn_table(transcript, None if turns else FIRST_TURNS)
    if listed is not None:
        typer.echo()
        show(listed)
    lines = expired_lines(transcript, there)
    if lines:
        typer.echo(f"{wording.EXPIRED_TITLE}：")
        show(Text("\n".join(f"  {line}" for line in lines)))


def check(
    version: VersionOption = None,
    strict: Annotated[bool, option("--strict", help=wording.STRICT)] = False,
    json: JsonOption = False,
    data: DataOption = None,
) -> None:
    """What is damaged, and what is doubtful."""
    folder, heading = chosen(at_work(data)[1], version)
    with progress_bar() as progress:

        def watch(folders: Sequence[Path]) -> Iterable[Path]:
            return progress.track(folders, description=wording.CHECKING)

        found = check_corpus(folder, watch)
    if json:
        written(checked_record(found))
    else:
        _tell(found, heading)
    if found.damage or (strict and found.noted):
        raise typer.Exit(FAILED)


def _tell(found: Checked, heading: str) -> None:
    typer.echo(heading)
    for damaged in found.damage:
        told = wording.SPAN_PROBLEM.get(damaged.what, damaged.what)
        what = f"。{told}" if told else ""
        kind = wording.DAMAGE[damaged.kind]
        typer.echo(wording.DAMAGE_LINE.format(where=damaged.where, kind=kind, what=what))
    for noted in found.noted:
        typer.echo(wording.NOTE_LINE.format(id=noted.transcript, doubt=wording.doubt(noted.doubt)))
    typer.echo(wording.checked(found.transcripts, len(found.damage), len(found.noted)))


def diff(
    versions: Annotated[list[str] | None, argument(wording.VERSION_ARGUMENT, "版本 版本")] = None,
    json: JsonOption = False,
    data: DataOption = None,
) -> None:
    """What differs between two states of the corpus."""
    directory = at_work(data)[1]
    if versions and len(versions) != 2:
        raise UsageError(wording.DIFF_ONE)
    if versions:
        before, after = (chosen(directory, version)[0] for version in versions)
    else:
        before, after = current_folder(directory), Draft.opened(directory).folder
    found = differences(before, after)
    if json:
        written(difference_record(found))
    else:
        typer.echo("\n".join(difference_lines(found)) or wording.NO_DIFFERENCE)
    if found:
        raise typer.Exit(FAILED)


def draft(
    begin: Annotated[bool, option("--begin", help=wording.BEGIN)] = False,
    discard: Annotated[bool, option("--discard", help=wording.DISCARD)] = False,
    yes: YesOption = False,
    who: WhoOption = None,
    data: DataOption = None,
) -> None:
    """Where the draft is and what changed in it; or does away with it."""
    settings, directory = at_work(data)
    by = who or user()
    if begin:
        with changing(directory, by, "建立草稿"):
            Draft.begun(directory, settings, by)
    if not Draft.exists(directory):
        typer.echo(wording.NO_DRAFT)
        return
    if discard:
        if not confirmed(wording.DISCARD_ASK, yes):
            raise typer.Exit(FAILED)
        with changing(directory, by, "丢弃草稿"):
            Draft.discard(directory)
        typer.echo(wording.DISCARDED)
        return
    held_now = Draft.opened(directory)
    record = held_now.record
    typer.echo(
        wording.DRAFT_AT.format(
            folder=held_now.folder, who=record.who, when=local_time(record.when), base=short(record.base)
        )
    )
    state = read_state(directory)
    if state is not None and state.current != record.base:
        typer.echo(wording.DRAFT_BEHIND.format(base=short(record.base), current=short(state.current)))
    found = differences(current_folder(directory), held_now.folder)
    typer.echo("\n".join(difference_lines(found)) or wording.NO_DIFFERENCE)


def versions(json: JsonOption = False, data: DataOption = None) -> None:
    """Every switch from a version to another, newest first."""
    directory = at_work(data)[1]
    state = read_state(directory)
    if json:
        written({"current": None, "history": []} if state is None else state.model_dump(mode="json"))
        return
    if state is None:
        typer.echo(wording.NO_VERSIONS)
        return
    counts = {}
    for name in state.published():
        try:
            counts[name] = read_manifest(directory.version(name)).transcripts
        except VersionError:
            continue  # its line is shown all the same, without a number
    show(version_table(state, counts, directory.names()))

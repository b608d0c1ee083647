"""``minsheng lexicon``: what a lexicon says that cannot hold, and what of it is used."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from qa import cli_wording as wording
from qa.commands.shared import (
    FAILED,
    DataOption,
    UsageError,
    argument,
    command,
    group,
    lines_of,
    opened,
    option,
    progress_bar,
    settings_of,
    size_of,
)
from qa.lexicon_report import FiredCount, check_lexicon, checked_lines, fired_lines
from qa.versions.serving import in_force, open_engine

__all__ = ["lexicon"]

lexicon = group(wording.LEXICON)


@command(lexicon, wording.LEXICON_CHECK)
def check(
    corpus: Annotated[Path | None, option("--corpus", help=wording.LEXICON_CORPUS, metavar="路径")] = None,
    data: DataOption = None,
    notes: Annotated[bool, option("--notes", help=wording.NOTES)] = False,
) -> None:
    """What a lexicon says that cannot hold."""
    checked = check_lexicon(in_force(settings_of(corpus, None, data)))
    for line in checked_lines(checked, notes):
        typer.echo(line)
    if checked.failed:
        raise typer.Exit(FAILED)


@command(lexicon, wording.LEXICON_FIRED)
def fired(
    questions: Annotated[Path | None, argument(wording.FIRED_QUESTIONS, "文件")] = None,
    corpus: Annotated[Path | None, option("--corpus", help=wording.CORPUS, metavar="路径")] = None,
    data: DataOption = None,
) -> None:
    """Which entries of the lexicon a file of questions sets to work."""
    if questions is None:
        raise UsageError(wording.LEXICON_INCOMPLETE)
    settings = settings_of(corpus, None, data)
    with opened(questions) as file, progress_bar() as progress:
        counted = FiredCount(open_engine(settings))
        task = progress.add_task(wording.READING, total=size_of(questions))
        for number, line in enumerate(lines_of(file), 1):
            if line.strip():
                counted.add(line, number)
            progress.advance(task, len(line))
    for told in fired_lines(counted):
        typer.echo(told)

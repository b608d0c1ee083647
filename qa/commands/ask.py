"""``minsheng ask``: one question, or a batch of them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, BinaryIO

import typer
from rich.console import Console

from qa import cli_wording as wording
from qa.answering.fitted import load_fitted
from qa.batch import answer_line
from qa.commands.shared import (
    FAILED,
    DataOption,
    UsageError,
    argument,
    lines_of,
    opened,
    option,
    progress_bar,
    settings_of,
    size_of,
    write_line,
)
from qa.engine import Engine
from qa.errors import CorpusError, QuestionError
from qa.explained import explanation_tree
from qa.printed import answer_text
from qa.receipt import receipt_of
from qa.settings import Settings
from qa.versions.serving import open_engine
from qa.wire import MAX_HISTORY, MAX_HITS, answer_out, check_question

__all__ = ["ask"]


def ask(
    question: Annotated[str | None, argument(wording.QUESTION, "问题")] = None,
    batch: Annotated[Path | None, option("--batch", help=wording.BATCH, metavar="文件")] = None,
    json: Annotated[bool, option("--json", help=wording.JSON)] = False,
    hits: Annotated[int, option("--hits", help=wording.HITS, metavar="K", min=0, max=MAX_HITS)] = 0,
    explain: Annotated[bool, option("--explain", help=wording.EXPLAIN)] = False,
    no_repair: Annotated[bool, option("--no-repair", help=wording.NO_REPAIR)] = False,
    history: Annotated[list[str] | None, option("--history", help=wording.HISTORY, metavar="问题")] = None,
    receipt: Annotated[Path | None, option("--receipt", help=wording.RECEIPT, metavar="文件")] = None,
    corpus: Annotated[Path | None, option("--corpus", help=wording.CORPUS, metavar="路径")] = None,
    index: Annotated[Path | None, option("--index", help=wording.INDEX_FOLDER, metavar="文件夹")] = None,
    data: DataOption = None,
) -> None:
    """One question, or a batch of them."""
    earlier = tuple(history or ())
    settings = settings_of(corpus, index, data)
    if batch is not None:
        alone = {
            "--explain": explain,
            "--history": bool(earlier),
            "--no-repair": no_repair,
            "--receipt": receipt is not None,
        }
        _check_batch(question, [option for option, given in alone.items() if given])
        _ask_batch(batch, settings, hits)
        return
    if question is None or not question.strip():
        raise UsageError(wording.NO_QUESTION)
    if json and explain:
        raise UsageError(wording.JSON_AND_EXPLAIN)
    asked = check_question(question)
    _ask_one(asked, _checked_history(earlier), settings, not no_repair, hits, json, explain, receipt)


def _check_batch(question: str | None, options: Sequence[str]) -> None:
    if question is not None:
        raise UsageError(wording.QUESTION_AND_BATCH)
    if options:
        raise UsageError(wording.BATCH_WITH.format(options="、".join(options)))


def _checked_history(earlier: tuple[str, ...]) -> tuple[str, ...]:
    if len(earlier) > MAX_HISTORY:
        raise UsageError(wording.TOO_MANY_EARLIER.format(most=MAX_HISTORY))
    try:
        return tuple(check_question(question) for question in earlier)
    except QuestionError as error:
        raise UsageError(wording.HISTORY_OPTION_INVALID, detail=error.code) from error


def _ask_one(
    question: str,
    history: tuple[str, ...],
    settings: Settings,
    repair: bool,
    hits: int,
    json: bool,
    explain: bool,
    receipt: Path | None,
) -> None:
    fitted = load_fitted()
    engine = open_engine(settings, fitted)
    explanation = engine.explain(question, history=history, repair=repair, hits=hits)
    if receipt is not None:
        made = receipt_of(engine, explanation.answer, question, history=history, repair=repair, hits=hits)
        _written(receipt, made.to_json() + "\n")
    if json:
        write_line(answer_out(explanation.answer).to_json())
        return
    console = Console(highlight=False, markup=False, emoji=False)
    if explain:
        console.print(explanation_tree(explanation, fitted, engine.scores(explanation)))
        console.print()
    console.print(answer_text(explanation.answer), soft_wrap=True)


def _written(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        message = wording.FILE_UNWRITABLE.format(name=path)
        raise CorpusError(message, code="file_unwritable", detail=f"{path}: {error.strerror}") from error


def _ask_batch(batch: Path, settings: Settings, hits: int) -> None:
    with opened(batch) as file:
        engine = open_engine(settings)
        failed = _answer_all(engine, file, hits, size_of(batch))
    if failed:
        raise typer.Exit(FAILED)


def _answer_all(engine: Engine, file: BinaryIO, hits: int, size: int | None) -> bool:
    """Answers every line that is not blank; whether any could not be asked."""
    failed = False
    # Where the answers go to the terminal themselves, they show how far it is.
    with progress_bar(hidden=sys.stdout.isatty()) as progress:
        task = progress.add_task(wording.ASKING, total=size)
        for line in lines_of(file):
            if line.strip():
                outcome = answer_line(engine, line, hits)
                failed = failed or outcome.failed
                write_line(outcome.json)
            progress.advance(task, len(line))
    return failed

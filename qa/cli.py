"""``minsheng``: the command line.

Exit status: 0 when all went well; 1 when something failed, or a line of a batch could not be asked;
2 when the command was written wrongly. What went wrong is one line on standard error.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, Any, BinaryIO, Final

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.progress import Progress
from typer.core import TyperCommand, TyperGroup

from qa import cli_wording as wording
from qa.about import program_version
from qa.answering.fitted import load_fitted
from qa.batch import answer_line
from qa.engine import Engine, build_engine
from qa.errors import CorpusError, MinshengError, QuestionError, SettingsError
from qa.explained import explanation_tree
from qa.indexing import index_corpus
from qa.lexicon_report import FiredCount, check_lexicon, checked_lines, fired_lines
from qa.model import Transcript
from qa.printed import answer_text
from qa.settings import Settings
from qa.wire import MAX_HISTORY, MAX_HITS, answer_out, check_question

__all__ = ["main", "run"]

_FAILED: Final = 1
_BAD_USAGE: Final = 2
_PROGRAM: Final = "minsheng"
_STDIN: Final = Path("-")


class UsageError(MinshengError):
    """The command was written wrongly."""

    default_code = "usage_invalid"


def main() -> None:
    """The console command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal may lack a character: show the rest
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Runs one command and returns the exit status; what it says goes to the standard streams."""
    try:
        status = app(list(arguments), prog_name=_PROGRAM, standalone_mode=False)
    except typer.TyperException as error:
        typer.echo(_usage(error), err=True)
        return _BAD_USAGE
    except (UsageError, QuestionError) as error:
        typer.echo(error.message, err=True)
        return _BAD_USAGE
    except MinshengError as error:
        typer.echo(error.message, err=True)
        return _FAILED
    return status if isinstance(status, int) else 0


# -- help in Chinese ------------------------------------------------------------------------------------


class _ChineseHelp:
    """What typer says in English in every help page."""

    def get_usage(self, ctx: Any) -> str:
        usage: str = super().get_usage(ctx)  # type: ignore[misc]
        return usage.replace("Usage:", wording.USAGE_TITLE, 1)

    def get_help_option(self, ctx: Any) -> Any:
        option = super().get_help_option(ctx)  # type: ignore[misc]
        option.help = wording.HELP
        option.metavar = ""
        option.rich_help_panel = wording.OPTIONS_TITLE
        return option


class _Command(_ChineseHelp, TyperCommand):
    pass


class _Group(_ChineseHelp, TyperGroup):
    pass


def _argument(help: str, metavar: str) -> Any:
    return typer.Argument(
        help=help, metavar=metavar, show_default=False, rich_help_panel=wording.ARGUMENTS_TITLE
    )


def _option(*names: str, help: str, metavar: str = "", **more: Any) -> Any:
    return typer.Option(
        *names,
        help=help,
        metavar=metavar,
        show_default=False,
        rich_help_panel=wording.OPTIONS_TITLE,
        **more,
    )


app = typer.Typer(
    cls=_Group, add_completion=False, rich_markup_mode="rich", subcommand_metavar=wording.COMMAND_METAVAR
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"{_PROGRAM} {program_version()}")
        raise typer.Exit


@app.callback(invoke_without_command=True, help=wording.PROGRAM, options_metavar=wording.OPTIONS_METAVAR)
def _program(
    context: typer.Context,
    version: Annotated[
        bool, _option("--version", help=wording.VERSION, callback=_version, is_eager=True)
    ] = False,
) -> None:
    del version  # told by its callback
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit(_BAD_USAGE)


# -- ask ------------------------------------------------------------------------------------------------


@app.command(
    cls=_Command,
    help=wording.ASK,
    options_metavar=wording.OPTIONS_METAVAR,
    rich_help_panel=wording.COMMANDS_TITLE,
)
def ask(
    question: Annotated[str | None, _argument(wording.QUESTION, "问题")] = None,
    batch: Annotated[Path | None, _option("--batch", help=wording.BATCH, metavar="文件")] = None,
    json: Annotated[bool, _option("--json", help=wording.JSON)] = False,
    hits: Annotated[int, _option("--hits", help=wording.HITS, metavar="K", min=0, max=MAX_HITS)] = 0,
    explain: Annotated[bool, _option("--explain", help=wording.EXPLAIN)] = False,
    no_repair: Annotated[bool, _option("--no-repair", help=wording.NO_REPAIR)] = False,
    history: Annotated[list[str] | None, _option("--history", help=wording.HISTORY, metavar="问题")] = None,
    corpus: Annotated[Path | None, _option("--corpus", help=wording.CORPUS, metavar="路径")] = None,
    index: Annotated[Path | None, _option("--index", help=wording.INDEX_FOLDER, metavar="文件夹")] = None,
) -> None:
    """One question, or a batch of them."""
    earlier = tuple(history or ())
    settings = _settings(corpus, index)
    if batch is not None:
        alone = {"--explain": explain, "--history": bool(earlier), "--no-repair": no_repair}
        _check_batch(question, [option for option, given in alone.items() if given])
        _ask_batch(batch, settings, hits)
        return
    if question is None or not question.strip():
        raise UsageError(wording.NO_QUESTION)
    if json and explain:
        raise UsageError(wording.JSON_AND_EXPLAIN)
    asked = check_question(question)
    _ask_one(asked, _checked_history(earlier), settings, not no_repair, hits, json, explain)


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
) -> None:
    fitted = load_fitted()
    engine = build_engine(settings, fitted)
    explanation = engine.explain(question, history=history, repair=repair, hits=hits)
    if json:
        _write_line(answer_out(explanation.answer).to_json())
        return
    console = Console(highlight=False, markup=False, emoji=False)
    if explain:
        console.print(explanation_tree(explanation, fitted))
        console.print()
    console.print(answer_text(explanation.answer), soft_wrap=True)


def _ask_batch(batch: Path, settings: Settings, hits: int) -> None:
    with _opened(batch) as file:
        engine = build_engine(settings)
        failed = _answer_all(engine, file, hits, _size(batch))
    if failed:
        raise typer.Exit(_FAILED)


def _answer_all(engine: Engine, file: BinaryIO, hits: int, size: int | None) -> bool:
    """Answers every line that is not blank; whether any could not be asked."""
    failed = False
    # Where the answers go to the terminal themselves, they show how far it is.
    with _progress(hidden=sys.stdout.isatty()) as progress:
        task = progress.add_task(wording.ASKING, total=size)
        for line in _lines(file):
            if line.strip():
                outcome = answer_line(engine, line, hits)
                failed = failed or outcome.failed
                _write_line(outcome.json)
            progress.advance(task, len(line))
    return failed


def _lines(file: BinaryIO) -> Iterator[bytes]:
    for number, line in enumerate(file):
        yield line.removeprefix(b"\xef\xbb\xbf") if number == 0 else line


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    if path == _STDIN:
        yield sys.stdin.buffer
        return
    try:
        file = path.open("rb")
    except OSError as error:
        message = wording.FILE_UNREADABLE.format(name=path)
        raise CorpusError(message, code="file_unreadable", detail=f"{path}: {error.strerror}") from error
    with file:
        yield file


def _size(path: Path) -> int | None:
    """How long a file is, where that can be known beforehand."""
    return None if path == _STDIN else path.stat().st_size or None


def _write_line(line: str) -> None:
    """A line in UTF-8 whatever the terminal's encoding: the same answer, the same bytes."""
    sys.stdout.buffer.write(line.encode() + b"\n")
    sys.stdout.buffer.flush()


# -- index ----------------------------------------------------------------------------------------------


@app.command(
    cls=_Command,
    help=wording.INDEX,
    options_metavar=wording.OPTIONS_METAVAR,
    rich_help_panel=wording.COMMANDS_TITLE,
)
def index(
    # Both are needed; that they are missing is said below, in Chinese.
    corpus: Annotated[Path | None, _argument(wording.INDEX_CORPUS, "实录")] = None,
    out: Annotated[Path | None, _option("--out", help=wording.INDEX_OUT, metavar="文件夹")] = None,
) -> None:
    """An index of a corpus."""
    if corpus is None or out is None:
        raise UsageError(wording.INDEX_INCOMPLETE)
    settings = _settings(corpus, None)
    started = time.monotonic()
    with _progress() as progress:

        def watch(transcripts: Sequence[Transcript]) -> Iterable[Transcript]:
            return progress.track(transcripts, description=wording.INDEXING)

        made = index_corpus(corpus, out, settings.passage_chars, watch)
    seconds = time.monotonic() - started
    typer.echo(wording.indexed(made.transcripts, made.passages, seconds, str(out)))


# -- lexicon --------------------------------------------------------------------------------------------

lexicon = typer.Typer(cls=_Group, rich_markup_mode="rich", subcommand_metavar=wording.COMMAND_METAVAR)
app.add_typer(lexicon, name="lexicon", rich_help_panel=wording.COMMANDS_TITLE)


@lexicon.callback(invoke_without_command=True, help=wording.LEXICON, options_metavar=wording.OPTIONS_METAVAR)
def _lexicon(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit(_BAD_USAGE)


@lexicon.command(
    cls=_Command,
    help=wording.LEXICON_CHECK,
    options_metavar=wording.OPTIONS_METAVAR,
    rich_help_panel=wording.COMMANDS_TITLE,
)
def check(
    corpus: Annotated[Path | None, _option("--corpus", help=wording.LEXICON_CORPUS, metavar="路径")] = None,
    notes: Annotated[bool, _option("--notes", help=wording.NOTES)] = False,
) -> None:
    """What a lexicon says that cannot hold."""
    checked = check_lexicon(_settings(corpus, None))
    for line in checked_lines(checked, notes):
        typer.echo(line)
    if checked.failed:
        raise typer.Exit(_FAILED)


@lexicon.command(
    cls=_Command,
    help=wording.LEXICON_FIRED,
    options_metavar=wording.OPTIONS_METAVAR,
    rich_help_panel=wording.COMMANDS_TITLE,
)
def fired(
    questions: Annotated[Path | None, _argument(wording.FIRED_QUESTIONS, "文件")] = None,
    corpus: Annotated[Path | None, _option("--corpus", help=wording.CORPUS, metavar="路径")] = None,
) -> None:
    """Which entries of the lexicon a file of questions sets to work."""
    if questions is None:
        raise UsageError(wording.LEXICON_INCOMPLETE)
    settings = _settings(corpus, None)
    with _opened(questions) as file, _progress() as progress:
        counted = FiredCount(build_engine(settings))
        task = progress.add_task(wording.READING, total=_size(questions))
        for number, line in enumerate(_lines(file), 1):
            if line.strip():
                counted.add(line, number)
            progress.advance(task, len(line))
    for told in fired_lines(counted):
        typer.echo(told)


# -- what commands share --------------------------------------------------------------------------------


def _settings(corpus: Path | None, index: Path | None) -> Settings:
    """The settings of the environment, the options given put before them."""
    if corpus is not None and index is not None:
        raise UsageError(wording.CORPUS_AND_INDEX)
    given: dict[str, Any] = {"index": index} if index is not None else {}
    if corpus is not None:
        given = {"corpus": corpus, "index": None}
    try:
        return Settings(**given)
    except ValidationError as error:
        fields = "、".join(str(part) for problem in error.errors() for part in problem["loc"])
        raise SettingsError(wording.SETTINGS_BAD.format(fields=fields)) from error


def _progress(hidden: bool = False) -> Progress:
    console = Console(stderr=True)
    return Progress(console=console, transient=True, disable=hidden or not console.is_terminal)


def _usage(error: typer.TyperException) -> str:
    """What typer found wrong, in one Chinese line."""
    context = getattr(error, "ctx", None)
    command = _PROGRAM if context is None else context.command_path
    option = getattr(error, "option_name", None)
    parameter = getattr(error, "param", None)
    if option is not None:
        missing = "requires an argument" in error.message
        told = wording.OPTION_WITHOUT_VALUE if missing else wording.NO_SUCH_OPTION
        return told.format(option=option, command=command)
    if parameter is not None:
        name = parameter.metavar if parameter.param_type_name == "argument" else parameter.opts[-1]
        told = wording.MISSING if type(error) is not typer.BadParameter else wording.BAD_VALUE
        return told.format(name=name, command=command)
    return wording.BAD_USAGE.format(command=command)

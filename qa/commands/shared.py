"""What the commands share: help in Chinese, options, settings, files, progress."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, BinaryIO, Final, ParamSpec, TypeVar

import typer
from pydantic import ValidationError
from pydantic_settings import BaseSettings
from rich.console import Console
from rich.progress import Progress
from typer.core import TyperCommand, TyperGroup

from qa import cli_wording as wording
from qa.errors import CorpusError, MinshengError, SettingsError
from qa.settings import Settings

__all__ = [
    "BAD_USAGE",
    "FAILED",
    "Command",
    "DataOption",
    "Group",
    "UsageError",
    "argument",
    "command",
    "confirmed",
    "group",
    "lines_of",
    "opened",
    "option",
    "progress_bar",
    "read_settings",
    "settings_of",
    "size_of",
    "write_line",
]

FAILED: Final = 1
BAD_USAGE: Final = 2
_STDIN: Final = Path("-")
DataOption = Annotated[
    Path | None,
    typer.Option(
        "--data",
        help=wording.DATA,
        metavar="文件夹",
        show_default=False,
        rich_help_panel=wording.OPTIONS_TITLE,
    ),
]
"""Where the versions are; every command that reads or changes them has it."""
_P = ParamSpec("_P")
_R = TypeVar("_R")
_S = TypeVar("_S", bound=BaseSettings)


class UsageError(MinshengError):
    """The command was written wrongly."""

    default_code = "usage_invalid"


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


class Command(_ChineseHelp, TyperCommand):
    pass


class Group(_ChineseHelp, TyperGroup):
    pass


def argument(help: str, metavar: str) -> Any:
    """An argument of a command."""
    return typer.Argument(
        help=help, metavar=metavar, show_default=False, rich_help_panel=wording.ARGUMENTS_TITLE
    )


def option(*names: str, help: str, metavar: str = "", **more: Any) -> Any:
    return typer.Option(
        *names,
        help=help,
        metavar=metavar,
        show_default=False,
        rich_help_panel=wording.OPTIONS_TITLE,
        **more,
    )


def command(
    app: typer.Typer, help: str, name: str | None = None
) -> Callable[[Callable[_P, _R]], Callable[_P, _R]]:
    """Registers the function below it as a command of ``app``, its help in Chinese."""
    return app.command(
        name,
        cls=Command,
        help=help,
        options_metavar=wording.OPTIONS_METAVAR,
        rich_help_panel=wording.COMMANDS_TITLE,
    )


def group(help: str) -> typer.Typer:
    """A group of commands; called alone it prints its help."""
    made = typer.Typer(cls=Group, rich_markup_mode="rich", subcommand_metavar=wording.COMMAND_METAVAR)

    @made.callback(invoke_without_command=True, help=help, options_metavar=wording.OPTIONS_METAVAR)
    def _help(context: typer.Context) -> None:
        if context.invoked_subcommand is None:
            typer.echo(context.get_help())
            raise typer.Exit(BAD_USAGE)

    return made


def lines_of(file: BinaryIO) -> Iterator[bytes]:
    """The lines of a file, without a byte order mark."""
    for number, line in enumerate(file):
        yield line.removeprefix(b"\xef\xbb\xbf") if number == 0 else line


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """A file to read, or standard input for ``-``; CorpusError where it cannot be opened."""
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


def size_of(path: Path) -> int | None:
    """How long a file is, where that can be known beforehand."""
    return None if path == _STDIN else path.stat().st_size or None


def confirmed(question: str, yes: bool, otherwise: str = wording.UNCHANGED) -> bool:
    """Whether a person says yes: beforehand with ``--yes``, or now. Where nobody can be asked, no.

    ``otherwise`` is told when it is no.
    """
    if yes:
        return True
    if not sys.stdin.isatty():
        typer.echo(f"{otherwise}{wording.CONFIRM_WITH_YES}", err=True)
        return False
    typer.echo(f"{question} [y/N] ", nl=False)
    said = sys.stdin.readline().strip().lower()
    if said not in wording.SAID_YES:
        typer.echo(otherwise, err=True)
    return said in wording.SAID_YES


def write_line(line: str) -> None:
    """A line in UTF-8 whatever the terminal's encoding: the same answer, the same bytes."""
    sys.stdout.buffer.write(line.encode() + b"\n")
    sys.stdout.buffer.flush()


def settings_of(corpus: Path | None, index: Path | None, data: Path | None = None) -> Settings:
    """The settings of the environment, the options given put before them."""
    if corpus is not None and index is not None:
        raise UsageError(wording.CORPUS_AND_INDEX)
    given: dict[str, Any] = {"index": index} if index is not None else {}
    if corpus is not None:
        given = {"corpus": corpus, "index": None}
    if data is not None:
        given["data"] = data
    return read_settings(Settings, **given)


def read_settings(kind: type[_S], **given: Any) -> _S:
    """Settings of a ``kind`` from the environment, what is ``given`` put before it.

    Raises:
        SettingsError: if a value is outside its range; the message names the settings.
    """
    try:
        return kind(**given)
    except ValidationError as error:
        fields = "、".join(str(part) for problem in error.errors() for part in problem["loc"])
        raise SettingsError(wording.SETTINGS_BAD.format(fields=fields)) from error


def progress_bar(hidden: bool = False) -> Progress:
    """A progress bar on standard error, where that is a terminal."""
    console = Console(stderr=True)
    return Progress(console=console, transient=True, disable=hidden or not console.is_terminal)

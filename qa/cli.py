"""``minsheng``: the command line.

Exit status: 0 when all went well; 1 when something failed, or a line of a batch could not be asked;
2 when the command was written wrongly. What went wrong is one line on standard error.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from io import TextIOWrapper
from typing import Annotated, Final

import typer

from qa import cli_wording as wording
from qa.about import program_version
from qa.commands.ask import ask
from qa.commands.index import index
from qa.commands.lexicon import lexicon
from qa.commands.shared import BAD_USAGE, FAILED, Group, UsageError, command, option
from qa.errors import MinshengError, QuestionError

__all__ = ["main", "run"]

_PROGRAM: Final = "minsheng"


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
        return BAD_USAGE
    except (UsageError, QuestionError) as error:
        typer.echo(error.message, err=True)
        return BAD_USAGE
    except MinshengError as error:
        typer.echo(error.message, err=True)
        return FAILED
    return status if isinstance(status, int) else 0


app = typer.Typer(
    cls=Group, add_completion=False, rich_markup_mode="rich", subcommand_metavar=wording.COMMAND_METAVAR
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"{_PROGRAM} {program_version()}")
        raise typer.Exit


@app.callback(invoke_without_command=True, help=wording.PROGRAM, options_metavar=wording.OPTIONS_METAVAR)
def _program(
    context: typer.Context,
    version: Annotated[
        bool, option("--version", help=wording.VERSION, callback=_version, is_eager=True)
    ] = False,
) -> None:
    del version  # told by its callback
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit(BAD_USAGE)


command(app, wording.ASK)(ask)
command(app, wording.INDEX)(index)
app.add_typer(lexicon, name="lexicon", rich_help_panel=wording.COMMANDS_TITLE)


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

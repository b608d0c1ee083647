"""``minsheng``: the command line.

Exit status: 0 when all went well; 1 when something failed, or a line of a batch could not be asked;
2 when the command was written wrongly. What went wrong is one line on standard error.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Annotated, Final

import typer

from qa import cli_wording as wording
from qa.about import program_version
from qa.commands import coverage_wording
from qa.commands.ask import ask
from qa.commands.bundle import bundle
from qa.commands.corpus import corpus
from qa.commands.coverage import coverage
from qa.commands.index import index
from qa.commands.lexicon import lexicon
from qa.commands.running import run_command, tolerant_streams
from qa.commands.shared import BAD_USAGE, Group, command, option
from qa.commands.verify import verify

__all__ = ["main", "run"]

_PROGRAM: Final = "minsheng"


def main() -> None:
    """The console command."""
    tolerant_streams()
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Runs one command and returns the exit status; what it says goes to the standard streams."""
    return run_command(app, _PROGRAM, arguments, wording.BAD_USAGE)


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
command(app, wording.VERIFY)(verify)
command(app, wording.BUNDLE)(bundle)
command(app, wording.INDEX)(index)
command(app, coverage_wording.HELP)(coverage)
app.add_typer(corpus, name="corpus", rich_help_panel=wording.COMMANDS_TITLE)
app.add_typer(lexicon, name="lexicon", rich_help_panel=wording.COMMANDS_TITLE)

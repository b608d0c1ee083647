"""Running a program of several commands: what it ends with, and what it says of what was written wrongly."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from io import TextIOWrapper

import typer

from qa import cli_wording as wording
from qa.commands.shared import BAD_USAGE, FAILED, UsageError
from qa.errors import MinshengError, QuestionError

__all__ = ["run_command", "tolerant_streams"]


def tolerant_streams() -> None:
    """A terminal may lack a character: show the rest."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")


def run_command(app: typer.Typer, program: str, arguments: Sequence[str], bad_usage: str) -> int:
    """Runs one command of ``app`` and returns the exit status; what it says goes to the standard streams.

    ``bad_usage`` is said where nothing better is known of what was written wrongly; it may name the
    ``{command}``.
    """
    try:
        status = app(list(arguments), prog_name=program, standalone_mode=False)
    except typer.TyperException as error:
        typer.echo(_usage(error, program, bad_usage), err=True)
        return BAD_USAGE
    except (UsageError, QuestionError) as error:
        typer.echo(error.message, err=True)
        return BAD_USAGE
    except MinshengError as error:
        typer.echo(error.message, err=True)
        return FAILED
    return status if isinstance(status, int) else 0


def _usage(error: typer.TyperException, program: str, bad_usage: str) -> str:
    """What typer found wrong, in one Chinese line."""
    context = getattr(error, "ctx", None)
    command = program if context is None else context.command_path
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
    return bad_usage.format(command=command)

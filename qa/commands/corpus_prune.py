"""``minsheng corpus prune``: old versions are done away with."""

from __future__ import annotations

from typing import Annotated

import typer

from qa.commands import corpus_wording as wording
from qa.commands.corpus_printed import in_bytes, local_time
from qa.commands.corpus_shared import WhoOption, YesOption, at_work
from qa.commands.shared import FAILED, DataOption, confirmed, option
from qa.versions.layout import DataDirectory, read_state, short
from qa.versions.lock import changing, user
from qa.versions.pruning import prune, pruning

__all__ = ["prune_old"]


def prune_old(
    keep: Annotated[int, option("--keep", help=wording.KEEP, metavar="N")] = 5,
    yes: YesOption = False,
    who: WhoOption = None,
    data: DataOption = None,
) -> None:
    """Does away with old versions, after showing which and how much is freed."""
    _, directory = at_work(data)
    found = pruning(directory, keep)
    if not found.gone:
        typer.echo(wording.NOTHING_TO_PRUNE.format(count=len(found.kept)))
        return
    last = _last_in_force(directory)
    for name in found.gone:
        typer.echo(wording.PRUNE_LINE.format(name=short(name), when=local_time(last[name])))
    size, kept = in_bytes(found.freed), len(found.kept)
    if not confirmed(wording.PRUNE_ASK.format(count=len(found.gone), kept=kept, size=size), yes):
        raise typer.Exit(FAILED)
    with changing(directory, who or user(), "清理旧版本"):
        done = prune(directory, keep)
    typer.echo(wording.PRUNED.format(count=len(done.gone), size=in_bytes(done.freed), kept=len(done.kept)))


def _last_in_force(directory: DataDirectory) -> dict[str, str]:
    """When each version was last switched to."""
    state = read_state(directory)
    return {} if state is None else {switch.after: switch.when for switch in state.history}

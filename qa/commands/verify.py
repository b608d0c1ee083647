"""``minsheng verify``: asks again what a receipt says was asked, and compares."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from qa import cli_wording as wording
from qa.commands.shared import FAILED, DataOption, UsageError, argument, opened, option, settings_of
from qa.receipt import read_receipt, replay
from qa.versions.serving import open_engine

__all__ = ["verify"]


def verify(
    receipt: Annotated[Path | None, argument(wording.VERIFY_RECEIPT, "回执")] = None,
    corpus: Annotated[Path | None, option("--corpus", help=wording.CORPUS, metavar="路径")] = None,
    index: Annotated[Path | None, option("--index", help=wording.INDEX_FOLDER, metavar="文件夹")] = None,
    data: DataOption = None,
) -> None:
    """Replays a receipt."""
    if receipt is None:
        raise UsageError(wording.VERIFY_INCOMPLETE)
    with opened(receipt) as file:
        read = read_receipt(file.read())
    replayed = replay(read, open_engine(settings_of(corpus, index, data)))
    for line in wording.verified(replayed.same, read.model_dump(), replayed.found.model_dump()):
        typer.echo(line)
    if not replayed.same:
        raise typer.Exit(FAILED)

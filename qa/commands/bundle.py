"""``minsheng bundle``: one signed file for kiosks without a network."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from qa import cli_wording as wording
from qa.bundle import new_key, read_private_key, write_bundle
from qa.commands.shared import DataOption, UsageError, option, settings_of
from qa.versions.serving import in_force

__all__ = ["bundle"]


def bundle(
    out: Annotated[Path | None, option("--out", help=wording.BUNDLE_OUT, metavar="文件")] = None,
    key: Annotated[Path | None, option("--key", help=wording.BUNDLE_KEY, metavar="文件")] = None,
    make_key: Annotated[Path | None, option("--new-key", help=wording.BUNDLE_NEW_KEY, metavar="文件")] = None,
    corpus: Annotated[Path | None, option("--corpus", help=wording.CORPUS, metavar="路径")] = None,
    index: Annotated[Path | None, option("--index", help=wording.INDEX_FOLDER, metavar="文件夹")] = None,
    data: DataOption = None,
) -> None:
    """Writes a bundle, or makes the keys for one."""
    if make_key is not None and out is None:
        typer.echo(wording.BUNDLE_KEYS_MADE.format(private=make_key, public=new_key(make_key)))
        return
    if out is None or key is None or make_key is not None:
        raise UsageError(wording.BUNDLE_INCOMPLETE)
    signing = read_private_key(key)
    header = write_bundle(in_force(settings_of(corpus, index, data)), signing, out)
    typer.echo(wording.BUNDLED.format(file=out, corpus=header.corpus, mib=out.stat().st_size / 2**20))

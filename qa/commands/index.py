"""``minsheng index``: an index of a corpus."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import typer

from qa import cli_wording as wording
from qa.commands.shared import DataOption, UsageError, argument, option, progress_bar, settings_of
from qa.indexing import index_corpus
from qa.model import Transcript

__all__ = ["index"]


def index(
    # Both are needed; that they are missing is said below, in Chinese.
    corpus: Annotated[Path | None, argument(wording.INDEX_CORPUS, "实录")] = None,
    out: Annotated[Path | None, option("--out", help=wording.INDEX_OUT, metavar="文件夹")] = None,
    data: DataOption = None,
) -> None:
    """An index of a corpus."""
    if corpus is None or out is None:
        raise UsageError(wording.INDEX_INCOMPLETE)
    settings = settings_of(corpus, None, data)
    started = time.monotonic()
    with progress_bar() as progress:

        def watch(transcripts: Sequence[Transcript]) -> Iterable[Transcript]:
            return progress.track(transcripts, description=wording.INDEXING)

        made = index_corpus(corpus, out, settings.passage_chars, settings.token_cache, watch)
    seconds = time.monotonic() - started
    typer.echo(wording.indexed(made.transcripts, made.passages, seconds, str(out)))

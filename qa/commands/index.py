"""``minsheng index``: an index of a corpus; a large one can be added to, merged and checked."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import Progress as Bar
from rich.progress import TaskID

from qa import cli_wording as wording
from qa.commands.shared import DataOption, UsageError, argument, option, progress_bar, settings_of
from qa.indexing import Engines, Size, add_to_index, index_corpus, merge_index
from qa.model import Transcript
from qa.retrieval.opening import check_index
from qa.settings import Settings

__all__ = ["index"]


def index(
    # What is missing is said below, in Chinese.
    corpus: Annotated[Path | None, argument(wording.INDEX_CORPUS, "实录")] = None,
    out: Annotated[Path | None, option("--out", help=wording.INDEX_OUT, metavar="文件夹")] = None,
    add: Annotated[bool, option("--add", help=wording.INDEX_ADD)] = False,
    merge: Annotated[bool, option("--merge", help=wording.INDEX_MERGE)] = False,
    check: Annotated[bool, option("--check", help=wording.INDEX_CHECK)] = False,
    engine: Annotated[Engines | None, option("--engine", help=wording.INDEX_ENGINE, metavar="引擎")] = None,
    memory: Annotated[
        int | None, option("--memory", help=wording.INDEX_MEMORY, metavar="MB", min=256)
    ] = None,
    data: DataOption = None,
) -> None:
    """An index of a corpus."""
    if sum((add, merge, check)) > 1:
        raise UsageError(wording.INDEX_ONE_THING)
    if out is None or (corpus is None) == (not (merge or check)):
        raise UsageError(wording.INDEX_INCOMPLETE)
    settings = settings_of(corpus, None, data)
    size = _size(settings, engine, memory)
    started = time.monotonic()
    with progress_bar() as progress:
        told = _done(corpus, out, settings, size, (add, merge, check), progress)
    typer.echo(told(time.monotonic() - started))


def _done(
    corpus: Path | None,
    out: Path,
    settings: Settings,
    size: Size,
    wanted: tuple[bool, bool, bool],
    progress: Bar,
) -> Any:
    """Does what is wanted, and gives what there is to say of it by the seconds it took."""
    add, merge, check = wanted
    shown = _Shown(progress)
    if check:
        progress.add_task(wording.INDEX_CHECKING, total=None)
        check_index(out)
        return lambda seconds: wording.index_checked(seconds, out.name)
    if merge:
        made, anew = merge_index(out, size, shown)
        return lambda seconds: wording.index_merged(made.transcripts, made.passages, anew, seconds)
    assert corpus is not None
    if add:
        made, added = add_to_index(corpus, out, size, shown)
        return lambda seconds: wording.index_added(added, made.transcripts, made.passages, seconds)

    def watch(transcripts: Sequence[Transcript]) -> Iterable[Transcript]:
        return progress.track(transcripts, description=wording.INDEXING)

    made = index_corpus(corpus, out, settings.passage_chars, settings.token_cache, watch, size, shown)
    return lambda seconds: wording.indexed(made.transcripts, made.passages, seconds, str(out))


def _size(settings: Settings, engine: Engines | None, memory: int | None) -> Size:
    size = Size.of(settings)
    if engine is not None:
        size = replace(size, engine=engine)
    return size if memory is None else replace(size, memory_mib=memory)


class _Shown:
    """Shows how far making a large index is, and how long it will yet take."""

    def __init__(self, bar: Bar) -> None:
        self._bar = bar
        self._task: TaskID | None = None

    def begin(self, step: str, total: float) -> None:
        """A step begins."""
        if self._task is not None:
            self._bar.update(self._task, visible=False)
        self._task = self._bar.add_task(wording.INDEX_STEPS[step], total=total)

    def advance(self, done: float) -> None:
        """So much more of it is done."""
        if self._task is not None:
            self._bar.advance(self._task, done)

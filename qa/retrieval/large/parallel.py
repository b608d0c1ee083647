"""Work shared out to several processes."""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from typing import Any, Final

from qa.errors import IndexFormatError

__all__ = ["each"]

_LOOK_SECONDS: Final = 0.5


def each(
    work: Callable[..., Any], tasks: Sequence[tuple[Any, ...]], processes: int, done: Callable[[Any], None]
) -> list[Any]:
    """What ``work`` gives for every task, in order; ``done`` is told of each as it ends.

    A single task, or a single process, is this process's own.

    Raises:
        IndexFormatError: if a process was ended from outside.
    """
    if len(tasks) < 2 or processes < 2:
        made = []
        for task in tasks:
            made.append(work(*task))
            done(made[-1])
        return made
    pool = ProcessPoolExecutor(
        min(processes, len(tasks)), multiprocessing.get_context("spawn"), _end_with, (os.getpid(),)
    )
    try:
        waiting: list[Future[Any]] = [pool.submit(work, *task) for task in tasks]
        for future in as_completed(waiting):
            done(future.result())
        return [future.result() for future in waiting]
    except BrokenProcessPool as error:
        raise IndexFormatError(
            "建索引的一个进程被系统结束了，多半是内存不够。请用 --memory 减小内存用量，再运行一次。",
            code="index_process_ended",
            detail=f"{type(error).__name__}: {error}",
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)


def _end_with(parent: int) -> None:
    """Ends this process when its parent is gone: one that was killed does not say so, and gives no work."""

    def look() -> None:
        while os.getppid() == parent:
            time.sleep(_LOOK_SECONDS)
        os._exit(1)

    threading.Thread(target=look, daemon=True).start()

"""Writing so that a power cut or ``kill -9`` leaves the old or the new, and a full disk loses nothing."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from qa.errors import VersionError

__all__ = ["copy_file", "place", "remove_folder", "replace_file", "storing", "sync_folder", "write_file"]

_FULL: Final = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@contextmanager
def storing(root: Path) -> Iterator[None]:
    """Turns what the file system refuses below ``root`` into one clear VersionError."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            message = f"磁盘满了，“{root.name}”里写不下。原来的版本没有变。请清理磁盘后再试一次。"
            raise VersionError(message, code="disk_full", detail=f"{root}: {error}") from error
        message = f"“{root.name}”写不进去。原来的版本没有变。请检查文件夹的写入权限和磁盘后再试一次。"
        raise VersionError(message, code="data_unwritable", detail=f"{root}: {error}") from error


def sync_folder(folder: Path) -> None:
    """Makes the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_file(path: Path, data: bytes) -> None:
    """A new file, its bytes durable; its name becomes so with its folder's."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def replace_file(path: Path, data: bytes) -> None:
    """Replaces a file at once: whoever opens it finds all of the old bytes or all of the new.

    What a replacement that was killed left is removed; to be called while the directory is held.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    stage = f".{path.name}-"
    for left in path.parent.glob(f"{stage}*"):
        left.unlink(missing_ok=True)
    handle, name = tempfile.mkstemp(prefix=stage, dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def copy_file(source: Path, target: Path) -> None:
    """A copy whose bytes are durable."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with source.open("rb") as read, target.open("xb") as written:
        shutil.copyfileobj(read, written)
        written.flush()
        os.fsync(written.fileno())


def place(stage: Path, target: Path) -> None:
    """Gives a finished folder its name, durably; ``target`` must not be there."""
    for folder, _, _ in os.walk(stage):
        sync_folder(Path(folder))
    stage.rename(target)
    sync_folder(target.parent)


def remove_folder(folder: Path) -> None:
    """Removes a folder that nobody reads; what is not there is no problem."""
    if folder.exists():
        shutil.rmtree(folder)

"""One member of staff at a time: whoever comes second is told who is at work, and since when."""

from __future__ import annotations

import getpass
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from filelock import FileLock, Timeout

from qa.errors import VersionError
from qa.versions.files import storing
from qa.versions.layout import DataDirectory, now

__all__ = ["changing", "user"]


def user() -> str:
    """The name the machine knows whoever is at work by."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())


@contextmanager
def changing(data: DataDirectory, who: str, what: str) -> Iterator[None]:
    """Holds the data directory for one change; the operating system lets go of it if the process dies.

    Args:
        who: the member of staff.
        what: what is done, as others are told: 发布.

    Raises:
        VersionError: at once, if somebody else holds it.
    """
    with storing(data.root):
        data.root.mkdir(parents=True, exist_ok=True)
        lock = FileLock(data.root / "lock")
        try:
            lock.acquire(blocking=False)
        except Timeout as error:
            raise _busy(data) from error
    holder = data.root / "lock.json"
    try:
        told = json.dumps({"who": who, "what": what, "when": now(), "pid": os.getpid()}, ensure_ascii=False)
        with storing(data.root):
            holder.write_text(told, encoding="utf-8")
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def _busy(data: DataDirectory) -> VersionError:
    try:
        told = json.loads((data.root / "lock.json").read_text(encoding="utf-8"))
        since = datetime.fromisoformat(told["when"]).astimezone().strftime("%Y-%m-%d %H:%M")
        holder = f"{told['who']} 从 {since} 起正在{told['what']}"
    except (OSError, ValueError, LookupError, TypeError):
        holder = "另一位工作人员正在改实录"
    return VersionError(
        f"{holder}，同一时间只能一个人改。请等做完了再试。",
        code="version_busy",
        detail=f"{data.root}: locked: {holder}",
    )

"""Old versions are done away with: never the current one, nor those that can be gone back to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from qa.errors import VersionError
from qa.versions.files import remove_folder, storing, sync_folder
from qa.versions.layout import DataDirectory, read_state

__all__ = ["LEAST_KEPT", "Pruning", "prune", "pruning"]

LEAST_KEPT: Final = 1
"""So many versions beside the current one stay at least: what a rollback goes back to."""
_GONE: Final = ".old-"


@dataclass(frozen=True, slots=True)
class Pruning:
    """Which versions would go and which stay, the latest in force first; ``freed`` is in bytes.

    Versions share files, so that less is freed than they hold.
    """

    gone: tuple[str, ...]
    kept: tuple[str, ...]
    freed: int


def pruning(data: DataDirectory, keep: int) -> Pruning:
    """What pruning would do away with.

    Args:
        keep: how many versions stay beside the current one, those that were in force last.

    Raises:
        VersionError: if ``keep`` is below ``LEAST_KEPT``, nothing was ever published, or it cannot be told
            what is current.
    """
    if keep < LEAST_KEPT:
        raise VersionError(
            f"至少要留 {LEAST_KEPT} 个以前的版本，不然就退不回去了。例如：minsheng corpus prune --keep 5",
            code="prune_too_few",
            detail=f"keep {keep}",
        )
    state = read_state(data)
    if state is None:
        raise VersionError(
            "还没有发布过版本，没有什么可清理的。", code="version_missing", detail=f"{data.root}: no versions"
        )
    there = frozenset(data.names())
    latest = dict.fromkeys(switch.after for switch in reversed(state.history))
    ordered = [name for name in latest if name in there and name != state.current]
    gone = tuple(ordered[keep:])
    return Pruning(gone, (state.current, *ordered[:keep]), _freed(data.version(name) for name in gone))


def prune(data: DataDirectory, keep: int) -> Pruning:
    """Does away with old versions; gives what it did. To be called while the directory is held.

    Each loses its name first, at once, so that a version is whole or not there. What an interrupted prune
    left is removed by the next one, and by the next publication.

    Raises:
        VersionError: as :func:`pruning`, and if a folder cannot be removed.
    """
    found = pruning(data, keep)
    with storing(data.root):
        for left in sorted(data.versions.glob(f"{_GONE}*")):
            remove_folder(left)
        for name in found.gone:
            hidden = data.versions / f"{_GONE}{name}"
            data.version(name).rename(hidden)
            sync_folder(data.versions)
            remove_folder(hidden)
    return found


def _freed(folders: Iterable[Path]) -> int:
    """The bytes that nobody else has a link to."""
    links: Counter[tuple[int, int]] = Counter()
    sizes: dict[tuple[int, int], tuple[int, int]] = {}
    for path in _files(folders):
        known = path.stat()
        file = known.st_dev, known.st_ino
        links[file] += 1
        sizes[file] = known.st_size, known.st_nlink
    return sum(size for file, (size, held) in sizes.items() if links[file] == held)


def _files(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        yield from (path for path in folder.rglob("*") if path.is_file())

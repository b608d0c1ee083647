"""Sections: files of an index that are opened by memory map and checked block by block.

A section is a file of bytes and, beside it, the sha256 of each of its blocks; the manifest holds the sha256
of those and the section's length. Opening checks the length and the list of digests. A block is checked
when something in it is first needed, once a process, so that opening takes the same time however large
the index is and no changed byte is ever used.
"""

from __future__ import annotations

import hashlib
import mmap
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import numpy as np
from numpy.typing import DTypeLike, NDArray
from pydantic import BaseModel, ConfigDict

from qa.errors import IndexFormatError

__all__ = ["BLOCK", "Section", "SectionFile", "SectionWriter", "held_section", "open_section"]

BLOCK: Final = 1 << 16
"""Bytes that are checked together."""
_DIGEST: Final = 32
_SUMS: Final = ".sums"


class SectionFile(BaseModel):
    """What the manifest says of a section: its length in bytes, the sha256 of its blocks' digests."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    bytes: int
    sha256: str


class Section:
    """An array, of a file or held in memory. ``check`` must be called before items are used."""

    def __init__(
        self,
        array: NDArray[Any],
        data: memoryview | None = None,
        sums: bytes = b"",
        damaged: Callable[[str], IndexFormatError] | None = None,
    ) -> None:
        self.array = array
        self._data = data
        self._sums = sums
        self._damaged = damaged
        self._checked = np.zeros(0 if data is None else -(-len(data) // BLOCK), dtype=np.bool_)
        self._left = len(self._checked)

    def __len__(self) -> int:
        return len(self.array)

    def check(self, start: int, end: int) -> None:
        """Passes if the items ``[start, end)`` are as they were written.

        Raises:
            IndexFormatError: if they are not.
        """
        if not self._left or start >= end:
            return
        width = self.array.itemsize
        first, last = start * width // BLOCK, (end * width - 1) // BLOCK + 1
        if self._checked[first:last].all():
            return
        for block in range(first, last):
            if not self._checked[block]:
                self._check_block(block)

    @property
    def checked(self) -> NDArray[np.bool_] | None:
        """Which blocks were checked; None where nothing is left to check."""
        return self._checked if self._left else None

    def check_block(self, block: int) -> None:
        """As :meth:`check`, of a block of :data:`BLOCK` bytes by its number."""
        if not self._checked[block]:
            self._check_block(block)

    def whole(self) -> NDArray[Any]:
        """The array, all of it checked."""
        self.check(0, len(self.array))
        return self.array

    def _check_block(self, block: int) -> None:
        assert self._data is not None
        assert self._damaged is not None
        found = hashlib.sha256(self._data[block * BLOCK : (block + 1) * BLOCK]).digest()
        if found != self._sums[block * _DIGEST : (block + 1) * _DIGEST]:
            raise self._damaged(f"block {block} differs")
        self._checked[block] = True
        self._left = int(np.count_nonzero(~self._checked))


def held_section(array: NDArray[Any]) -> Section:
    """A section that is in memory only."""
    return Section(array)


class SectionWriter:
    """Writes a section; its digests are made as it grows."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._file = path.open("wb")
        self._sums: list[bytes] = []
        self._block = bytearray()
        self.bytes = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def write(self, data: bytes | memoryview | NDArray[Any]) -> None:
        """Adds bytes, or the items of an array."""
        held = (
            np.ascontiguousarray(data).reshape(-1).view(np.uint8).data
            if isinstance(data, np.ndarray)
            else data
        )
        if not len(held):
            return
        self._file.write(held)
        self.bytes += len(held)
        at = 0
        while at < len(held):
            taken = held[at : at + BLOCK - len(self._block)]
            at += len(taken)
            self._block += taken
            if len(self._block) == BLOCK:
                self._close_block()

    def write_all(self, parts: Iterable[bytes | NDArray[Any]]) -> Self:
        for part in parts:
            self.write(part)
        return self

    def finish(self) -> SectionFile:
        """Closes the file, everything on the disk, and says what the manifest is to say."""
        if self._block:
            self._close_block()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        sums = b"".join(self._sums)
        self._path.with_name(self._path.name + _SUMS).write_bytes(sums)
        return SectionFile(bytes=self.bytes, sha256=hashlib.sha256(sums).hexdigest())

    def _close_block(self) -> None:
        self._sums.append(hashlib.sha256(self._block).digest())
        self._block.clear()


def _bytes_of(array: NDArray[Any]) -> memoryview:
    return np.ascontiguousarray(array).reshape(-1).view(np.uint8).data


def open_section(
    path: Path, told: SectionFile, kind: DTypeLike, damaged: Callable[[str], IndexFormatError]
) -> Section:
    """The section ``path`` as an array of ``kind``, by memory map and read-only.

    Raises:
        IndexFormatError: made by ``damaged``, if a file is missing, of another length, or its list of
            digests was changed.
    """
    name = path.name
    try:
        sums = path.with_name(name + _SUMS).read_bytes()
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if size else b""
    except OSError as error:
        raise damaged(f"{name}: {error.strerror}") from error
    if size != told.bytes:
        raise damaged(f"{name}: {size} bytes, not {told.bytes}")
    if hashlib.sha256(sums).hexdigest() != told.sha256:
        raise damaged(f"{name}{_SUMS}: differs")
    array = np.frombuffer(data, dtype=kind)
    array.flags.writeable = False
    return Section(array, memoryview(data), sums, lambda detail: damaged(f"{name}: {detail}"))

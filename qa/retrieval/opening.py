"""Opening an index, whichever engine it is for: its manifest says."""

from __future__ import annotations

from pathlib import Path

from qa.retrieval.large.manifest import is_large, read_manifest
from qa.retrieval.protocol import PassageIndex
from qa.retrieval.store import Stored, index_faq, load_index

__all__ = ["check_index", "faq_of", "is_large", "open_index"]


def open_index(folder: Path) -> Stored[PassageIndex]:
    """The index kept in ``folder``.

    Raises:
        IndexFormatError: if there is none, it is of another format or was made by other programs, or a file
            is missing, cut short or changed. Of a large index, what is read later is checked then.
        LexiconError: if the lexicon kept with it cannot be read.
    """
    if not is_large(folder):
        return load_index(folder)
    from qa.retrieval.large.index import load_large  # numba takes its time: only who needs it waits

    return load_large(folder)


def check_index(folder: Path) -> None:
    """Passes if every byte of the index is as it was written.

    Raises:
        IndexFormatError, LexiconError: as :func:`open_index`.
    """
    open_index(folder)
    if is_large(folder):
        from qa.retrieval.large.index import check_large

        check_large(folder)


def faq_of(folder: Path) -> Path:
    """Where the index kept in ``folder`` has its copy of the question sets.

    Raises:
        IndexFormatError: if there is no index, or of another format.
    """
    return folder / read_manifest(folder).part / "faq" if is_large(folder) else index_faq(folder)

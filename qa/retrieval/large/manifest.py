"""The manifest of a large index, and what is refused before anything of it is used.

::

    DIR/manifest.json             what made it, from what, its segments, and the digest of every section below
    DIR/<part>/segment-<n>/       a segment: passages, documents and terms that were indexed together
    DIR/<part>/segment-<n>/*.sums the sha256 of each block of the section beside it
    DIR/<part>/lexicon/, faq/     copies: the folder is enough by itself

The manifest is written last and switched with one rename. Adding writes a segment and then a manifest that
names it; merging writes a part and then a manifest that names that part.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from qa.about import program_version
from qa.errors import IndexFormatError
from qa.retrieval.index import DOCUMENT_SHARE
from qa.retrieval.large.sections import SectionFile
from qa.retrieval.store import programs, ranking_told, refused

__all__ = [
    "FORMAT",
    "KIND",
    "CopiedFile",
    "Manifest",
    "SegmentFiles",
    "check_copies",
    "copied_files",
    "damaged",
    "is_large",
    "made_by",
    "read_manifest",
    "write_manifest",
]

KIND: Final = "minsheng-index-large"
FORMAT: Final = 1
"""Goes up whenever older files no longer mean the same: their layout, the terms of a text."""
_NAME: Final = "manifest.json"
COPIES: Final = ("lexicon", "faq")


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CopiedFile(_Record):
    """A file of the lexicon or of the question sets."""

    sha256: str
    bytes: int


class SegmentFiles(_Record):
    """A segment: its folder's name, what is in it, its sections by name.

    ``names`` is the digest of the people's names its texts were segmented with.
    """

    name: str
    transcripts: int
    passages: int
    newest_year: int | None
    names: str
    sections: dict[str, SectionFile]


class Manifest(_Record):
    """What is known of an index before any section is opened."""

    kind: Literal["minsheng-index-large"]
    format: int
    made_by: str
    segmented_with: dict[str, str]
    ranking: dict[str, float]
    corpus: str
    lexicon: str
    passage_chars: int
    transcripts: int
    passages: int
    part: str
    copies: dict[str, CopiedFile]
    segments: tuple[SegmentFiles, ...]

    def rendered(self) -> bytes:
        """The file's bytes: readable, the same for the same index, and holding their own digest."""
        body = self.model_dump()
        return _json({**body, "sha256": hashlib.sha256(_json(body)).hexdigest()})


def made_by() -> dict[str, object]:
    """The fields that say what program makes an index."""
    return {
        "kind": KIND,
        "format": FORMAT,
        "made_by": f"minsheng-qa {program_version()}",
        "segmented_with": programs(),
        "ranking": ranking_told(DOCUMENT_SHARE),
    }


def is_large(folder: Path) -> bool:
    """Whether the index in ``folder`` says of itself that it is a large one. Nothing else is looked at."""
    try:
        with (folder / _NAME).open("rb") as file:
            head = file.read(200)
    except OSError:
        return False
    return f'"{KIND}"'.encode() in head


def read_manifest(folder: Path) -> Manifest:
    """The manifest of the index in ``folder``.

    Raises:
        IndexFormatError: if there is none, it was changed, is of another format, or was made with other
            programs or parameters than would be used now.
    """
    path = folder / _NAME
    if not path.is_file():
        raise refused(folder, "不存在，或不是索引", "index_missing", f"no {_NAME}")
    try:
        raw = path.read_bytes()
        loaded = json.loads(raw)
    except (OSError, ValueError) as error:
        raise refused(folder, "已损坏", "index_damaged", f"{_NAME}: {type(error).__name__}") from error
    found = loaded.get("format") if isinstance(loaded, dict) else None
    if isinstance(found, int) and found != FORMAT:
        age = "旧" if found < FORMAT else "新"
        raise refused(folder, f"是{age}版程序建的", "index_format", f"format {found}, not {FORMAT}")
    try:
        manifest = Manifest.model_validate({key: held for key, held in loaded.items() if key != "sha256"})
    except (AttributeError, ValidationError) as error:
        raise refused(folder, "已损坏", "index_damaged", f"{_NAME}: {type(error).__name__}") from error
    if manifest.rendered() != raw:
        raise refused(folder, "已损坏", "index_damaged", f"{_NAME}: changed")
    _check_program(folder, manifest)
    return manifest


def _check_program(folder: Path, manifest: Manifest) -> None:
    here = made_by()
    if manifest.segmented_with != here["segmented_with"]:
        raise refused(
            folder,
            "是用别的版本的分词程序建的",
            "index_format",
            f"{manifest.segmented_with}, not {here['segmented_with']}",
        )
    if manifest.ranking != here["ranking"]:
        raise refused(
            folder, "的排序参数和现在的不一样", "index_format", f"{manifest.ranking}, not {here['ranking']}"
        )


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Puts a manifest in place, all at once."""
    handle, name = tempfile.mkstemp(prefix=f".{_NAME}-", dir=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(manifest.rendered())
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(folder / _NAME)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def copied_files(part: Path) -> dict[str, CopiedFile]:
    """The files of the lexicon and the question sets beside the segments, as they are now."""
    found = {}
    for name in COPIES:
        for path in sorted((part / name).glob("*")):
            data = path.read_bytes()
            told = CopiedFile(sha256=hashlib.sha256(data).hexdigest(), bytes=len(data))
            found[f"{name}/{path.name}"] = told
    return found


def check_copies(folder: Path, manifest: Manifest) -> None:
    """Passes if the lexicon and the question sets are as they were copied.

    Raises:
        IndexFormatError: if a file is missing, changed, or there is one more.
    """
    try:
        found = copied_files(folder / manifest.part)
    except OSError as error:
        raise refused(folder, "缺少文件", "index_damaged", str(error.strerror)) from error
    told = manifest.copies
    differing = sorted(name for name in {*found, *told} if found.get(name) != told.get(name))
    if differing:
        raise refused(folder, "已损坏", "index_damaged", f"{differing[0]}: missing, changed or added")


def _json(body: Mapping[str, object]) -> bytes:
    return json.dumps(body, ensure_ascii=False, indent=1).encode() + b"\n"


def damaged(folder: Path, detail: str) -> IndexFormatError:
    """A section that is not as it was written."""
    return refused(folder, "已损坏或不完整", "index_damaged", detail)

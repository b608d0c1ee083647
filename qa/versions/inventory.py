"""Which files a version holds, and whether they are whole: ``version.json``."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from qa.errors import VersionError
from qa.versions.layout import short

__all__ = ["INDEX", "MANIFEST", "PARTS", "Manifest", "damage", "files_of", "inventory", "read_manifest"]

MANIFEST: Final = "version.json"
INDEX: Final = "index"
PARTS: Final = ("transcripts", "lexicon", "faq")
"""The folders of a corpus that make a version."""
_FORMAT: Final = 1

_Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class Manifest(BaseModel):
    """What a version is made of. ``files`` gives the sha256 of each, by its path inside the version."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["minsheng-version"] = "minsheng-version"
    format: Literal[1] = _FORMAT
    corpus: str
    transcripts: int
    made: str
    made_by: str
    files: dict[str, _Sha256]

    def rendered(self) -> bytes:
        """The file's bytes."""
        return json.dumps(self.model_dump(), ensure_ascii=False, indent=1).encode() + b"\n"


def files_of(corpus: Path) -> Iterator[Path]:
    """The files of a corpus folder that belong to a version, in name order, as paths inside it.

    Names that begin with a dot are nobody's: half-written, or an editor's.
    """
    for part in PARTS:
        for folder, inner, names in os.walk(corpus / part):
            inner[:] = sorted(name for name in inner if not name.startswith("."))
            for name in sorted(names):
                if not name.startswith("."):
                    yield (Path(folder) / name).relative_to(corpus)


def inventory(corpus: Path) -> dict[str, str]:
    """The sha256 of each of a corpus folder's files."""
    return {path.as_posix(): _sha256(corpus / path) for path in files_of(corpus)}


def read_manifest(folder: Path) -> Manifest:
    """What the version in ``folder`` should hold.

    Raises:
        VersionError: if there is no such version, or its manifest cannot be read.
    """
    try:
        return Manifest.model_validate_json((folder / MANIFEST).read_bytes())
    except FileNotFoundError as error:
        raise VersionError(
            f"没有版本 {short(folder.name)}。有哪些版本，请看：minsheng corpus versions",
            code="version_missing",
            detail=f"no {folder / MANIFEST}",
        ) from error
    except (OSError, ValidationError) as error:
        raise VersionError(
            f"版本 {short(folder.name)} 的清单 {MANIFEST} 读不出来。"
            "请从备份恢复，或退回别的版本：minsheng corpus rollback 版本",
            code="version_damaged",
            detail=f"{folder / MANIFEST}: {type(error).__name__}",
        ) from error


def damage(folder: Path, manifest: Manifest) -> tuple[str, ...]:
    """The files of a version that are missing, changed, unreadable, or too many."""
    found: Mapping[str, str] = {}
    try:
        found = inventory(folder)
    except OSError as error:
        return (str(error.filename),)
    names = sorted(found.keys() | manifest.files.keys())
    return tuple(name for name in names if found.get(name) != manifest.files.get(name))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

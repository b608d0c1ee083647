"""A bundle: a version with its index, lexicon and settings in one signed file, for where there is no network.

::

    minsheng-bundle 1                      what it is, and the format
    <Ed25519 signature of the next line, Base64>
    {"created": …, "corpus": …, "payload": {"sha256": …, "bytes": …}, …}
    <a zip: the index with its lexicon and question sets>

The signature covers the header, the header the payload. Nothing of a bundle is believed before its
signature holds, and nothing of the payload is unpacked before its digest does.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, BinaryIO, Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from qa.about import program_version
from qa.engine import Engine, build_engine
from qa.errors import MinshengError
from qa.indexing import Size, index_corpus
from qa.settings import DECIDING, Settings, seed_corpus

__all__ = [
    "BundleError",
    "BundleHeader",
    "check_bundle",
    "new_key",
    "open_bundle",
    "read_header",
    "read_private_key",
    "read_public_key",
    "write_bundle",
]

_MAGIC: Final = b"minsheng-bundle "
_FORMAT: Final = 1
_LONGEST_LINE: Final = 16 * 1024
_BLOCK: Final = 1024 * 1024
_NOT_CHANGED: Final = "请从发布它的机器上重新取一份。"


class BundleError(MinshengError):
    """A bundle, or a key for one, cannot be used."""

    default_code = "bundle_invalid"


class Payload(BaseModel):
    """What the payload must be."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    bytes: Annotated[int, Field(ge=1)]


class BundleHeader(BaseModel):
    """What a bundle says of itself, under its signature. ``settings`` are those that decide answers."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    created: AwareDatetime
    program: str
    corpus: str
    settings: dict[str, int | str | None]
    payload: Payload

    @property
    def digest(self) -> str:
        """Tells one bundle from another."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class _Head:
    header: BundleHeader
    start: int


def new_key(path: Path) -> Path:
    """Makes a private key in ``path`` (readable by its owner only); returns the public key's file beside it.

    Raises:
        BundleError: if there is a file already, or none can be written.
    """
    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    beside = path.with_name(f"{path.name}.pub")
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(private)
        beside.write_bytes(public)
    except FileExistsError as error:
        message = f"已经有文件 {path.name}，没有动它。请换一个文件名。"
        raise BundleError(message, code="bundle_key", detail=str(error)) from error
    except OSError as error:
        message = f"写不了文件 {path.name}。请检查路径和写入权限。"
        raise BundleError(message, code="bundle_key", detail=str(error)) from error
    return beside


def read_private_key(path: Path) -> Ed25519PrivateKey:
    """The key that bundles are signed with.

    Raises:
        BundleError: if the file holds none.
    """
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise _bad_key(path, str(error)) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise _bad_key(path, "not Ed25519")
    return key


def read_public_key(path: Path) -> Ed25519PublicKey:
    """The key that bundles are checked with.

    Raises:
        BundleError: if the file holds none.
    """
    try:
        key = serialization.load_pem_public_key(path.read_bytes())
    except (OSError, ValueError, UnsupportedAlgorithm) as error:
        raise _bad_key(path, str(error)) from error
    if not isinstance(key, Ed25519PublicKey):
        raise _bad_key(path, "not Ed25519")
    return key


def _bad_key(path: Path, detail: str) -> BundleError:
    message = f"{path.name} 不是能用的密钥文件。请用 minsheng bundle --new-key 生成的文件。"
    return BundleError(message, code="bundle_key", detail=f"{path}: {detail}")


# -- writing -------------------------------------------------------------------------------------------


def write_bundle(settings: Settings, key: Ed25519PrivateKey, out: Path) -> BundleHeader:
    """Bundles the corpus or index that ``settings`` name into the file ``out``, all at once.

    Raises:
        MinshengError: if the corpus or index cannot be used.
        BundleError: if ``out`` cannot be written.
    """
    with tempfile.TemporaryDirectory(prefix="minsheng-bundle-") as given:
        folder = settings.index or Path(given) / "index"
        if settings.index is None:
            corpus, size = settings.corpus or seed_corpus(), Size.of(settings)
            index_corpus(corpus, folder, settings.passage_chars, settings.token_cache, size=size)
        engine = build_engine(settings.model_copy(update={"index": folder, "corpus": None}))
        payload = Path(given) / "payload.zip"
        _pack(folder, payload)
        header = BundleHeader(
            created=datetime.now(UTC),
            program=program_version(),
            corpus=engine.corpus,
            settings=engine.settings.model_dump(include=set(DECIDING)),
            payload=_payload(payload),
        )
        try:
            _assemble(out, header, key, payload)
        except OSError as error:
            message = f"写不了文件 {out.name}。请检查路径、写入权限和磁盘。"
            raise BundleError(message, code="bundle_unwritable", detail=str(error)) from error
    return header


def _pack(folder: Path, payload: Path) -> None:
    with zipfile.ZipFile(payload, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                packed.writestr(zipfile.ZipInfo(path.relative_to(folder).as_posix()), path.read_bytes())


def _payload(path: Path) -> Payload:
    with path.open("rb") as file:
        return Payload(sha256=hashlib.file_digest(file, "sha256").hexdigest(), bytes=path.stat().st_size)


def _assemble(out: Path, header: BundleHeader, key: Ed25519PrivateKey, payload: Path) -> None:
    told = header.model_dump_json().encode()
    lines = (_MAGIC + str(_FORMAT).encode(), base64.b64encode(key.sign(told)), told)
    handle, name = tempfile.mkstemp(prefix=f".{out.name}-", dir=out.parent)
    try:
        with os.fdopen(handle, "wb") as file, payload.open("rb") as packed:
            file.write(b"".join(line + b"\n" for line in lines))
            while block := packed.read(_BLOCK):
                file.write(block)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(out)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


# -- reading -------------------------------------------------------------------------------------------


def read_header(path: Path, key: Ed25519PublicKey) -> BundleHeader:
    """What a bundle says of itself, its signature checked, its payload not.

    Raises:
        BundleError: ``bundle_unreadable``, ``bundle_format``, ``bundle_signature`` or ``bundle_damaged``.
    """
    with _opened(path) as file:
        return _head(file, key).header


def check_bundle(path: Path, key: Ed25519PublicKey) -> BundleHeader:
    """As :func:`read_header`, the payload's digest checked too."""
    with _opened(path) as file:
        head = _head(file, key)
        _check_payload(file, head)
        return head.header


def open_bundle(path: Path, key: Ed25519PublicKey, settings: Settings) -> tuple[BundleHeader, Engine]:
    """The engine of a bundle, after everything was checked.

    Raises:
        BundleError: as :func:`read_header`, and ``bundle_program`` where this program answers otherwise
            than the one that made it.
    """
    with _opened(path) as file, tempfile.TemporaryDirectory(prefix="minsheng-bundle-") as given:
        head = _head(file, key)
        _check_payload(file, head)
        file.seek(head.start)
        try:
            with zipfile.ZipFile(file) as packed:
                packed.extractall(given)
            used = settings.model_copy(update={**head.header.settings, "index": Path(given), "corpus": None})
            engine = build_engine(used)
        except (zipfile.BadZipFile, OSError) as error:
            raise _damaged(str(error)) from error
        except MinshengError as error:
            raise _other_program(error.detail) from error
    if engine.corpus != head.header.corpus:
        raise _other_program(f"{engine.corpus} for {head.header.corpus}")
    return head.header, engine


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    try:
        file = path.open("rb")
    except OSError as error:
        message = f"打不开数据包 {path.name}。请检查路径和读取权限。"
        raise BundleError(message, code="bundle_unreadable", detail=str(error)) from error
    with file:
        yield file


def _head(file: BinaryIO, key: Ed25519PublicKey) -> _Head:
    magic, signature, told = (file.readline(_LONGEST_LINE) for _ in range(3))
    if not magic.startswith(_MAGIC):
        raise BundleError(
            "这不是数据包。请用 minsheng bundle 写出的文件。", code="bundle_format", detail="no magic"
        )
    if magic.strip() != _MAGIC + str(_FORMAT).encode():
        message = "数据包的格式比这个程序新。请先更新程序。"
        raise BundleError(message, code="bundle_format", detail=repr(magic[:40]))
    told = told.removesuffix(b"\n")
    try:
        key.verify(base64.b64decode(signature.strip(), validate=True), told)
        return _Head(BundleHeader.model_validate_json(told), file.tell())
    except (InvalidSignature, binascii.Error) as error:
        message = f"数据包的签名不对：被改过，或者是用别的密钥签的。{_NOT_CHANGED}"
        raise BundleError(message, code="bundle_signature", detail=type(error).__name__) from error
    except ValidationError as error:
        raise BundleError(
            "数据包的说明看不懂。请先更新程序。", code="bundle_format", detail=str(error)
        ) from error


def _check_payload(file: BinaryIO, head: _Head) -> None:
    file.seek(0, os.SEEK_END)
    found = file.tell() - head.start
    if found != head.header.payload.bytes:
        raise _damaged(f"{found} bytes of {head.header.payload.bytes}")
    file.seek(head.start)
    digest = hashlib.sha256()
    while block := file.read(_BLOCK):
        digest.update(block)
    if digest.hexdigest() != head.header.payload.sha256:
        raise _damaged("digest")


def _damaged(detail: str) -> BundleError:
    return BundleError(f"数据包不完整，或被改过。{_NOT_CHANGED}", code="bundle_damaged", detail=detail)


def _other_program(detail: str) -> BundleError:
    message = "数据包是别的版本的程序写的，用它答复会不一样。请让两台机器的程序一致。"
    return BundleError(message, code="bundle_program", detail=detail)

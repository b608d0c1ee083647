"""The engine of a bundle, for kiosks without a network: polled, verified, exchanged under way.

The last good bundle is kept in ``DIR/bundle/held.bundle`` and checked again when the service starts, so that
answers go on without the network and through a restart. Whatever cannot be trusted is refused: the one
held is served on, and why stands in the log and at ``/api/v1/health/ready``.

Of several processes one looks for bundles: whichever has the lock, and another when it dies. The others
follow the file it holds, checking it for themselves, and tell what it was that was refused.
"""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, Self

import httpx2
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from filelock import FileLock, Timeout

from qa.bundle import BundleError, BundleHeader, open_bundle, read_header
from qa.engine import Engine
from qa.settings import Settings
from web.memory import settle

__all__ = ["BundleEngine", "BundleStatus"]

_LOG: Final = logging.getLogger("minsheng.bundle")
_HELD: Final = "held.bundle"
_REFUSED: Final = "refused.txt"
"""The code of why the last bundle was refused; there is none where it was good."""
_LOCK: Final = "looking.lock"
_TIMEOUT: Final = 30.0
_FOLLOW_SECONDS: Final = 1.0
"""How often what another process found is looked at."""


@dataclass(frozen=True, slots=True)
class BundleStatus:
    """What is served: the bundle's digest and when it was made; why a newer one was refused, if one was.

    ``stale`` says that the bundle is older than the set age.
    """

    digest: str
    created: datetime
    stale: bool
    problem: str | None


@dataclass(frozen=True, slots=True)
class _Serving:
    header: BundleHeader
    engine: Engine


class BundleEngine:
    """A source (:class:`web.ports.EngineSource`) that follows a bundle at an address or in a file.

    Args:
        source: an ``http://`` or ``https://`` address, or the path of a file.
        key: the public key that bundles are checked with.
        settings: where the data directory is; the bundle brings those that decide answers.
        age: the age from which a bundle is stale.
        seconds: how often to look for another.

    Raises:
        BundleError: if there is no good bundle, neither held nor at ``source``.
    """

    def __init__(
        self, source: str, key: Ed25519PublicKey, settings: Settings, age: timedelta, seconds: float
    ) -> None:
        self._source = source
        self._key = key
        self._settings = settings
        self._age = age
        self._seconds = seconds
        self._folder = settings.data / "bundle"
        self._seen: str | None = None
        self._problem: str | None = None
        self._followed: tuple[int, int, int] | None = None
        self._looking = FileLock(self._folder / _LOCK, timeout=0, thread_local=False)
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None
        held = self._held()
        self._serving = self._first() if held is None else held
        if held is not None:
            self.look()

    @property
    def current(self) -> Engine:
        """The engine that answers. A request takes it once."""
        return self._serving.engine

    @property
    def status(self) -> BundleStatus:
        """What is served now."""
        header = self._serving.header
        stale = datetime.now(UTC) - header.created > self._age
        return BundleStatus(header.digest, header.created, stale, self._problem)

    def watching(self) -> Self:
        """Starts to look, in a thread that ends with the process or with :meth:`close`."""
        self._thread = threading.Thread(target=self._watch, name="bundle", daemon=True)
        self._thread.start()
        return self

    def close(self) -> None:
        """Stops looking; what is served stays."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join()
        self._looking.release(force=True)

    def look(self) -> None:
        """Looks once, unless another process does; what is good is served from now on."""
        try:
            if not self._may_look():
                return
            with tempfile.TemporaryDirectory(prefix="minsheng-bundle-") as given:
                fetched = self._fetched(Path(given) / "fetched.bundle")
                if fetched is not None:
                    self._take(fetched)
                    self._good()
        except BundleError as error:
            self._refused(error)
        except OSError as error:
            self._refused(BundleError("数据包存不下来。", code="bundle_unwritable", detail=str(error)))

    def follow(self) -> None:
        """Takes over what the process that looks for bundles found: a newer one, or why one was refused."""
        if self._looking.is_locked:
            return
        path = self._folder / _HELD
        try:
            self._problem = _told(self._folder / _REFUSED)
            found = path.stat()
            seen = found.st_ino, found.st_mtime_ns, found.st_size
            if seen == self._followed:
                return
            self._followed = seen
            if read_header(path, self._key).created > self._serving.header.created:
                self._serve(_Serving(*open_bundle(path, self._key, self._settings)))
        except (BundleError, OSError) as error:
            _LOG.error("what another process holds cannot be used, the one before is served on: %s", error)

    def _watch(self) -> None:
        due = time.monotonic() + self._seconds
        while not self._ended.wait(min(_FOLLOW_SECONDS, self._seconds)):
            self.follow()
            if time.monotonic() >= due:
                self.look()
                due = time.monotonic() + self._seconds

    def _may_look(self) -> bool:
        if self._looking.is_locked:
            return True
        self._folder.mkdir(parents=True, exist_ok=True)
        try:
            self._looking.acquire()
        except Timeout:
            return False
        return True

    def _held(self) -> _Serving | None:
        path = self._folder / _HELD
        if not path.is_file():
            return None
        try:
            return _Serving(*open_bundle(path, self._key, self._settings))
        except BundleError as error:
            self._refused(error)
            return None

    def _first(self) -> _Serving:
        with tempfile.TemporaryDirectory(prefix="minsheng-bundle-") as given:
            fetched = self._fetched(Path(given) / "fetched.bundle")
            assert fetched is not None  # nothing was seen before
            serving = _Serving(*open_bundle(fetched, self._key, self._settings))
            self._hold(fetched)
            return serving

    def _take(self, fetched: Path) -> None:
        header, serving = read_header(fetched, self._key), self._serving.header
        if header.digest == serving.digest:
            return
        if header.created <= serving.created:
            raise BundleError(
                "数据包比现在用的旧，没有换。",
                code="bundle_older",
                detail=f"{header.created} not after {serving.created}",
            )
        replaced = _Serving(*open_bundle(fetched, self._key, self._settings))
        self._hold(fetched)
        self._serve(replaced)

    def _serve(self, serving: _Serving) -> None:
        self._serving = serving
        settle()
        header = serving.header
        _LOG.info("now serving the bundle of %s, corpus %s", header.created.isoformat(), header.corpus)

    def _hold(self, fetched: Path) -> None:
        """Keeps a good bundle in place of the one held, all at once."""
        self._folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{_HELD}-", dir=self._folder)
        try:
            with os.fdopen(handle, "wb") as written, fetched.open("rb") as read:
                shutil.copyfileobj(read, written)
                written.flush()
                os.fsync(written.fileno())
            Path(name).replace(self._folder / _HELD)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise

    def _fetched(self, path: Path) -> Path | None:
        """The bundle at the source as a file, or None where it is the one seen last."""
        if self._source.startswith(("http://", "https://")):
            return self._downloaded(path)
        file = Path(self._source)
        try:
            found = file.stat()
        except OSError as error:
            raise _unreachable(str(error)) from error
        seen = f"{found.st_ino} {found.st_mtime_ns} {found.st_size}"
        if seen == self._seen:
            return None
        shutil.copyfile(file, path)  # it may be replaced while it is looked at
        self._seen = seen
        return path

    def _downloaded(self, path: Path) -> Path | None:
        known = {"If-None-Match": self._seen} if self._seen else {}
        try:
            with httpx2.stream(
                "GET", self._source, headers=known, timeout=_TIMEOUT, follow_redirects=True
            ) as response:
                if response.status_code == httpx2.codes.NOT_MODIFIED:
                    return None
                if response.status_code != httpx2.codes.OK:
                    raise _unreachable(f"status {response.status_code}")
                with path.open("wb") as file:
                    for block in response.iter_bytes():
                        file.write(block)
                self._seen = response.headers.get("etag")
        except httpx2.HTTPError as error:
            raise _unreachable(f"{type(error).__name__}: {error}") from error
        return path

    def _good(self) -> None:
        self._problem = None
        (self._folder / _REFUSED).unlink(missing_ok=True)

    def _refused(self, error: BundleError) -> None:
        self._problem = error.code
        try:
            (self._folder / _REFUSED).write_text(error.code, "ascii")
        except OSError as unwritable:
            _LOG.error("why a bundle is refused cannot be told to other processes: %s", unwritable)
        _LOG.error("the bundle is refused (%s), the one held is served on: %s", error.code, error.detail)


def _told(path: Path) -> str | None:
    try:
        return path.read_text("ascii") or None
    except FileNotFoundError:
        return None


def _unreachable(detail: str) -> BundleError:
    message = "取不到数据包。请检查 --bundle 的网址或路径，以及网络。"
    return BundleError(message, code="bundle_unreachable", detail=detail)

"""The engine of the version in force, exchanged under way when another one is published.

A thread looks at the file that names the current version once a second. Another version is loaded
beside the one that answers; then one reference is exchanged. A request that began on the old engine
ends on it, and the old engine is freed with the last of them. Every server process does so for itself.
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from typing import Final, Self

from qa.engine import Engine, build_engine
from qa.errors import MinshengError
from qa.settings import Settings
from qa.versions.layout import DataDirectory, now, read_state, short
from qa.versions.serving import open_version
from web.memory import settle

__all__ = ["LiveEngine", "LiveStatus"]

_SECONDS: Final = 1.0
"""How often the file that names the current version is looked at."""
_AGAIN: Final = 60.0
"""After how many seconds a version that could not be loaded is tried again."""
_LOG: Final = logging.getLogger("minsheng.live")


@dataclass(frozen=True, slots=True)
class LiveStatus:
    """What is served, for whoever watches over the service.

    ``version`` is the name of the version that answers, None for the seed; ``since`` when it was loaded
    (ISO 8601, UTC); ``loading`` the one that is being loaded beside it; ``problem`` the code of what kept
    the version in force from being loaded, so that an older one is served on.
    """

    version: str | None
    corpus: str
    since: str
    loading: str | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class _Serving:
    engine: Engine
    version: str | None
    since: str


class LiveEngine:
    """A source (:class:`web.ports.EngineSource`) that follows what is published.

    Args:
        settings: where the data directory is, and how to answer.
        seconds: how often to look.

    Raises:
        MinshengError: if the version now in force cannot be loaded: there is nothing older to serve.
    """

    def __init__(self, settings: Settings, seconds: float = _SECONDS) -> None:
        self._settings = settings
        self._data = DataDirectory(settings.data)
        self._seconds = seconds
        self._seen = self._signature()
        state = read_state(self._data)
        if state is None:
            self._serving = _Serving(build_engine(settings), None, now())
        else:
            engine = open_version(self._data.version(state.current), settings)
            self._serving = _Serving(engine, state.current, now())
        self._loading: str | None = None
        self._problem: str | None = None
        self._tried = 0.0
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def current(self) -> Engine:
        """The engine that answers. A request takes it once."""
        return self._serving.engine

    @property
    def status(self) -> LiveStatus:
        """What is served now."""
        serving = self._serving
        return LiveStatus(serving.version, serving.engine.corpus, serving.since, self._loading, self._problem)

    def watching(self) -> Self:
        """Starts to look, in a thread that ends with the process or with :meth:`close`."""
        self._thread = threading.Thread(target=self._watch, name="versions", daemon=True)
        self._thread.start()
        return self

    def close(self) -> None:
        """Stops looking; what is served stays."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join()

    def look(self) -> None:
        """Looks once, and loads what is in force if that is another version than the one served."""
        signature = self._signature()
        waited = self._problem is not None and time.monotonic() - self._tried > _AGAIN
        if signature == self._seen and not waited:
            return
        self._tried = time.monotonic()
        try:
            self._follow()
            self._problem = None
        except MinshengError as error:
            self._failed(error.code, error.detail)
        except (OSError, MemoryError) as error:
            self._failed("version_unreadable", str(error))
        finally:
            self._loading = None
            self._seen = signature

    def _watch(self) -> None:
        while not self._ended.wait(self._seconds):
            self.look()

    def _follow(self) -> None:
        state = read_state(self._data)
        if state is None or state.current == self._serving.version:
            return
        self._loading = state.current
        began = time.monotonic()
        engine = open_version(self._data.version(state.current), self._settings)
        self._serving = _Serving(engine, state.current, now())
        settle()
        _LOG.info("now serving version %s, loaded in %.1f s", short(state.current), time.monotonic() - began)

    def _failed(self, code: str, detail: str) -> None:
        self._problem = code
        _LOG.error("the version in force cannot be loaded, the one before is served on: %s", detail)

    def _signature(self) -> tuple[int, int, int] | None:
        """Tells one state of the file from another: it is replaced, never written to."""
        try:
            found = self._data.current_file.stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size

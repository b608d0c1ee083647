"""Sends away whoever would ask while the gate is full, before anything else is done for them.

Under overload most requests end here, and what they cost is what those let in wait for: this is pure ASGI,
outside everything else, and everything it sends but the request's id is made once.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection, Mapping
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from web.gate import RETRY_AFTER, Gate
from web.metrics import Log, Metrics
from web.problems import REQUEST_ID, RequestRefused

__all__ = ["TurnAway"]

_ID: Final = REQUEST_ID.lower().encode()
_TELL_SECONDS: Final = 1.0
"""How often the log says how many were sent away: a line for each would be a load of its own."""


class TurnAway:
    """The outermost part of the application.

    Args:
        paths: where questions are asked.
        headers: what every response carries.
        request_id: the id of a request, given what it says of itself, or "".
    """

    def __init__(
        self,
        app: ASGIApp,
        gate: Gate,
        paths: Collection[str],
        headers: Mapping[str, str],
        request_id: Callable[[str], str],
        metrics: Metrics,
        log: Log | None,
    ) -> None:
        self.app = app
        self._gate = gate
        self._paths = frozenset(paths)
        refused = RequestRefused("overloaded").problem
        response = refused.response({**headers, "Retry-After": str(RETRY_AFTER)})
        self._status = response.status_code
        self._headers = tuple(response.raw_headers)
        self._body = {"type": "http.response.body", "body": response.body}
        self._request_id = request_id
        self._metrics = metrics
        self._log = log
        self._untold = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if (
            scope["type"] != "http"
            or scope["method"] != "POST"
            or scope["path"] not in self._paths
            or not self._gate.full
        ):
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()
        self._gate.turned_away()
        given = next((value for name, value in scope["headers"] if name == _ID), b"")
        named = self._request_id(given.decode("latin-1")).encode("latin-1")
        headers = [*self._headers, (_ID, named)]
        await send({"type": "http.response.start", "status": self._status, "headers": headers})
        await send(self._body)
        self._metrics.observe("POST", scope["path"], self._status, time.perf_counter() - began)
        self._tell()

    def _tell(self) -> None:
        if self._log is None:
            return
        if not self._untold:
            asyncio.get_running_loop().call_later(_TELL_SECONDS, self._told)
        self._untold += 1

    def _told(self) -> None:
        if self._log is not None:
            self._log("turned_away", requests=self._untold)
        self._untold = 0

"""Counts and times for whoever operates the service; never what was asked, never an address.

With several processes, prometheus-client keeps them in files of the folder ``PROMETHEUS_MULTIPROC_DIR``,
which ``minsheng-web`` sets, and whichever process is asked tells the sum.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from typing import Any, Final

from asgi_correlation_id import correlation_id
from prometheus_client import CollectorRegistry, Counter, Histogram, Metric, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["MULTIPROCESS_FOLDER", "Log", "Metrics", "Observe"]

MULTIPROCESS_FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
"""The environment variable that prometheus-client reads."""
_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5)


class Metrics:
    """The counters of one application, in a registry of their own.

    Args:
        gauges: name and value of what is read when asked for, such as how many wait.
        counters: the same for what only grows.
    """

    def __init__(
        self, gauges: Callable[[], dict[str, float]], counters: Callable[[], dict[str, float]]
    ) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "minsheng_requests",
            "Requests, by route and status",
            ("method", "route", "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "minsheng_request_seconds",
            "Seconds to the end of the response",
            ("route",),
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._read = _Read(gauges, counters)

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """Counts one request."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def text(self) -> bytes:
        """Everything in the text format of Prometheus."""
        if MULTIPROCESS_FOLDER not in os.environ:
            counted = generate_latest(self._registry)
        else:
            summed = CollectorRegistry()
            MultiProcessCollector(summed)  # type: ignore[no-untyped-call]
            counted = generate_latest(summed)
        own = CollectorRegistry()
        own.register(self._read)
        return counted + generate_latest(own)


class _Read(Collector):
    """What is read from elsewhere at the moment it is asked for, of this process."""

    def __init__(
        self, gauges: Callable[[], dict[str, float]], counters: Callable[[], dict[str, float]]
    ) -> None:
        self._gauges = gauges
        self._counters = counters

    def collect(self) -> Iterator[Metric]:
        for name, value in self._gauges().items():
            yield GaugeMetricFamily(f"minsheng_{name}", name.replace("_", " "), value)
        for name, value in self._counters().items():
            yield CounterMetricFamily(f"minsheng_{name}", name.replace("_", " "), value)


Log = Callable[..., Any]


class Observe:
    """Counts every request, and logs it where there is a log."""

    def __init__(self, app: ASGIApp, metrics: Metrics, log: Log | None) -> None:
        self.app = app
        self._metrics = metrics
        self._log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        status = 500  # until a response begins: an unforeseen error is answered outside
        began = time.perf_counter()

        async def watching(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, watching)
        finally:
            self._told(scope, status, time.perf_counter() - began)

    def _told(self, scope: Scope, status: int, seconds: float) -> None:
        method = scope["method"] if scope["method"] in _METHODS else "OTHER"
        route = _route(scope)
        self._metrics.observe(method, route, status, seconds)
        if self._log is not None:
            caller = scope.get("minsheng.caller")
            self._log(
                "request",
                id=correlation_id.get(),
                method=method,
                route=route,
                status=status,
                ms=round(seconds * 1000, 1),
                **({"key": caller.name} if caller is not None and caller.kind == "key" else {}),
            )


_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def _route(scope: Scope) -> str:
    """The route's pattern, never the path itself: that may hold anything."""
    route = scope.get("route")
    return str(getattr(route, "path", "")) or (
        "/static" if scope.get("path", "").startswith("/static/") else "other"
    )

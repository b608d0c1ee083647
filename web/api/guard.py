"""Who calls the API, and how often they may. Pure ASGI, before a request is read."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import limits
from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.api.rates import Rates
from web.problems import RequestRefused
from web.records.errors import RecordsUnavailable
from web.records.model import Key
from web.records.model import Scope as Permission
from web.records.ports import Keys
from web.service import Service

__all__ = ["ApiGuard", "Caller", "spend"]

_PREFIX: Final = "/api/v1/"
_OPEN: Final = "/api/v1/health/"
_CALLER: Final = "minsheng.caller"
_PERMISSIONS: Final[Mapping[str, Permission]] = {
    "/api/v1/feedback": Permission.FEEDBACK,
    "/api/v1/metrics": Permission.METRICS,
}
"""What a key must be good for; for everything else, asking."""
_NETWORK_BITS: Final = 64
"""Of an IPv6 address: what one household or hall is given."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: an address or a key, and the rate that is theirs, None for any number."""

    kind: str
    name: str
    rate: limits.RateLimitItem | None
    rates: Rates

    def take(self, requests: int) -> None:
        """Counts ``requests``.

        Raises:
            RequestRefused: ``rate_limited``, if there are not as many left; then none is counted.
        """
        if self.rate is None or requests < 1:
            return
        if not self.rates.take(self.rate, self.kind, self.name, requests):
            _, seconds = self.rates.left(self.rate, self.kind, self.name)
            raise RequestRefused("rate_limited", {"Retry-After": str(max(1, seconds))})

    def headers(self) -> dict[str, str]:
        """The fields of draft-ietf-httpapi-ratelimit-headers."""
        if self.rate is None:
            return {}
        remaining, seconds = self.rates.left(self.rate, self.kind, self.name)
        return {
            "RateLimit-Policy": f'"{self.kind}";q={self.rate.amount};w={self.rate.get_expiry()}',
            "RateLimit": f'"{self.kind}";r={remaining};t={seconds}',
        }


def spend(request: Request, requests: int) -> None:
    """Counts ``requests`` more for whoever sent ``request``.

    Raises:
        RequestRefused: ``rate_limited``.
    """
    caller: Caller | None = request.scope.get(_CALLER)
    if caller is not None:
        caller.take(requests)


class ApiGuard:
    """Refuses whoever has a wrong key, none where one is needed, or comes too often."""

    def __init__(self, app: ASGIApp, service: Service, keys: Keys | None) -> None:
        self.app = app
        self._required = service.require_key
        self._keys = keys
        self._rates = Rates(service.counts)
        self._rate = None if service.rate is None else limits.parse(service.rate)
        self._key_rate = None if service.key_rate is None else limits.parse(service.key_rate)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if scope["type"] != "http" or not path.startswith(_PREFIX) or path.startswith(_OPEN):
            await self.app(scope, receive, send)
            return
        try:
            caller = await self._caller(scope)
        except RequestRefused as refused:
            await refused.problem.response(refused.headers)(scope, receive, send)
            return

        async def send_with_limits(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(caller.headers())
            await send(message)

        scope[_CALLER] = caller
        try:
            caller.take(1)
        except RequestRefused as refused:
            await refused.problem.response(refused.headers)(scope, receive, send_with_limits)
            return
        await self.app(scope, receive, send_with_limits)

    async def _caller(self, scope: Scope) -> Caller:
        kind, _, secret = Headers(scope=scope).get("authorization", "").partition(" ")
        if kind:
            key = await self._usable(secret.strip() if kind.lower() == "bearer" else "")
            if _PERMISSIONS.get(scope["path"], Permission.ASK) not in key.scopes:
                self._count(key, refused=True)
                raise RequestRefused("scope_missing")
            self._count(key)
            rate = self._key_rate if key.per_minute is None else limits.RateLimitItemPerMinute(key.per_minute)
            return Caller("key", key.id, rate, self._rates)
        if self._required:
            raise RequestRefused("key_missing", {"WWW-Authenticate": "Bearer"})
        return Caller("address", _network(scope), self._rate, self._rates)

    async def _usable(self, secret: str) -> Key:
        key = None
        if self._keys is not None and secret:
            try:  # mostly from memory, but every now and then from the store
                key = await run_in_threadpool(self._keys.check, secret)
            except RecordsUnavailable as error:
                raise RequestRefused("not_ready", {"Retry-After": "5"}) from error
        if key is None:
            raise RequestRefused("key_invalid", {"WWW-Authenticate": 'Bearer error="invalid_token"'})
        return key

    def _count(self, key: Key, *, refused: bool = False) -> None:
        if self._keys is not None:
            self._keys.count(key, refused=refused)


def _network(scope: Scope) -> str:
    """The caller's address; of an IPv6 address, its network."""
    host = (scope.get("client") or ("",))[0]
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return str(host)
    if address.version == 4:
        return host
    return str(ipaddress.ip_network((address, _NETWORK_BITS), strict=False))

"""What every response carries, and how large a request may be. Pure ASGI."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Final

from secure import (
    ContentSecurityPolicy,
    CrossOriginResourcePolicy,
    PermissionsPolicy,
    ReferrerPolicy,
    Secure,
    XContentTypeOptions,
    XFrameOptions,
)
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["NO_STORE", "BodyLimit", "CompressPages", "NoStoreByDefault", "security_headers"]

_WORTH_COMPRESSING: Final = 1000
"""Bytes below which compressing saves nothing."""

NO_STORE: Final = "no-store"
"""How answers are cached: not at all, since a question may stand on the page."""


def security_headers() -> Secure:
    """The headers of every response: nothing from elsewhere, nothing inline, no frames, no referrer away."""
    policy = (
        ContentSecurityPolicy()
        .default_src("'none'")
        .script_src("'self'")
        .style_src("'self'")
        .img_src("'self'", "data:")
        .connect_src("'self'")
        .worker_src("'self'")
        .form_action("'self'")
        .base_uri("'none'")
        .frame_ancestors("'none'")
    )
    return Secure(
        csp=policy,
        corp=CrossOriginResourcePolicy().same_origin(),
        permissions=PermissionsPolicy().camera().geolocation().microphone().payment().usb(),
        # Within the site there is one: without, browsers say "null" for where a form comes from.
        referrer=ReferrerPolicy().same_origin(),
        xcto=XContentTypeOptions().nosniff(),
        xfo=XFrameOptions().deny(),
    )


class CompressPages:
    """Pages and their files are sent compressed; what programs get under ``/api/`` is sent as it is.

    Compressing beside a secret is safe here: what a page repeats of a request comes only by this site's own
    forms (`web.same_origin`), so nobody elsewhere can have guesses compressed with it (BREACH). Staff's
    pages repeat what they are asked for by address, beside their forms' tokens: they are sent as they are.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._compressing = GZipMiddleware(app, minimum_size=_WORTH_COMPRESSING, compresslevel=6)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        page = scope["type"] == "http" and not scope["path"].startswith(("/api/", "/staff"))
        await (self._compressing if page else self.app)(scope, receive, send)


class NoStoreByDefault:
    """A response that does not say how it may be cached is not to be cached at all."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_cache_control(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).setdefault("Cache-Control", NO_STORE)
            await send(message)

        await self.app(scope, receive, send_with_cache_control if scope["type"] == "http" else send)


class BodyLimit:
    """Requests whose body is larger than ``limit`` bytes get a 413, whatever length they declare.

    ``others`` are the limits of paths that have one of their own.
    """

    def __init__(self, app: ASGIApp, limit: int, others: Mapping[str, int] = MappingProxyType({})) -> None:
        self.app = app
        self.limit = limit
        self.others = others

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        declared = Headers(scope=scope).get("content-length", "")
        limit = self.others.get(scope["path"], self.limit)
        received = 0

        async def receive_within_limit() -> Message:
            nonlocal received
            _check(int(declared) if declared.isascii() and declared.isdigit() else 0, limit)
            message = await receive()
            received += len(message.get("body", b""))
            _check(received, limit)
            return message

        await self.app(scope, receive_within_limit, send)


def _check(size: int, limit: int) -> None:
    if size > limit:
        raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)

"""Forms are taken from this site's own pages only. Works without JavaScript and without a token in the page.

After the Fetch metadata specification: a browser says in ``Sec-Fetch-Site`` where a request comes from; an
older one says it in ``Origin``. What says neither (a program, a very old browser) brings no other site's page
along.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from fastapi import Request
from starlette.exceptions import HTTPException

__all__ = ["same_origin"]

_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})


def same_origin(public_url: str | None) -> Callable[[Request], None]:
    """A dependency that refuses, with a 403, what another site's page sends.

    ``public_url`` is where the site is reached from outside, where a proxy changes the ``Host``.
    """
    known = urlsplit(public_url).netloc.lower() if public_url else None

    def check(request: Request) -> None:
        if request.method not in _SAFE and not _is_own(request, known):
            raise HTTPException(HTTPStatus.FORBIDDEN)

    return check


def _is_own(request: Request, known: str | None) -> bool:
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("origin")
    if origin is None:
        return True
    host = urlsplit(origin).netloc.lower()
    return bool(host) and host in (request.headers.get("host", "").lower(), known)

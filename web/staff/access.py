"""Who may come in: the session's cookie, the tokens of forms, roles, and how often one may try.

A form's token is bound to the session by HMAC, so that nothing more need be kept (OWASP, Cross-Site Request
Forgery Prevention, "Signed double-submit cookie"). Where there is no session yet, a random cookie takes its
place. Besides, a browser that says where a form came from (Fetch Metadata, Origin) must say: from here.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from fastapi import Request
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.responses import Response

from web.records.model import Account, Role, new_id
from web.records.ports import Staff
from web.staff import wording

__all__ = [
    "FORM_COOKIE",
    "PATH",
    "SESSION_COOKIE",
    "AddressLimit",
    "SignInNeeded",
    "StaffProblem",
    "Visitor",
    "check_origin",
    "check_token",
    "drop_cookie",
    "form_cookie",
    "form_token",
    "set_cookie",
    "visitor_of",
]

PATH: Final = "/staff"
SESSION_COOKIE: Final = "minsheng_staff"
FORM_COOKIE: Final = "minsheng_staff_form"
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1", "[::1]"})
_FORWARDED: Final = ("forwarded", "x-forwarded-for", "x-forwarded-proto")
_SAME: Final = frozenset({"same-origin", "none"})
_TRIES: Final = "30/5 minutes"
"""How often an address may try to sign in; each name is throttled besides, by the record store."""


class StaffProblem(Exception):
    """Something that staff are told on a page of its own."""

    def __init__(self, status: HTTPStatus, told: tuple[str, str]) -> None:
        super().__init__(told[0])
        self.status = status
        self.title, self.detail = told


class SignInNeeded(Exception):
    """Nobody is signed in; the page to sign in on comes instead."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """A member of staff who is signed in; ``token`` is what their forms must carry."""

    account: Account
    token: str

    def may(self, role: str) -> bool:
        """Whether the account's role includes ``role``."""
        return self.account.role.includes(Role(role))


def visitor_of(request: Request, staff: Staff, needed: Role) -> Visitor:
    """Who makes a request.

    Raises:
        SignInNeeded: nobody is signed in.
        StaffProblem: the account's role does not include the one needed.
    """
    session = request.cookies.get(SESSION_COOKIE, "")
    account = staff.sessions.find(session) if session else None
    if account is None:
        raise SignInNeeded
    if not account.role.includes(needed):
        raise StaffProblem(HTTPStatus.FORBIDDEN, wording.forbidden(needed))
    return Visitor(account, form_token(session))


def form_token(secret: str) -> str:
    """The token of forms. ``secret`` is the session's cookie, or the form's where there is none yet."""
    return hmac.new(secret.encode(), b"form", hashlib.sha256).hexdigest()


def form_cookie(request: Request) -> str:
    """The random cookie that stands for a session before there is one."""
    return request.cookies.get(FORM_COOKIE) or new_id()


def check_token(given: str, secret: str) -> None:
    """Whether a form carries the token of ``secret``.

    Raises:
        StaffProblem: it does not.
    """
    if not secret or not hmac.compare_digest(given.encode(), form_token(secret).encode()):
        raise StaffProblem(HTTPStatus.FORBIDDEN, wording.FORM_STALE)


def check_origin(request: Request) -> None:
    """Whether a request that changes something comes from a page of this site, as far as the browser tells.

    ``Origin: null`` tells nothing: our own pages send no referrer, and browsers send that for them.

    Raises:
        StaffProblem: it comes from elsewhere.
    """
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin", "null")
    if site is not None:
        same = site in _SAME
    else:
        same = origin == "null" or urlsplit(origin).netloc == request.headers.get("host")
    if not same:
        raise StaffProblem(HTTPStatus.FORBIDDEN, wording.FROM_ELSEWHERE)


def set_cookie(request: Request, response: Response, name: str, value: str) -> None:
    """A cookie for this room, gone when the browser closes."""
    response.set_cookie(
        name, value, path=PATH, httponly=True, samesite="lax", secure=not _plain_and_here(request)
    )


def drop_cookie(request: Request, response: Response, name: str) -> None:
    """Takes a cookie back."""
    secure = not _plain_and_here(request)
    response.delete_cookie(name, path=PATH, httponly=True, samesite="lax", secure=secure)


def _plain_and_here(request: Request) -> bool:
    """Whether the browser is on this machine and speaks plain HTTP: the one case that needs no TLS."""
    forwarded = any(name in request.headers for name in _FORWARDED)
    return request.url.scheme == "http" and request.url.hostname in _LOOPBACK and not forwarded


class AddressLimit:
    """How often one address may try to sign in. Kept by each server process for itself."""

    def __init__(self, tries: str = _TRIES) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._tries = parse(tries)

    def take(self, request: Request) -> bool:
        """Counts one try; whether it may be made."""
        return self._limiter.hit(self._tries, request.client.host if request.client else "")

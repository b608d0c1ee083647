"""A secret that was just made, handed over to the page that comes next and shown there once.

It travels in a cookie that only this browser's session can open, for a minute, so that reloading the page
neither makes another one nor shows it again, whichever server process answers.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from typing import Final

from cryptography.fernet import Fernet, InvalidToken
from fastapi import Request
from fastapi.responses import Response

from web.records.model import NewKey
from web.staff.access import SESSION_COOKIE, set_cookie

__all__ = ["HANDED_COOKIE", "Handed", "handed", "taken"]

HANDED_COOKIE: Final = "minsheng_staff_key"
_SECONDS: Final = 60


@dataclass(frozen=True, slots=True)
class Handed:
    """What a key is for, and its secret."""

    label: str
    secret: str


def handed(request: Request, response: Response, made: NewKey) -> Response:
    """``response`` with a key just made, for the page it leads to."""
    content = json.dumps([made.key.label, made.secret]).encode()
    set_cookie(request, response, HANDED_COOKIE, _box(request).encrypt(content).decode())
    return response


def taken(request: Request) -> Handed | None:
    """The key that was handed over; None without one, or once its minute is over."""
    try:
        content = _box(request).decrypt(request.cookies.get(HANDED_COOKIE, ""), ttl=_SECONDS)
    except InvalidToken:
        return None
    label, secret = json.loads(content)
    return Handed(label, secret)


def _box(request: Request) -> Fernet:
    session = request.cookies.get(SESSION_COOKIE, "")
    return Fernet(urlsafe_b64encode(hmac.new(session.encode(), b"handing", hashlib.sha256).digest()))

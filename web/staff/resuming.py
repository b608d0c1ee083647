"""What was being done when a session ended, so that signing in again loses nothing.

A page is taken up by its address. A form that was sent too late is carried through signing in as hidden
fields and offered once more: nothing is done until it is sent again, with a token of the new session. Only
forms of this room are carried, and never a password or a file.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote_plus

from fastapi import Request

from web.staff import wording
from web.staff.access import PATH, SESSION_COOKIE, StaffProblem, check_origin, check_token

__all__ = ["NOTHING", "Unfinished", "read_unfinished", "unfinished"]

_PLACE: Final = re.compile(rf"{PATH}(?:/[A-Za-z0-9._~%-]+)*(?:\?[A-Za-z0-9._~%=&+-]*)?", re.ASCII)
"""An address of the room, and no other: no host, no colon, no backslash, no empty segment."""
_LONGEST: Final = 60_000
"""Bytes that a form's fields may have when they are sent on; the site takes 64 KiB."""
_SECRET: Final = frozenset({"form", "password"})


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A page to go back to, or a form to be sent there again: ``fields`` are its names and values."""

    place: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    left_out: bool = False
    """Whether there was something that cannot be carried: a file, a password, or too much."""

    @property
    def carried(self) -> str:
        """The fields as they are written into the form to sign in by."""
        return json.dumps(self.fields, ensure_ascii=False) if self.fields else ""

    @property
    def label(self) -> str:
        """What the navigation calls the page; the empty string where it does not name it."""
        own = [(len(href), label) for _, href, label, _ in wording.NAV if self.place.startswith(href)]
        return max(own, default=(0, ""))[1]


NOTHING: Final = Unfinished()


async def unfinished(request: Request) -> Unfinished:
    """What somebody who is not signed in any more was about to do."""
    if request.method != "POST":
        query = f"?{request.url.query}" if request.url.query else ""
        return read_unfinished(f"{request.url.path}{query}", "")
    if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return NOTHING  # files are not read of somebody who may send none
    form = await request.form()
    try:
        check_origin(request)
        check_token(str(form.get("form", "")), request.cookies.get(SESSION_COOKIE, ""))
    except StaffProblem:
        return NOTHING
    every = [(name, value) for name, value in form.multi_items() if name != "form"]
    fields = tuple((name, v) for name, v in every if isinstance(v, str) and name not in _SECRET)
    found = Unfinished(request.url.path, fields, len(fields) < len(every))
    if not fields or len(quote_plus(found.carried)) > _LONGEST:
        return Unfinished("", (), bool(every))
    return found


def read_unfinished(place: str, carried: str) -> Unfinished:
    """What the form to sign in by carried; nothing where it is not one's own."""
    if not _PLACE.fullmatch(place) or len(carried) > _LONGEST:
        return NOTHING
    try:
        held = json.loads(carried) if carried else []
    except (ValueError, RecursionError):
        return NOTHING
    pairs = isinstance(held, list) and all(
        isinstance(pair, list) and len(pair) == 2 and all(isinstance(part, str) for part in pair)
        for pair in held
    )
    return Unfinished(place, tuple((name, value) for name, value in held)) if pairs else NOTHING

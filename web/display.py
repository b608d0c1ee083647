"""How somebody wants the pages shown: 长辈版, the size of text, colours. Kept in a cookie of theirs only."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from fastapi import Request
from fastapi.responses import Response

__all__ = [
    "COOKIE",
    "SIZES",
    "Colours",
    "Display",
    "changed",
    "display_of",
    "remember_display",
    "return_path",
]

COOKIE: Final = "display"
SIZES: Final = (18, 22, 26, 30)
"""Pixels of main text, where the browser's own setting is the usual 16; larger settings grow it further."""
_ELDER_SIZE: Final = 1
_YEAR: Final = 365 * 24 * 60 * 60
_LONGEST_PATH: Final = 2000


class Colours(StrEnum):
    """Which colours: the device's choice of light or dark, one of them, or as much contrast as there is."""

    AUTO = "auto"
    LIGHT = "light"
    DARK = "dark"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Display:
    """One person's choice. ``size`` is an index into ``SIZES``."""

    elder: bool = False
    size: int = 0
    colours: Colours = Colours.AUTO

    @property
    def classes(self) -> str:
        """The classes of the root element, which the style sheet knows."""
        return f"{'elder' if self.elder else 'plain'} size-{self.size} colours-{self.colours.value}"

    @property
    def smaller(self) -> int | None:
        """The next smaller size, or None: 长辈版 begins at its own."""
        return self.size - 1 if self.size > (_ELDER_SIZE if self.elder else 0) else None

    @property
    def larger(self) -> int | None:
        """The next larger size, or None."""
        return self.size + 1 if self.size < len(SIZES) - 1 else None

    def written(self) -> str:
        """The value of the cookie."""
        return f"{'elder' if self.elder else 'plain'}.{self.size}.{self.colours.value}"


def display_of(request: Request) -> Display:
    """The choice a request's cookie holds; the usual one where it holds none or cannot be read."""
    parts = request.cookies.get(COOKIE, "").split(".")
    if len(parts) != 3 or parts[0] not in ("elder", "plain") or parts[1] not in ("0", "1", "2", "3"):
        return Display()
    if parts[2] not in tuple(Colours):
        return Display()
    return Display(parts[0] == "elder", int(parts[1]), Colours(parts[2]))


def changed(display: Display, elder: str | None, size: str | None, colours: str | None) -> Display:
    """``display`` with what a form said; what it did not say, or not rightly, stays."""
    if elder in ("0", "1"):
        display = replace(display, elder=elder == "1", size=_ELDER_SIZE if elder == "1" else 0)
    if size in ("0", "1", "2", "3"):
        display = replace(display, size=max(int(size), _ELDER_SIZE if display.elder else 0))
    if colours in tuple(Colours):
        display = replace(display, colours=Colours(colours))
    return display


def remember_display(response: Response, display: Display, *, secure: bool) -> None:
    """Has the browser keep the choice for a year, for this site alone."""
    response.set_cookie(
        COOKIE, display.written(), max_age=_YEAR, httponly=True, samesite="lax", secure=secure
    )


def return_path(back: str) -> str:
    """Where to go after a choice: ``back`` if it is a path of this site, otherwise the first page."""
    inside = back.startswith("/") and not back.startswith("//") and len(back) <= _LONGEST_PATH
    return back if inside and back.isascii() and back.isprintable() and "\\" not in back else "/"

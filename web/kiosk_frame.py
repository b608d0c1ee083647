"""The frame around every screen of the kiosk, and errors in it: all that errors need to know of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from web import kiosk_wording
from web.rendering import Renderer

__all__ = ["KIOSK", "Screen", "framed", "kiosk_problem"]

KIOSK: Final = "/kiosk"
"""Where the kiosk begins; everything of it stands below."""


@dataclass(frozen=True, slots=True)
class Screen:
    """What stands inside the frame, and the title of the tab. It never holds a question."""

    title: str
    main: Markup


def framed(renderer: Renderer, screen: Screen) -> str:
    """The whole page."""
    return renderer.html("kiosk.html", k=kiosk_wording, title=screen.title, main=screen.main)


def kiosk_problem(renderer: Renderer, title: str, detail: str) -> str:
    """An error as a page of the kiosk: no link of it leads out."""
    main = renderer.html("kiosk_error.html", k=kiosk_wording, title=title, detail=detail)
    return framed(renderer, Screen(title, Markup(main)))

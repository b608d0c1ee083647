"""Templates to HTML, and the addresses of static files."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from web import about_wording, wording
from web.display import Display, display_of
from web.site import Site

__all__ = ["STATIC_FOLDER", "Renderer", "make_renderer", "static_addresses"]

_HERE: Final = Path(__file__).parent
STATIC_FOLDER: Final = _HERE / "static"
"""The folder served under ``/static``."""
_TEMPLATE_FOLDER: Final = _HERE / "templates"


@dataclass(frozen=True)
class Renderer:
    """Renders the templates of this package for one site."""

    environment: Environment

    def html(self, template: str, **context: object) -> str:
        """The template's HTML, everything in ``context`` escaped."""
        return self.environment.get_template(template).render(context)

    def page(
        self,
        request: Request,
        template: str,
        *,
        status: int = 200,
        display: Display | None = None,
        **context: object,
    ) -> HTMLResponse:
        """The template as a response, shown as whoever asks wants pages shown.

        ``display`` overrides what the request's cookie says.
        """
        frame = {"display": display or display_of(request), "back": _here(request), "resend": ()}
        return HTMLResponse(self.html(template, **{**frame, **context}), status_code=status)


def _here(request: Request) -> str:
    """The address a choice about the page leads back to; what was sent by a form has none of its own."""
    if request.method not in ("GET", "HEAD"):
        return "/"
    query = f"?{request.url.query}" if request.url.query else ""
    return (request.scope.get("raw_path") or b"/").decode("ascii", "replace").split("?")[0] + query


def static_addresses() -> dict[str, str]:
    """Name -> address of every static file. The address holds the file's digest."""
    return {path.name: _static_address(path) for path in sorted(STATIC_FOLDER.iterdir())}


def make_renderer(
    site: Site, addresses: Mapping[str, str], notice: Callable[[], str | None] = lambda: None
) -> Renderer:
    """A renderer whose templates see ``site``, the wording as ``w``, and ``static(name)``.

    ``notice`` is what every page says at its top at the moment, if anything.
    """
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATE_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        site=site, w=wording, about=about_wording, static=addresses.__getitem__, notice=notice
    )
    return Renderer(environment)


def _static_address(path: Path) -> str:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    return f"/static/{path.name}?v={digest}"

"""Templates to HTML, and the addresses of static files."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from web import wording
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

    def page(self, template: str, *, status: int = 200, **context: object) -> HTMLResponse:
        """The template as a response."""
        return HTMLResponse(self.html(template, **context), status_code=status)


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
    environment.globals.update(site=site, w=wording, static=addresses.__getitem__, notice=notice)
    return Renderer(environment)


def _static_address(path: Path) -> str:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    return f"/static/{path.name}?v={digest}"

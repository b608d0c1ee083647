"""Files to be kept, not shown."""

from __future__ import annotations

from typing import Final

from fastapi.responses import Response

__all__ = ["download"]

_TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
    "html": "text/html; charset=utf-8",
}


def download(content: bytes, name: str) -> Response:
    """``content`` as a file named ``name``, which is ASCII and ends as its kind does."""
    kind = _TYPES[name.rpartition(".")[2]]
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=kind, headers=headers)

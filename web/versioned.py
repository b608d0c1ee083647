"""What is worked out once for each version, and responses that change only with it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from typing import Final

from fastapi import Request
from fastapi.responses import Response
from pydantic import BaseModel

from qa.about import program_version
from qa.language.script import ScriptConverter
from qa.model import Transcript
from qa.suggest import Suggester, entries_of
from web.ports import AnswerEngine, EngineSource
from web.problems import RequestRefused

__all__ = ["Catalogue", "Catalogues"]

_REVALIDATE: Final = "public, no-cache"
_FOREVER: Final = "public, max-age=31536000, immutable"
_SHORT: Final = 12
"""Digits of a digest that an address or an ETag carries."""


@dataclass(frozen=True)
class Catalogue:
    """One version, ready to be browsed; each part is worked out when it is first needed."""

    engine: AnswerEngine

    @cached_property
    def etag(self) -> str:
        """Names everything that a representation is made from: version, settings, program."""
        rest = hashlib.sha256(f"{self.engine.settings_digest} {program_version()}".encode()).hexdigest()
        return f'"{self.short}.{rest[:8]}"'

    @property
    def short(self) -> str:
        """The version's digest as addresses have it."""
        return self._digits[:_SHORT]

    @property
    def _digits(self) -> str:
        return self.engine.corpus.removeprefix("sha256:")

    @cached_property
    def suggester(self) -> Suggester:
        """Typeahead over the version."""
        return Suggester(entries_of(self.engine.offered, self.engine.transcripts.values()), ScriptConverter())

    @cached_property
    def newest_first(self) -> Sequence[Transcript]:
        """The transcripts, the newest first, then by id."""
        listed = sorted(self.engine.transcripts.values(), key=lambda t: t.id)
        return sorted(listed, key=lambda t: t.date.sort_key, reverse=True)

    @cached_property
    def topics(self) -> Mapping[str, Sequence[str]]:
        """Topics with the questions on them that the version answers, in the staff's order."""
        found: dict[str, list[str]] = {}
        for asked in self.engine.offered:
            if asked.topic:
                found.setdefault(asked.topic, []).append(asked.question)
        return found

    def response(self, request: Request, v: str | None, make: Callable[[], BaseModel]) -> Response:
        """What ``make`` makes, unless the caller has it already; ``v`` is the version it asks for, if any.

        Raises:
            RequestRefused: ``version_not_current``.
        """
        if v is not None and v.removeprefix("sha256:") not in (self._digits, self.short):
            raise RequestRefused("version_not_current")
        headers = {"ETag": self.etag, "Cache-Control": _REVALIDATE if v is None else _FOREVER}
        if _holds(request.headers.get("if-none-match", ""), self.etag):
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
        content = make().model_dump_json(by_alias=True)
        return Response(content, media_type="application/json", headers=headers)


class Catalogues:
    """The catalogue of the version in force."""

    def __init__(self, engines: EngineSource) -> None:
        self._engines = engines
        self._held: Catalogue | None = None

    @property
    def current(self) -> Catalogue:
        """The same catalogue as long as the engine is the same."""
        engine, held = self._engines.current, self._held
        if held is None or held.engine is not engine:
            held = self._held = Catalogue(engine)
        return held


def _holds(if_none_match: str, etag: str) -> bool:
    """Whether the header names ``etag`` (RFC 9110, weak comparison) or anything at all."""
    named = [tag.strip().removeprefix("W/") for tag in if_none_match.split(",")]
    return etag in named or named == ["*"]

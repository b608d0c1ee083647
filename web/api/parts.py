"""What the routes of the API share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from qa.model import Answer
from web.gate import Gate
from web.metrics import Metrics
from web.ports import EngineSource
from web.records.keeping import keep
from web.records.model import Channel
from web.records.ports import Records
from web.versioned import Catalogues
from web.watch import Watch

__all__ = ["PREFIX", "ApiParts"]

PREFIX: Final = "/api/v1"
"""Where every call is found."""


@dataclass(frozen=True, slots=True)
class ApiParts:
    """Where questions are answered, what can be browsed, and what is counted."""

    engines: EngineSource
    gate: Gate
    catalogues: Catalogues
    metrics: Metrics
    records: Records
    watch: Watch

    def keep(self, answer: Answer) -> str | None:
        """Keeps what was asked; returns the id that feedback names it by, None where nothing is kept."""
        question_id, kept = keep(self.records, answer, Channel.API)
        return question_id if kept else None

    def checks(self) -> dict[str, str]:
        """How the parts are, for whoever watches over the service."""
        if self.records.staff is None:
            records = "off"
        else:
            records = "ok" if self.records.stats().ready else "unavailable"
        return {"version": self.catalogues.current.short, "records": records, **self.watch.checks()}

"""How much may be quoted where it is not sure which clause answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from qa.answering.features import HARD_KINDS
from qa.language.expect import Facet
from qa.model import Transcript

__all__ = ["SPREAD_KINDS", "WIDE", "Allowance", "allowance"]

SPREAD_KINDS: Final = frozenset({"method", "list", "condition"})
"""What is answered by measures and lists, which run over several clauses."""
WIDE: Final = 285
"""How many code points may be quoted where the answer runs over several clauses."""
_NARROW_SPOKEN: Final = 240
_NARROW_WRITTEN: Final = 195
"""The same for anything else."""
_LONG: Final = 1000
"""The length from which a written document is long: what it rules runs over several clauses too."""
_SURE_SPOKEN, _SURE_WRITTEN = 0.9, 0.95
"""People come to the point; documents are read with less certainty."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """Clauses are added while they fit into ``chars`` code points in all, until the answer is among them
    with the probability ``sure``, by the reader's own reckoning."""

    chars: int
    sure: float


def allowance(facet: Facet, transcript: Transcript) -> Allowance:
    """What may be quoted for a facet when ``transcript`` answers it."""
    if transcript.attributions:
        return Allowance(WIDE if facet.kind in SPREAD_KINDS else _NARROW_SPOKEN, _SURE_SPOKEN)
    wide = facet.kind not in HARD_KINDS and (facet.measures or len(transcript.text) >= _LONG)
    return Allowance(WIDE if wide else _NARROW_WRITTEN, _SURE_WRITTEN)

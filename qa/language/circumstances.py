"""What a question tells of whoever asks it, beside what it asks."""

from __future__ import annotations

from collections.abc import Sequence

from qa.language.expect import Facet, pieces
from qa.language.lexicon import Lexicon
from qa.model import Span
from qa.text import sentences

__all__ = ["circumstances"]


def circumstances(text: str, facets: Sequence[Facet], lexicon: Lexicon) -> tuple[Span, ...]:
    """The pieces of repaired, folded ``text`` that tell the asker's own case and ask nothing, in order; of a
    sentence that asks nothing, all of them.

    我在广东打了二十年工，现在能不能参加职工养老？ is asked of no place in 广东.
    """
    asking = [facet.piece for facet in facets if facet.ask is not None]
    if not asking or not lexicon.tells_of_asker(text):
        return ()
    told = [sentence for sentence in sentences(text) if not any(sentence.overlaps(one) for one in asking)]
    cases = [sentence for sentence in told if lexicon.tells_of_asker(sentence.of(text))]
    return tuple(
        piece
        for piece in pieces(text)
        if any(piece.overlaps(case) for case in cases)
        or (lexicon.tells_of_asker(piece.of(text)) and not any(piece.overlaps(one) for one in asking))
    )

"""What speaks for or against a clause, as named numbers.

Everything the decision rests on is one of these, so that it can be shown, fitted and explained.
"""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["FEATURE_NAMES", "HARD_KINDS", "LONG_KINDS", "Features"]

HARD_KINDS = frozenset(
    {"phone", "person", "position", "rate", "money", "age", "duration", "time", "count", "ordinal"}
)
"""What, when it is asked for, must stand in the evidence: words without it are no answer."""
LONG_KINDS = frozenset({"method", "condition", "list", "reason", "definition", "any", "what"})
"""What is answered by a sentence or several rather than by a name or a figure."""


class Features(NamedTuple):
    """What speaks for or against a clause; shares and flags are in [0, 1] unless said otherwise.

    ``cover…`` are importance-weighted shares of the question's concepts held: by the clause, by the
    clause before it or the clause itself, by its passage and context, by its document, by its document's
    title and first words; ``…_focus`` over the facet's own pieces only, ``…_asked`` over the very piece
    that asks; ``…_local`` weighted by how few of the clauses read hold a concept. ``mass…`` are the
    importance held, whatever the question's length, ``lost…`` that which the passage and its context
    lack, ``lost_settled`` of settled words only, ``head…`` how surely the word beside the question word
    is held, ``substance`` the importance held of words and offices only, by passage and context.
    ``overlap`` is the idf- weighted share of the question's terms, ``expected…`` whether what is asked
    for is there, and near, and in the unit asked for, ``expected_bound`` how much of the very piece that
    asks stands by it. ``numbers`` is the share of the question's numbers held, ``number_missing`` of
    those that a yes or no is asked of what share the clause does not hold. ``named_missing`` is the share
    of names (Latin letters, places) that the document lacks, ``office_missing`` that of offices that the
    passage and its context lack. ``score_share`` is the passage's score as a share of what the question's
    own terms could reach, ``score_document`` is that of the whole document, as a share of the best read.
    ``opening`` says that a clause is the first of its document, ``asks`` that it is a question itself,
    ``unfinished`` that no stop ends it (a heading, a signature); ``after_lead`` is how much of the
    facet's own piece the words before it hold, where they are a heading, a question, or end with a colon;
    ``headed`` how much the heading holds that the clause stands under; ``echo`` is the share of its pairs
    of characters that the question has too: words that only repeat it answer nothing.
    ``branch…`` whether a dated branch of a rule is for the year the asker names, or for others,
    ``future_conflict`` whether a plan is asked for and a past fact is told, ``share_conflict`` whether
    what one person or month gets is asked for and a total is told. ``recent`` is 1 for the newest
    briefing where the newest is wanted, 0 for the oldest.
    """

    cover: float
    cover_with_before: float
    cover_local: float
    cover_passage: float
    cover_document: float
    cover_head: float
    cover_focus: float
    cover_focus_passage: float
    cover_focus_local: float
    cover_asked: float
    cover_asked_passage: float
    mass: float
    mass_passage: float
    mass_focus: float
    substance: float
    largest_missing: float
    largest_missing_focus: float
    largest_missing_asked: float
    lost: float
    lost_asked: float
    lost_settled: float
    head: float
    head_passage: float
    overlap: float
    bigrams: float
    expected: float
    expected_near: float
    expected_unit: float
    expected_bound: float
    hard_miss: float
    score: float
    score_share: float
    score_document: float
    score_margin: float
    rank: float
    numbers: float
    number_missing: float
    question_turn: float
    replies: float
    narration: float
    length: float
    length_when_long: float
    listing: float
    first: float
    opening: float
    asks: float
    unfinished: float
    after_lead: float
    headed: float
    echo: float
    position: float
    same_phrase: float
    year_match: float
    year_conflict: float
    place_conflict: float
    named_missing: float
    office_missing: float
    branch_fits: float
    branch_conflicts: float
    future_conflict: float
    share_conflict: float
    opposed: float
    recent: float


FEATURE_NAMES = Features._fields
"""The features in the order of their values."""

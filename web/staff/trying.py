"""Try a question: what residents would see, and the numbers it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import Response
from rich.tree import Tree

from qa.coverage.signals import signals_against, signals_for
from qa.engine import Engine, Explanation
from qa.errors import QuestionError
from qa.explained import add_score, explanation_tree
from qa.language.personal import mask
from qa.retrieval.scores import HitScore
from qa.wire import check_question, transcript_href
from web.staff import wording
from web.staff.access import PATH, Visitor
from web.staff.room import GET, Guards, Room
from web.views import AnswerView, answer_view

__all__ = ["Node", "Tried", "add_trying", "tried"]

_HITS = 20


@dataclass(frozen=True, slots=True)
class Node:
    """A line of the tree, and what stands below it."""

    label: str
    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class HitRow:
    """A passage that was found; ``share`` is its score of the best one's, in [0, 1].

    ``parts`` is what the score is made of, as a tree.
    """

    score: float
    share: float
    title: str
    href: str
    words: str
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Tried:
    """An answer, and why. ``confidence`` and ``answer`` are probabilities in [0, 1], ``nearness``
    and ``near`` in [0, 2].

    ``spoke_for`` and ``spoke_against`` are the signals that counted most, in words.
    """

    view: AnswerView
    confidence: float
    answer: float
    nearness: float
    near: float
    verdict: str
    hits: tuple[HitRow, ...]
    reasons: tuple[Node, ...]
    spoke_for: tuple[str, ...]
    spoke_against: tuple[str, ...]


def tried(engine: Engine, question: str, *, repair: bool, shown: int) -> Tried:
    """A checked question, answered and explained."""
    explanation = engine.explain(question, repair=repair)
    answer, fitted = explanation.answer, engine.fitted
    scores = engine.scores(explanation)
    tree = explanation_tree(explanation, fitted)
    return Tried(
        view=answer_view(answer, history=(), repair=repair, fallback=engine.suggestions, shown=shown),
        confidence=explanation.decision.confidence,
        answer=fitted.answer,
        nearness=explanation.decision.nearness,
        near=fitted.near,
        verdict=wording.STATUSES[answer.status],
        hits=_hits(explanation, scores),
        reasons=tuple(_node(child) for child in tree.children),
        spoke_for=signals_for(explanation, fitted),
        spoke_against=signals_against(explanation, fitted),
    )


def _node(tree: Tree) -> Node:
    return Node(str(tree.label), tuple(_node(child) for child in tree.children))


def _hits(explanation: Explanation, scores: Sequence[HitScore]) -> tuple[HitRow, ...]:
    found = explanation.hits[:_HITS]
    best = max((hit.score for hit in found), default=0.0)
    rows = []
    for hit, score in zip_longest(found, scores[:_HITS]):
        passage, span = hit.passage, hit.passage.span
        href = transcript_href(passage.transcript.id, span.start, span.end, explanation.answer.corpus)
        share = hit.score / best if best > 0 else 0.0
        made = Tree("")
        if score is not None:
            add_score(made, score)
        parts = tuple(_node(child) for child in made.children)
        title = passage.transcript.title
        rows.append(HitRow(hit.score, max(share, 0.0), title, href, passage.text, parts))
    return tuple(rows)


def add_trying(router: APIRouter, room: Room, guards: Guards) -> None:
    """The routes of the page. A question is never in an address, here neither."""

    def page(
        visitor: Visitor, question: str, repair: bool, error: str = "", found: Tried | None = None
    ) -> Response:
        status = 422 if error else 200
        return room.page(
            visitor,
            "try.html",
            "try",
            status=status,
            question=question,
            repair=repair,
            error=error,
            found=found,
        )

    @router.api_route(f"{PATH}/try", methods=GET)
    def try_page(visitor: Visitor = guards.viewer) -> Response:
        return page(visitor, "", True)

    @router.post(f"{PATH}/try")
    def try_question(
        question: Annotated[str, Form()] = "",
        repair: Annotated[str, Form()] = "",
        visitor: Visitor = guards.viewer_sends,
    ) -> Response:
        try:
            checked = check_question(question)
        except QuestionError as error:
            return page(visitor, mask(question), repair == "1", error.message)
        found = tried(room.engine, checked, repair=repair == "1", shown=room.site.shown_suggestions)
        return page(visitor, found.view.question, repair == "1", found=found)

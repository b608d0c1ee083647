"""How an answer came about, as a tree: every number it rests on, with its formula's parts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import zip_longest

from rich.text import Text
from rich.tree import Tree

from qa import cli_wording as wording
from qa.answering.decide import FacetReading, Rated, decision_values
from qa.answering.features import FEATURE_NAMES
from qa.answering.fitted import DECISION_NAMES, Fitted, Linear, sigmoid
from qa.engine import Explanation
from qa.language.expect import Facet
from qa.language.query import Concept, Query
from qa.model import Hit
from qa.printed import visible
from qa.retrieval.scores import HitScore, TermScore
from qa.retrieval.terms import BIGRAM

__all__ = ["add_score", "explanation_tree"]

_SHOWN = 20
"""How many terms, and how many passages, are named."""
_PREVIEW = 40


def explanation_tree(explanation: Explanation, fitted: Fitted, scores: Sequence[HitScore] = ()) -> Tree:
    """The tree of an explanation; ``fitted`` are the numbers the engine decided with.

    ``scores`` are what the hits' scores are made of, in the hits' order (:meth:`qa.engine.Engine.scores`).
    """
    query, decision = explanation.query, explanation.decision
    tree = Tree(_text(explanation.answer.question))
    understood = tree.add(_text(wording.EXPLAIN_TEXT.format(text=query.text)))
    for line in wording.understood(explanation.answer.interpretation):
        understood.add(_text(line))
    _add_terms(tree, query)
    _add(tree, wording.EXPLAIN_CONCEPTS, map(_concept, query.concepts))
    _add(tree, wording.EXPLAIN_FACETS, (_facet(query, facet) for facet in query.facets))
    _add_hits(tree, explanation.hits, scores)
    for reading in decision.readings:
        _add_reading(tree, query, reading, fitted)
    verdict = wording.EXPLAIN_VERDICT.format(
        status=wording.STATUS_NAMES[explanation.answer.status],
        value=decision.confidence,
        answer=fitted.answer,
        nearness=decision.nearness,
        near=fitted.near,
    )
    tree.add(Text(verdict, style="bold"))
    return tree


def _text(line: str) -> Text:
    return Text(visible(line).replace("\n", " "))


def _add(tree: Tree, title: str, lines: Iterable[str]) -> None:
    every = list(lines)
    branch = tree.add(_text(title))
    for line in every[:_SHOWN]:
        branch.add(_text(line))
    if len(every) > _SHOWN:
        branch.add(_text(wording.EXPLAIN_MORE.format(count=len(every) - _SHOWN)))


def _add_terms(tree: Tree, query: Query) -> None:
    by_weight = sorted(query.terms.items(), key=lambda item: -item[1])
    _add(tree, wording.EXPLAIN_TERMS, (f"{_term(term)}  {weight:.3f}" for term, weight in by_weight))


def _term(term: str) -> str:
    if not term.startswith(BIGRAM):
        return term
    return wording.EXPLAIN_PAIR.format(pair=term.removeprefix(BIGRAM))


def _facet(query: Query, facet: Facet) -> str:
    return f"{facet.span.of(query.text)} → {wording.EXPLAIN_KINDS.get(facet.kind, facet.kind)}"


def _concept(concept: Concept) -> str:
    forms = "、".join(f"{form.text} {form.weight:.2f}" for form in concept.forms[1:])
    return f"{concept.text} [{concept.kind}]  {concept.importance:.3f}" + (f"  ({forms})" if forms else "")


def _add_hits(tree: Tree, hits: Sequence[Hit], scores: Sequence[HitScore]) -> None:
    branch = tree.add(_text(wording.EXPLAIN_HITS))
    for hit, score in zip_longest(hits[:_SHOWN], scores[:_SHOWN]):
        found = branch.add(_text(_hit(hit)))
        if score is not None:
            add_score(found, score)
    if len(hits) > _SHOWN:
        branch.add(_text(wording.EXPLAIN_MORE.format(count=len(hits) - _SHOWN)))


def add_score(branch: Tree, score: HitScore) -> None:
    """Adds what a score is made of: the passage's own terms, and the whole document's share."""
    own = wording.EXPLAIN_OWN.format(value=score.own_value)
    _add(branch, own, map(_term_score, score.own))
    whole = wording.EXPLAIN_WHOLE.format(
        share=score.share, value=score.document_value, product=score.share * score.document_value
    )
    _add(branch, whole, map(_term_score, score.document))


def _term_score(score: TermScore) -> str:
    return f"{_term(score.term)}  {score.weight:.3f} × {score.worth:.3f} = {score.value:.3f}"


def _hit(hit: Hit) -> str:
    span = hit.passage.span
    where = f"{hit.passage.transcript.id} [{span.start}, {span.end})"
    return f"{hit.score:.3f}  {where}  {hit.passage.text[:_PREVIEW]}…"


def _add_reading(tree: Tree, query: Query, reading: FacetReading, fitted: Fitted) -> None:
    facet = _facet(query, reading.facet)
    branch = tree.add(_text(wording.EXPLAIN_EVIDENCE.format(facet=facet)))
    if reading.holding is not None:
        held = reading.holding
        words = held.span.of(held.passage.transcript.text)
        branch.add(_text(f"{wording.EXPLAIN_HOLDING}：{words}"))
        branch.add(_text(wording.EXPLAIN_PROBABILITY.format(value=reading.confidence)))
    elif reading.best is None:
        branch.add(_text(wording.EXPLAIN_NO_EVIDENCE))
    else:
        _add_best(branch, query, reading, reading.best, fitted)


def _add_best(branch: Tree, query: Query, reading: FacetReading, best: Rated, fitted: Fitted) -> None:
    evidence = best.evidence
    branch.add(_text(f"“{evidence.span.of(evidence.passage.transcript.text)}”"))
    models = fitted.models(evidence.passage.transcript)
    _add_sum(branch, wording.EXPLAIN_READER, models.reader, FEATURE_NAMES, evidence.features)
    values = decision_values(reading.rated, reading.facet, query)
    total = _add_sum(branch, wording.EXPLAIN_DECISION, models.decision, DECISION_NAMES, values)
    raw = wording.EXPLAIN_PROBABILITY.format(value=sigmoid(total))
    lowered = "" if sigmoid(total) == reading.confidence else f" → {reading.confidence:.4f}"
    branch.add(_text(raw + lowered))


def _add_sum(
    branch: Tree, title: str, linear: Linear, names: Sequence[str], values: Sequence[float]
) -> float:
    """Adds ``feature × weight = contribution`` for all that contributes, the largest first."""
    total = linear.score(tuple(values))
    sums = branch.add(_text(title))
    sums.add(_text(f"{wording.EXPLAIN_BIAS}  {linear.bias:+.4f}"))
    parts = zip(names, values, linear.weights, strict=True)
    for name, value, weight in sorted(parts, key=lambda part: -abs(part[1] * part[2])):
        if value * weight:
            sums.add(_text(f"{name}  {value:.4f} × {weight:+.4f} = {value * weight:+.4f}"))
    sums.add(_text(f"{wording.EXPLAIN_SUM}  {total:+.4f}"))
    return total

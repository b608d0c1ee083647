"""Composing the answer: which spans are quoted, what is marked, what a reader must know beside it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence

from qa.answering import wording
from qa.answering.allowance import allowance
from qa.answering.branches import bound_of
from qa.answering.decide import Decision, FacetReading
from qa.answering.differing import differing
from qa.answering.evidence import Evidence
from qa.answering.running import Choice, running_on, stretch
from qa.language.lexicon import Expectation
from qa.language.query import Query
from qa.language.script import ScriptConverter
from qa.model import Citation, Notice, Repair, Span
from qa.text import clauses, phrases, sentences

__all__ = ["Composer", "notices", "synonyms_used"]

_MOST = 300
"""How many code points the deciding words of all facets may have."""
_MARKED = frozenset({"phone", "rate", "money", "duration", "time", "count", "ordinal"})
_LIMITED = frozenset({"age", "condition"})
_LIMIT = re.compile(
    r"(?:年?满|不足|不到|未满|低于|高于|超过|至少|最多)\d+(?:个?[年月日天]|周?岁)(?:及?以[上下前后内])?"
    r"|\d+(?:个?[年月日天]|周?岁)(?:及?以[上下前后内])"
)
"""A limit that decides whether a rule is for somebody: 满6个月, 18岁及以上."""
_WITHIN, _CLEARLY_MORE = 4.0, 0.2
"""How far behind, in log-odds, a clause may be that holds so much more of a further thing asked."""
_SECOND_FACET = 0.5
"""The share of the answering threshold from which a further facet's evidence is quoted too."""
_RELATED = 3


class Composer:
    """Composes citations from a decision."""

    def __init__(
        self, script: ScriptConverter, expectations: Mapping[str, Expectation], threshold: float
    ) -> None:
        self._script = script
        self._expectations = expectations
        self._threshold = threshold

    def citations(self, query: Query, decision: Decision) -> tuple[Citation, ...]:
        """The citations of an answer: every facet's evidence, merged, within the budget."""
        order = sorted(decision.readings, key=lambda r: -r.confidence)
        readings = [r for r in order if (r.best or r.holding) and self._counts(r)]
        chosen: list[Choice] = []
        for reading in readings:
            _add(chosen, self._deciding(query, _of_its_own(reading, chosen)), _MOST)
        _add(chosen, [Choice.of(other) for other in self.differing(query, decision)], _MOST)
        for reading in readings:
            if reading.holding is None and reading.best is not None:
                allowed = allowance(reading.facet, reading.best.evidence.passage.transcript)
                for choice in self._uncertain(reading, allowed.sure):
                    _add(chosen, [choice], allowed.chars)
        return self._numbered(query, decision, _merged(chosen))

    def differing(self, query: Query, decision: Decision) -> tuple[Evidence, ...]:
        """What briefings of other dates say with other figures, of whatever is answered."""
        found = (differing(r, query, self._script) for r in decision.readings if self._counts(r))
        return tuple(evidence for evidence in found if evidence is not None)

    def _deciding(self, query: Query, reading: FacetReading) -> list[Choice]:
        """What answers a facet: the statement of office, the clause, or the whole of a rule with branches."""
        if reading.holding is not None:
            passage = reading.holding.passage
            return [Choice(passage.transcript, passage.turn, reading.holding.span)]
        assert reading.best is not None
        best = Choice.of(reading.best.evidence)
        rule = self._rule(best)
        if rule is None or not best.transcript.holds(rule):
            return [best]
        if not query.years and len(rule) <= _MOST:
            return [Choice(best.transcript, best.turn, rule)]
        return self._branch(best, rule)

    def _branch(self, best: Choice, rule: Span) -> list[Choice]:
        """The branch of a rule that a clause belongs to: from its dated clause to before the next dated one.

        The words that introduce the rule come first when the branch does not begin with them.
        """
        text = best.transcript.text
        parts = list(clauses(text, rule))
        dated = [bound_of(self._script.fold(part.of(text))) is not None for part in parts]
        at = next(n for n, part in enumerate(parts) if part.end >= best.span.end)
        first = max((n for n in range(at + 1) if dated[n]), default=at)
        last = next((n for n in range(first + 1, len(parts)) if dated[n]), len(parts)) - 1
        branch = best.part(Span(parts[first].start, parts[max(last, at)].end))
        if len(branch.span) > _MOST:
            branch = best
        intro = _introduction(text, rule)
        return [branch] if intro is None or intro.overlaps(branch.span) else [best.part(intro), branch]

    def _rule(self, choice: Choice) -> Span | None:
        """The sentence of a clause when its branches are told apart by dates."""
        text = choice.transcript.text
        for sentence in _sentences_from(choice):
            if sentence.contains(choice.span):
                folded = self._script.fold(sentence.of(text))
                dated = [part for part in clauses(folded) if bound_of(part.of(folded)) is not None]
                return sentence if len(dated) > 1 else None
        return None

    def _uncertain(self, reading: FacetReading, sure: float) -> Iterator[Choice]:
        """The clauses that may hold the answer too, until it is among those chosen as surely as wanted."""
        top = reading.rated[0].score
        found = [(Choice.of(rated.evidence), math.exp(rated.score - top)) for rated in reading.rated]
        if not reading.rated[0].evidence.passage.transcript.attributions:
            yield from stretch(found, reading.facet.kind)
            found = running_on(found)
        total, held = sum(share for _, share in found), 0.0
        for choice, share in found:
            if held >= sure * total:
                return
            held += share
            yield choice

    def _counts(self, reading: FacetReading) -> bool:
        return reading.confidence >= self._threshold * _SECOND_FACET

    def related(self, query: Query, decision: Decision) -> tuple[Citation, ...]:
        """The nearest passages, shown as related and never as an answer; none where nothing is near."""
        seen: list[Choice] = []
        for choice in map(Choice.of, decision.near):
            if choice not in seen and len(seen) < _RELATED:
                seen.append(choice)
        return self._numbered(query, decision, seen)

    def _numbered(self, query: Query, decision: Decision, chosen: Sequence[Choice]) -> tuple[Citation, ...]:
        groups: dict[tuple[str, Span], int] = {}
        made = []
        for n, choice in enumerate(chosen, 1):
            group = groups.setdefault((choice.transcript.id, choice.turn.span), len(groups) + 1)
            made.append(
                Citation(
                    n=n,
                    group=group,
                    transcript=choice.transcript,
                    turn=choice.turn,
                    span=choice.span,
                    shortened=not _is_whole(choice),
                    marks=tuple(self._marks(query, decision, choice)),
                )
            )
        return tuple(made)

    def _marks(self, query: Query, decision: Decision, choice: Choice) -> Iterator[Span]:
        words = self._script.fold(choice.span.of(choice.transcript.text))
        people = list(_people(decision, choice))
        if people:
            yield from people
            return
        found = [
            Span(*match.span())
            for reading in decision.readings
            for match in self._instances(reading, words)
            if match.group() not in query.text
        ]
        if not found:
            for concept in query.concepts:
                for form in concept.forms:
                    at = words.find(form.text)
                    if at >= 0:
                        found.append(Span(at, at + len(form.text)))
                        break
        yield from _joined(found)

    def _instances(self, reading: FacetReading, words: str) -> Iterator[re.Match[str]]:
        expectation = self._expectations.get(reading.facet.expects)
        if reading.facet.kind in _LIMITED:
            yield from _LIMIT.finditer(words)
        elif expectation is not None and expectation.evidence is not None and reading.facet.kind in _MARKED:
            yield from expectation.evidence.finditer(words)


def _people(decision: Decision, choice: Choice) -> Iterator[Span]:
    """Where the name, or the office, of the person asked for stands in a quote, relative to it."""
    for reading in decision.readings:
        holding = reading.holding
        if holding is None or not choice.span.contains(holding.span):
            continue
        stated = next(a for a in choice.transcript.attributions if a.span == holding.span)
        words = choice.span.of(choice.transcript.text)
        wanted = stated.speaker.office if reading.facet.kind == "position" else stated.speaker.name
        at = words.find(wanted) if wanted else -1
        if wanted and at >= 0:
            yield Span(at, at + len(wanted))


def _of_its_own(reading: FacetReading, chosen: Sequence[Choice]) -> FacetReading:
    """The reading with other words first when another facet's words came out best for this one too.

    A further thing that is asked has an answer of its own where some clause holds clearly more of it.
    """
    best = reading.best
    if best is None or reading.holding is not None or Choice.of(best.evidence) not in chosen:
        return reading
    held = best.evidence.features.cover_focus
    near = [r for r in reading.rated if r.score > best.score - _WITHIN]
    own = max(near, key=lambda r: (r.evidence.features.cover_focus, r.score))
    if own.evidence.features.cover_focus < held + _CLEARLY_MORE:
        return reading
    rest = tuple(r for r in reading.rated if r is not own)
    return FacetReading(reading.facet, (own, *rest), reading.confidence)


def _add(chosen: list[Choice], wanted: Sequence[Choice], budget: int) -> None:
    """Adds what is not chosen yet and still fits; the first choice always does."""
    for choice in wanted:
        used = sum(len(held.span) for held in chosen)
        told = any(_has(held, choice) for held in chosen)
        fits = not chosen or used + len(choice.span) <= budget
        if not told and fits and choice.transcript.holds(choice.span):
            chosen.append(choice)


def _has(held: Choice, choice: Choice) -> bool:
    """Whether a choice says nothing that is not quoted: it lies inside, or repeats the words elsewhere."""
    if held.transcript.id == choice.transcript.id:
        return held.span.contains(choice.span)
    return choice.span.of(choice.transcript.text) in held.span.of(held.transcript.text)


def _introduction(text: str, rule: Span) -> Span | None:
    """The words that introduce a rule's branches: its first phrase, when that ends with a comma."""
    first = next(phrases(text, rule), None)
    return first if first is not None and text[first.end - 1] in ",，" else None


def _is_whole(choice: Choice) -> bool:
    """Whether a choice begins and ends where sentences do."""
    begins = False
    for sentence in _sentences_from(choice):
        begins = begins or sentence.start == choice.span.start
        if sentence.end >= choice.span.end:
            return begins and sentence.end == choice.span.end
    return False


def _sentences_from(choice: Choice) -> Iterator[Span]:
    """The sentences of a choice's turn, from the line on in which it begins: a line's end ends a sentence."""
    text, turn = choice.transcript.text, choice.turn.span
    line = text.rfind("\n", turn.start, choice.span.start) + 1
    return sentences(text, Span(line or turn.start, turn.end))


def _merged(chosen: Sequence[Choice]) -> list[Choice]:
    """Adjacent and overlapping spans of a turn as one; turns in the order chosen, spans in reading order."""
    turns = list(dict.fromkeys((c.transcript.id, c.turn.span) for c in chosen))
    merged: list[Choice] = []
    for choice in sorted(chosen, key=lambda c: (turns.index((c.transcript.id, c.turn.span)), c.span)):
        for at, held in enumerate(merged):
            same = held.transcript.id == choice.transcript.id and held.turn == choice.turn
            if same and choice.span.start <= held.span.end and held.span.start <= choice.span.end:
                joined = Span(min(held.span.start, choice.span.start), max(held.span.end, choice.span.end))
                merged[at] = Choice(held.transcript, held.turn, joined)
                break
        else:
            merged.append(choice)
    return merged


def _joined(spans: Sequence[Span]) -> Iterator[Span]:
    """Spans in order, overlapping ones joined."""
    held: Span | None = None
    for span in sorted(spans):
        if held is not None and span.start <= held.end:
            held = Span(held.start, max(held.end, span.end))
        else:
            if held is not None:
                yield held
            held = span
    if held is not None:
        yield held


def synonyms_used(query: Query, evidence: Sequence[Evidence]) -> tuple[Repair, ...]:
    """The synonyms through which the evidence was found, each once; 镇(街) for 镇街 is none."""
    found: dict[tuple[str, str], Repair] = {}
    for piece in evidence:
        for concept, match in zip(query.concepts, piece.held, strict=True):
            if match.form is None or match.span is None or match.form not in concept.forms:
                continue
            if match.form.text != concept.text:
                kind = "office" if concept.kind == "office" else "synonym"
                found[concept.text, match.form.text] = Repair(kind, concept.text, match.form.text)
    return tuple(found.values())


def notices(
    citations: Sequence[Citation], as_of_year: int | None, masked: bool, differ: bool = False
) -> tuple[Notice, ...]:
    """What a reader must know beside the citations; ``differ`` says that briefings give other figures."""
    made: dict[str, Notice] = {}
    if masked:
        made["personal_data"] = Notice("personal_data", wording.personal_data)
    if differ and len({citation.transcript.id for citation in citations}) > 1:
        made["figures_differ"] = Notice("figures_differ", wording.figures_differ)
    for citation in citations:
        date = citation.transcript.date
        if date.value is not None:
            made.setdefault("as_of", Notice("as_of", wording.as_of(date)))
        if wording.is_inferred(date):
            made.setdefault("date_inferred", Notice("date_inferred", wording.date_inferred(date)))
        for year in _foreseen(citation.quote):
            if as_of_year is not None and year < as_of_year:
                made.setdefault("outlook_past", Notice("outlook_past", wording.outlook_past(year)))
    return tuple(made.values())


def _foreseen(quote: str) -> Iterator[int]:
    for match in re.finditer(r"(?:预计|计划|力争|将于|争取|到)\D{0,6}(\d{4})年", quote):
        yield int(match.group(1))

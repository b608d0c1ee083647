"""Reading: the clauses of the passages found, each with what speaks for and against its answering."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from qa.answering.expected import PEOPLE, Expected, Expecting
from qa.answering.features import LONG_KINDS, Features
from qa.answering.match import NO_MATCH, Match, Sought, comparable
from qa.answering.times import times_of
from qa.answering.view import ClauseView, PassageView, Views
from qa.language.expect import Facet
from qa.language.lexicon import Lexicon
from qa.language.query import Concept, Query, pairs_in
from qa.model import Hit, Passage, Span, Speech, Transcript, TurnKind
from qa.text import find_word

__all__ = ["Evidence", "Reader"]

_SHORT = 10
_NAMING = frozenset({"person", "position", "name", "list", "any"})
_OTHERS = 0.3
"""What the words of one thing asked weigh where another one is looked for."""
_LITTLE = 0.8
"""The importance of a facet's own words below which it is about what was named before it."""
_OF_DOCUMENT = frozenset({"year", "place"})
_SUBSTANTIAL = frozenset({"word", "office"})
"""What a question is about: places, years and numbers only say which."""
_ENOUGH = 2.5
"""The importance of the concepts held from which more says nothing more."""
_NOW = re.compile(r"现在|目前|最近|如今|当前|今年|现任|眼下|最新|这几年|近年")
_FUTURE_ASKED = re.compile(
    r"计划|打算|准备(?!好)|将来|接下来|下一步|下一?(?:场|届|期|批|轮|回)|下一次|今后|以后会|明年|后年|目标|预计|要到(?:什么|哪)"
)
_FUTURE_TOLD = re.compile(r"将|预计|计划|接下来|力争|确保|拟|下一步|继续|推进|规划|到20\d\d年")
_SHARE_ASKED = re.compile(
    r"每(?:个)?(?:人|月|年|户|家|天|次|笔|个)|人均|平均|一个人|一个月|一户|单价|一度|一平"
)
_SHARE_TOLD = re.compile(r"每|人均|平均|个人|一人|/|单|(?<![0-9])[日月年](?:接|产|均|薪|收|供|处|客)")
_ASKING = frozenset("?？")
_FINISHED = frozenset("。！；!;?？…”’」』)）】》")
_ATTRIBUTES = re.compile(r".{0,10}(?:说|称|表示|介绍|指出|强调|透露)[。:,]?")
"""Words that only say who speaks."""
_LEAD = re.compile(r"(?:.*[:：?？])|(?:[(（]?[一二三四五六七八九十\d]{1,3}[)）、.．].{0,40})")
"""Words that announce what comes after them: they end with a colon or ask, or are a numbered heading."""
_LIST_MARK = re.compile(r"、|一是|二是|第[一二三]|[(（][一二三四五1-9][)）]|[1-9][.、]")


@dataclass(frozen=True)
class Evidence:
    """A clause with its features. ``held`` is how the clause holds each concept of the query.

    ``held_around`` is how surely its passage, context and (for years and places) document do.
    """

    passage: Passage
    span: Span
    rank: int
    held: tuple[Match, ...]
    held_around: tuple[float, ...]
    attribution: bool
    features: Features


Held = Sequence[tuple[int, float]]
"""The concepts that are held at all, by number, and how surely."""
Opposites = Sequence[tuple[int, tuple[str, ...]]]
"""Concepts, by number, with the words that rule them out."""


@dataclass(frozen=True)
class _Document:
    """What is worked out once for each document read: those concepts it holds, to be looked for in its parts,
    and how surely it does, those its title and first words do, what it lacks of what the question names,
    and who speaks in it."""

    sought: Sequence[tuple[int, Sought]]
    held: Held
    head: Held
    place_conflict: float
    named_missing: float
    names: frozenset[str]


@dataclass(frozen=True)
class _Read:
    """What is worked out once for each passage read. ``around`` is how surely it holds each concept, its
    context included."""

    passage: Passage
    view: PassageView
    document: _Document
    around: tuple[float, ...]
    score: float
    score_share: float
    document_score: float
    margin: float
    rank: int
    clauses: tuple[tuple[Match, ...], ...]
    held: tuple[Held, ...]
    heading: Held


@dataclass(frozen=True)
class _Scale:
    """Weights of the concepts, in their order, and their sum."""

    weights: tuple[float, ...]
    total: float

    def sum(self, held: Held) -> float:
        """The weight held."""
        return sum([self.weights[at] * value for at, value in held])

    def share(self, held: Held) -> float:
        """The share of all weight that is held, in [0, 1]."""
        return self.sum(held) / self.total if held and self.total else 0.0


@dataclass(frozen=True)
class _Asked:
    """What is worked out once for each query: the concepts' importance, that made local, that of words
    and offices only, and that of settled words only; the numbers of the concepts that are numbers; the
    pairs of ideographs; the sum of all ``term_idf``; what is asked for beside any facet's kind; the dates
    of the transcripts read, oldest first."""

    query: Query
    every: _Scale
    local: _Scale
    substance: _Scale
    settled: _Scale
    numbers: Sequence[int]
    pairs: frozenset[str]
    idf: float
    future: bool
    share: bool
    opposites: Opposites
    dates: Sequence[str]


@dataclass(frozen=True)
class _Weights:
    """The importance of a facet's own concepts, and that made local; that of those of the very piece that
    asks. ``head`` is the number of the concept beside the question word, if any; ``dates`` are those of the
    transcripts read, oldest first, where the newest is wanted."""

    focus: _Scale
    focus_local: _Scale
    asked: _Scale
    head: int | None
    dates: Sequence[str]

    def recency(self, transcript: Transcript) -> float:
        """1 for the newest transcript where the newest is wanted, 0 for the oldest; 0.5 otherwise."""
        if len(self.dates) < 2:
            return 0.5
        return self.dates.index(transcript.date.sort_key) / (len(self.dates) - 1)


@dataclass(frozen=True, slots=True)
class _Told:
    """What is worked out once for each clause that may be evidence, whichever facet it is read for.

    ``lead`` is what the words before it hold, where they announce it, ``headed`` what the heading does that
    it stands under.
    """

    view: ClauseView
    span: Span
    matches: tuple[Match, ...]
    held: Held
    lead: Held
    headed: Held
    features: Mapping[str, float]


class Reader:
    """Reads evidence for queries."""

    def __init__(self, lexicon: Lexicon, views: Views) -> None:
        self._views = views
        self._expecting = Expecting(lexicon)
        self._opposites = lexicon.opposites

    def read(self, query: Query, hits: Sequence[Hit]) -> tuple[tuple[Evidence, ...], ...]:
        """The clauses of the passages ``hits`` (best first), read for each facet of the query."""
        reads = tuple(self._passages(query, hits))
        asked = _asked(query, reads, tuple(self._opposites_of(query)))
        alone = [(read, tuple(_told(asked, read))) for read in reads]
        found = []
        for facet in query.facets:
            own = _asked_for(asked, facet)
            told = alone if own is asked else [(read, tuple(_told(own, read))) for read in reads]
            found.append(tuple(self._facet(own, facet, told)))
        return tuple(found)

    def _opposites_of(self, query: Query) -> Iterator[tuple[int, tuple[str, ...]]]:
        """The concepts, by number, that other words rule out, with these words."""
        for at, concept in enumerate(query.concepts):
            others = self._opposites.get(concept.text, ())
            ruled_out = tuple(word for word in others if word not in query.text)
            if ruled_out:
                yield at, ruled_out

    # -- once for each passage ----------------------------------------------------------------------

    def _passages(self, query: Query, hits: Sequence[Hit]) -> Iterator[_Read]:
        top = hits[0].score if hits else 0.0
        second = hits[1].score if len(hits) > 1 else 0.0
        highest = max((hit.document for hit in hits), default=0.0)
        sought = [Sought.of(concept) for concept in query.concepts]
        documents: dict[str, _Document] = {}
        for rank, hit in enumerate(hits):
            transcript, view = hit.passage.transcript, self._views.passage(hit.passage)
            document = documents.get(transcript.id)
            if document is None:
                document = documents[transcript.id] = self._document(query, sought, transcript, view)
            inside = _inside(view, document)
            clauses = tuple(_matches(len(sought), inside, clause) for clause in view.clauses)
            yield _Read(
                passage=hit.passage,
                view=view,
                document=document,
                around=_around(query.concepts, sought, inside, view, document),
                score=hit.score / top if top else 0.0,
                score_share=min(1.0, hit.score / query.highest) if query.highest else 0.0,
                document_score=hit.document / highest if highest else 0.0,
                margin=(hit.score - (second if rank == 0 else top)) / top if top else 0.0,
                rank=rank,
                clauses=clauses,
                held=tuple(
                    [(at, weight) for at, _, _ in inside if (weight := clause[at].weight) > 0.0]
                    for clause in clauses
                ),
                heading=_held([one.weight(view.heading) for one in sought]) if view.heading else (),
            )

    def _document(
        self, query: Query, sought: Sequence[Sought], transcript: Transcript, view: PassageView
    ) -> _Document:
        whole = self._views.document(transcript)
        year = transcript.date.year
        weights = [
            1.0 if concept.kind == "year" and concept.says(str(year)) else one.weight(whole)
            for concept, one in zip(query.concepts, sought, strict=True)
        ]
        held = _held(weights)
        return _Document(
            sought=[(at, sought[at]) for at, _ in held],
            held=held,
            head=_held([one.weight(view.head) for one in sought]),
            place_conflict=_lacking(query.concepts, weights, _is_place),
            named_missing=_lacking(query.concepts, weights, _is_latin),
            names=frozenset(a.speaker.name for a in transcript.attributions),
        )

    # -- once for each facet and clause -------------------------------------------------------------

    def _facet(
        self, asked: _Asked, facet: Facet, told: Sequence[tuple[_Read, Sequence[_Told]]]
    ) -> Iterator[Evidence]:
        weights = _weights(asked, facet)
        for read, clauses in told:
            if not clauses:
                continue
            shared = _focus_features(asked, weights, read, clauses[0].features)
            for clause in clauses:
                yield Evidence(
                    read.passage,
                    clause.span,
                    read.rank,
                    clause.matches,
                    read.around,
                    _only_attributes(read, clause.view, facet),
                    self._features(asked, facet, weights, read, clause, shared),
                )

    def _features(
        self,
        asked: _Asked,
        facet: Facet,
        weights: _Weights,
        read: _Read,
        clause: _Told,
        shared: Mapping[str, float],
    ) -> Features:
        told, words = clause.features, clause.view.words
        whole = weights.focus is asked.every
        cover_focus = told["cover"] if whole else weights.focus.share(clause.held)
        expected = self._expected(asked.query, facet, read, clause, weights.asked)
        long = facet.kind in LONG_KINDS
        return Features(
            **told,
            **shared,
            cover_focus=cover_focus,
            cover_focus_local=told["cover_local"] if whole else weights.focus_local.share(clause.held),
            cover_asked=cover_focus if weights.asked is weights.focus else weights.asked.share(clause.held),
            mass_focus=_mass(weights.focus, cover_focus),
            head=0.5 if weights.head is None else clause.matches[weights.head].weight,
            expected=expected.met,
            expected_near=expected.near,
            expected_unit=expected.unit,
            expected_bound=expected.bound,
            hard_miss=float(expected.missed),
            length_when_long=told["length"] if long else 0.0,
            listing=float(long and _LIST_MARK.search(words) is not None),
            after_lead=weights.focus.share(clause.lead),
            headed=weights.focus.share(clause.headed),
            number_missing=_number_missing(asked, facet, clause),
        )

    def _expected(self, query: Query, facet: Facet, read: _Read, clause: _Told, own: _Scale) -> Expected:
        """What the clause holds of what is asked for; ``own`` are the weights of the piece that asks."""
        people = bool(read.passage.transcript.attributions)
        if facet.kind in PEOPLE and people:
            return self._expecting.somebody(query, facet, read.view, clause.view)
        places = [span for _, span in _places(clause.held, clause.matches)]
        claims = _claims(own, clause)
        return self._expecting.words(query.text, facet, clause.view, places, claims, own.total, people)


def _only_attributes(read: _Read, clause: ClauseView, facet: Facet) -> bool:
    if read.passage.turn.speech is not Speech.NARRATION or not read.passage.transcript.attributions:
        return False
    if clause.words[-1:] in ",，:：" or _ATTRIBUTES.fullmatch(clause.words):
        return True
    if len(clause.words) <= _SHORT and any(name in clause.words for name in read.document.names):
        return facet.kind not in _NAMING
    named = sum(len(a.span) for a in read.view.attributed if clause.span.contains(a.span))
    return facet.kind not in _NAMING and named > 0.6 * len(clause.words)


def _inside(view: PassageView, document: _Document) -> Sequence[tuple[int, Sought, float]]:
    """The concepts that a passage holds itself, narrowed to its words, and how surely it does.

    What the whole document lacks, no part of it holds.
    """
    rated = [(at, one, one.weight(view.text)) for at, one in document.sought]
    return [(at, one.within(view.text), weight) for at, one, weight in rated if weight > 0.0]


def _matches(
    concepts: int, inside: Sequence[tuple[int, Sought, float]], clause: ClauseView
) -> tuple[Match, ...]:
    """How a clause holds each concept."""
    found = [NO_MATCH] * concepts
    for at, one, _ in inside:
        found[at] = one.match(clause.words)
    return tuple(found)


def _around(
    concepts: Sequence[Concept],
    sought: Sequence[Sought],
    inside: Sequence[tuple[int, Sought, float]],
    view: PassageView,
    document: _Document,
) -> tuple[float, ...]:
    """How surely a passage or its context holds each concept; of a year or place, its whole document."""
    found = [0.0] * len(concepts)
    for at, _, weight in inside:
        found[at] = weight
    for at, in_document in document.held:
        if concepts[at].kind in _OF_DOCUMENT:
            found[at] = max(found[at], in_document)
        elif found[at] < 1.0:
            found[at] = max(found[at], sought[at].weight(view.around))
    return tuple(found)


def _asked(query: Query, reads: Sequence[_Read], opposites: Opposites) -> _Asked:
    importance = [concept.importance for concept in query.concepts]
    kinds = [concept.kind for concept in query.concepts]
    return _Asked(
        query=query,
        every=_scale(importance),
        local=_scale(_made_local(importance, reads)),
        substance=_part_of(_scale(importance), [kind in _SUBSTANTIAL for kind in kinds]),
        settled=_part_of(_scale(importance), [concept.settled for concept in query.concepts]),
        numbers=[at for at, kind in enumerate(kinds) if kind == "number"],
        pairs=query.pairs,
        idf=sum(query.term_idf.values()),
        future=_FUTURE_ASKED.search(query.about) is not None,
        share=_SHARE_ASKED.search(query.about) is not None,
        opposites=opposites,
        dates=sorted({read.passage.transcript.date.sort_key for read in reads}),
    )


def _made_local(importance: Sequence[float], reads: Sequence[_Read]) -> list[float]:
    """The concepts' importance weighted by how few of the clauses read hold them."""
    clauses = sum(len(read.clauses) for read in reads)
    highest = math.log(clauses + 2.0)
    holding = Counter(at for read in reads for held in read.held for at, _ in held)
    return [
        weight * math.log((clauses + 2.0) / (holding[at] + 1.0)) / highest
        for at, weight in enumerate(importance)
    ]


def _focus(query: Query, facet: Facet) -> list[bool]:
    """Which concepts are a facet's own."""
    focus = [concept.span.overlaps(facet.span) for concept in query.concepts]
    if sum(c.importance for c, own in zip(query.concepts, focus, strict=True) if own) < _LITTLE:
        # 下一场哪天办，在哪里？: the second is about what the first named.
        return [concept.span.start < facet.span.end for concept in query.concepts]
    return focus


def _asked_for(asked: _Asked, facet: Facet) -> _Asked:
    """What is asked where several things are, for one of them: the words of the others weigh little."""
    focus = _focus(asked.query, facet)
    if len(asked.query.facets) < 2 or all(focus) or not any(focus):
        return asked
    share = [1.0 if own else _OTHERS for own in focus]
    every, local, substance, settled = (
        _scale([weight * part for weight, part in zip(scale.weights, share, strict=True)])
        for scale in (asked.every, asked.local, asked.substance, asked.settled)
    )
    pairs = pairs_in(facet.span.of(asked.query.text))
    return replace(asked, every=every, local=local, substance=substance, settled=settled, pairs=pairs)


def _weights(asked: _Asked, facet: Facet) -> _Weights:
    query, every = asked.query, asked.every
    focus = _focus(query, facet)
    if all(focus) or not any(focus):
        focused, focused_local = every, asked.local
    else:
        focused, focused_local = _part_of(every, focus), _part_of(asked.local, focus)
    piece = [concept.span.overlaps(facet.piece) for concept in query.concepts]
    alike = piece == focus or not any(piece)
    dates = asked.dates if _wants_newest(query, facet) else ()
    own = focused if alike else _part_of(every, piece)
    return _Weights(focused, focused_local, own, _head(query.concepts, facet), dates)


def _head(concepts: Sequence[Concept], facet: Facet) -> int | None:
    """The word a question word asks of: that beside it in its piece (开门 of 几点开门), or the last one."""
    own = [
        (at, c.span)
        for at, c in enumerate(concepts)
        if c.kind in _SUBSTANTIAL and c.span.overlaps(facet.piece)
    ]
    ask = facet.ask
    if ask is None:
        return own[-1][0] if own else None
    beside = ((max(span.start - ask.end, ask.start - span.end), -at) for at, span in own)
    nearest = min((found for found in beside if found[0] >= 0), default=None)
    return None if nearest is None else -nearest[1]


def _scale(weights: Sequence[float]) -> _Scale:
    return _Scale(tuple(weights), sum(weights))


def _part_of(scale: _Scale, own: Sequence[bool]) -> _Scale:
    return _scale([weight * mine for weight, mine in zip(scale.weights, own, strict=True)])


def _held(values: Sequence[float]) -> Held:
    return [(at, value) for at, value in enumerate(values) if value > 0.0]


def _united(first: Held, second: Held) -> Held:
    """What either holds, each concept as surely as the surer of the two."""
    both = dict(first)
    for at, value in second:
        both[at] = max(value, both.get(at, 0.0))
    return list(both.items())


def _told(asked: _Asked, read: _Read) -> Iterator[_Told]:
    """The clauses of a passage that may be evidence."""
    places = [at for at in range(len(read.clauses)) if _concerns(read, at)]
    if not places:
        return
    shared = _passage_features(asked, read)
    times = times_of(asked.query, read.passage.transcript, read.view.clauses)
    for at in places:
        clause = read.view.clauses[at]
        span = clause.span.shift(read.passage.span.start)
        if not read.passage.transcript.holds(span):
            continue  # 已失效: readable, never evidence
        yield _Told(
            view=clause,
            span=span,
            matches=read.clauses[at],
            held=read.held[at],
            lead=_lead(read, at),
            headed=_heads(read, at),
            features={**shared, **times[at], **_clause_features(asked, read, at)},
        )


def _concerns(read: _Read, at: int) -> bool:
    """Whether there is anything of the question in a clause, or right before it, or over it."""
    return bool(read.held[at] or (at and read.held[at - 1]) or _heads(read, at))


def _clause_features(asked: _Asked, read: _Read, at: int) -> dict[str, float]:
    clause, matches, held = read.view.clauses[at], read.clauses[at], read.held[at]
    words = clause.words
    with_before = _united(held, read.held[at - 1]) if at and read.held[at - 1] else held
    cover = asked.every.share(held)
    pairs = sum([pair in words for pair in asked.pairs])
    return {
        "cover": cover,
        "cover_with_before": cover if with_before is held else asked.every.share(with_before),
        "cover_local": asked.local.share(held),
        "mass": _mass(asked.every, cover),
        "overlap": _overlap(asked, words),
        "bigrams": pairs / len(asked.pairs) if asked.pairs else 0.0,
        "numbers": _number_share(asked.numbers, matches),
        "length": min(1.0, math.log1p(len(words)) / 6.0),
        "first": float(at == 0),
        "opening": float(at == 0 and read.passage.span.start == 0),
        "asks": float(words[-1:] in _ASKING),
        "unfinished": float(words[-1:] not in _FINISHED),
        "echo": pairs / max(1, len(words) - 1),
        "position": clause.span.start / max(1, len(read.view.text)),
        "same_phrase": _same_phrase(asked.every, _places(held, matches), clause),
        "future_conflict": float(asked.future and _FUTURE_TOLD.search(words) is None),
        "share_conflict": float(asked.share and _SHARE_TOLD.search(words) is None),
        "opposed": _opposed(asked.opposites, matches, words),
    }


def _passage_features(asked: _Asked, read: _Read) -> dict[str, float]:
    held = _held(read.around)
    turn = read.passage.turn
    cover = asked.every.share(held)
    return {
        "cover_passage": cover,
        "cover_head": asked.every.share(read.document.head),
        "cover_document": asked.every.share(read.document.held),
        "mass_passage": _mass(asked.every, cover),
        "substance": min(1.0, asked.substance.sum(held)),
        "largest_missing": _largest_missing(asked.every, read.around),
        "lost": _lost(asked.every, cover),
        "lost_settled": _lost(asked.settled, asked.settled.share(held)),
        "score": read.score,
        "score_share": read.score_share,
        "score_document": read.document_score,
        "score_margin": max(-1.0, min(1.0, read.margin)),
        "rank": 1.0 / (1 + read.rank),
        "question_turn": float(turn.kind is TurnKind.QUESTION),
        "replies": float(turn.replies_to is not None),
        "narration": float(turn.speech is Speech.NARRATION),
        "place_conflict": read.document.place_conflict,
        "named_missing": read.document.named_missing,
        "office_missing": _lacking(asked.query.concepts, read.around, _is_office),
    }


def _focus_features(
    asked: _Asked, weights: _Weights, read: _Read, told: Mapping[str, float]
) -> dict[str, float]:
    """What a passage is to one facet; ``told`` is what it is to all of them."""
    cover, missing = told["cover_passage"], told["largest_missing"]
    if weights.focus is not asked.every:
        cover, missing = _cover_and_missing(weights.focus, read)
    cover_asked, missing_asked = cover, missing
    if weights.asked is not weights.focus:
        cover_asked, missing_asked = _cover_and_missing(weights.asked, read)
    return {
        "cover_focus_passage": cover,
        "cover_asked_passage": cover_asked,
        "largest_missing_focus": missing,
        "largest_missing_asked": missing_asked,
        "lost_asked": _lost(weights.asked, cover_asked),
        "head_passage": 0.5 if weights.head is None else read.around[weights.head],
        "recent": weights.recency(read.passage.transcript),
    }


def _cover_and_missing(scale: _Scale, read: _Read) -> tuple[float, float]:
    return scale.share(_held(read.around)), _largest_missing(scale, read.around)


def _mass(scale: _Scale, share: float) -> float:
    return min(1.0, share * scale.total / _ENOUGH)


def _lost(scale: _Scale, share: float) -> float:
    return min(1.0, (1.0 - share) * scale.total / _ENOUGH)


def _claims(own: _Scale, clause: _Told) -> list[tuple[str, float]]:
    """The words of the piece that asks which a clause holds, with what they weigh."""
    return [
        (form.text, own.weights[at] * value)
        for at, value in clause.held
        if own.weights[at] and (form := clause.matches[at].form) is not None
    ]


def _largest_missing(scale: _Scale, values: Sequence[float]) -> float:
    return max(
        [weight * (1.0 - value) for weight, value in zip(scale.weights, values, strict=True)], default=0.0
    )


def _overlap(asked: _Asked, words: str) -> float:
    found = [
        idf for term, idf in asked.query.term_idf.items() if term in words and find_word(words, term) >= 0
    ]
    return sum(found) / asked.idf if asked.idf else 0.0


def _number_missing(asked: _Asked, facet: Facet, clause: _Told) -> float:
    """The share of the numbers that a yes or no is asked of which a clause does not hold."""
    if facet.kind != "yesno":
        return 0.0
    own = [at for at in asked.numbers if asked.query.concepts[at].span.overlaps(facet.piece)]
    lacking = [at for at in own if clause.matches[at].weight == 0.0]
    if not lacking:
        return 0.0
    concepts, words = asked.query.concepts, clause.view.words
    return sum([not comparable(concepts[at], words) for at in lacking]) / len(own)


def _number_share(numbers: Sequence[int], matches: Sequence[Match]) -> float:
    return sum([matches[at].weight for at in numbers]) / len(numbers) if numbers else 0.5


def _places(held: Held, matches: Sequence[Match]) -> list[tuple[int, Span]]:
    """Where a clause holds which concepts, by number; those that it holds in part are nowhere."""
    return [(at, span) for at, _ in held if (span := matches[at].span) is not None]


def _same_phrase(scale: _Scale, places: Sequence[tuple[int, Span]], clause: ClauseView) -> float:
    """The share of all importance held within the phrase that holds most."""
    if not places or not scale.total:
        return 0.0
    weights = scale.weights
    if len(places) == 1:  # wherever it is, that phrase holds most
        return weights[places[0][0]] / scale.total
    most = max(sum([weights[at] for at, span in places if span.overlaps(p)]) for p in clause.phrases)
    return most / scale.total


def _lead(read: _Read, at: int) -> Held:
    """What the clause before holds, where it announces what comes next."""
    before: Held = read.held[at - 1] if at else ()
    return before if before and _LEAD.fullmatch(read.view.clauses[at - 1].words) else ()


def _heads(read: _Read, at: int) -> Held:
    """What the heading holds that a clause stands under."""
    head = read.view.headed_by[at]
    return read.held[head] if head >= 0 else read.heading


def _opposed(opposites: Opposites, held: Sequence[Match], words: str) -> float:
    # Parts of a word are no sign of it: 上半年 holds most of 下半年.
    return float(any(held[at].span is None and any(w in words for w in others) for at, others in opposites))


def _lacking(
    concepts: Sequence[Concept], document: Sequence[float], chosen: Callable[[Concept], bool]
) -> float:
    """The share of the ``chosen`` concepts of the question that the document does not hold."""
    weights = [weight for c, weight in zip(concepts, document, strict=True) if chosen(c)]
    return sum(weight == 0.0 for weight in weights) / len(weights) if weights else 0.0


def _is_place(concept: Concept) -> bool:
    return concept.kind == "place" and not concept.lived


def _is_office(concept: Concept) -> bool:
    return concept.kind == "office"


def _is_latin(concept: Concept) -> bool:
    return concept.kind == "word" and concept.text[0].isascii() and concept.text[0].isalpha()


def _wants_newest(query: Query, facet: Facet) -> bool:
    if query.named:
        return False
    return facet.kind in PEOPLE or _NOW.search(query.about) is not None

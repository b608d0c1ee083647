"""What a question expects of its answer: a person, a time, an amount, a yes or no.

A question is cut into pieces at stops and commas; a piece with a question word is a facet, one thing
that is asked. Which words ask for what is data: ``corpus/lexicon/expectations.yaml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from qa.language.lexicon import Lexicon
from qa.language.numerals import arabic
from qa.model import Span
from qa.text import phrases

__all__ = ["Facet", "facets", "pieces"]

_UNIT = re.compile(
    r"(?:多少|几)(?:余|多)?(?![了的吗呢啊呀嘛吧哦哟是在有和与才就都还能会要])([\u4e00-\u9fff]{1,2})"
)
"""The counter behind a question word: 几所, not 百分之多少了."""
_COUNTED = frozenset({"count", "money", "rate", "duration", "age"})
"""What is told by a figure in a unit; 几点 and 几号 ask for a time, not for so many."""
_MEMBERS = "members"
"""The name of what asks for things one by one."""
_MANY = re.compile(r"(?<![\d.第])(\d{1,3})(?=方面|[大个项种类条件家所点样处位名座场步句部款支块色])")
"""How many things are spoken of."""
_ESTIMATE = re.compile(r"好几|[那这前近头后]几|[十百千]几(?![号点])|几十")
"""Words with 几 that tell about how many, and ask nothing: 好几年, 十几万."""
_SPLIT = re.compile(
    r"、(?=[^、]{0,8}(?:哪|什么|多少|几|怎么|谁))|(?<=[吗呢])\s|\s+(?=\S*(?:哪|什么|多少|几|怎么|谁))"
)


@dataclass(frozen=True, slots=True)
class Facet:
    """One thing a question asks.

    ``span`` are its words in the repaired question with the pieces before it that ask nothing
    themselves (the resident's circumstances), ``piece`` those without the pieces before it. ``kind`` is what
    is expected (see ``expectations.yaml``; ``any`` when no question word was found), ``expects`` the name of
    the expectation, ``unit`` the counter or unit of an expected quantity as written, ``ask`` the span of the
    question word. ``measures`` says that measures or rules are asked for, which run over several clauses,
    ``members`` how many things are asked for one by one (哪八个, 分别是什么), 0 where none are.
    """

    span: Span
    piece: Span
    kind: str
    expects: str = "any"
    unit: str | None = None
    ask: Span | None = None
    measures: bool = False
    members: int = 0


def facets(text: str, lexicon: Lexicon) -> tuple[Facet, ...]:
    """The facets of repaired, folded ``text``, in order; at least one for text that is not blank.

    Pieces without a question word ask nothing of their own; when no piece has one, the whole text is
    one facet that expects anything.
    """
    found: list[Facet] = []
    begun: int | None = None
    for piece in pieces(text):
        facet = _facet(text, piece, lexicon)
        begun = piece.start if begun is None else begun
        if facet is not None:
            found.append(replace(facet, span=Span(begun, piece.end)))
            begun = None
    precise = [facet for facet in found if facet.kind not in ("yesno", "what")]
    if precise and len(found) > len(precise):
        # 是不是…？到底多少？ is decided by the figure; the yes or no comes with it.
        found = [f for f in found if f.kind != "yesno" or len(f.span) > 8]
    whole = Span(0, len(text))
    return tuple(found) or (Facet(whole, whole, "any"),)


def pieces(text: str) -> Iterator[Span]:
    """The pieces of repaired, folded ``text`` each of which may ask something: its phrases, cut before
    further question words."""
    for phrase in phrases(text):
        at = phrase.start
        for match in _SPLIT.finditer(text, phrase.start, phrase.end):
            yield Span(at, match.start())
            at = match.end()
        yield Span(at, phrase.end)


def _facet(text: str, piece: Span, lexicon: Lexicon) -> Facet | None:
    words = _ESTIMATE.sub(_hidden, piece.of(text).rstrip("?!。;,.:~ 呢啊呀哦嘛吧哈"))
    for expectation in lexicon.expectations:
        for pattern in expectation.ask:
            match = pattern.search(words)
            if match is not None:
                unit = _UNIT.match(words, match.start())
                end = match.end() if unit is None else max(match.end(), unit.start(1) + 1)
                ask = Span(match.start(), end).shift(piece.start)
                counted = _unit(words) if expectation.kind in _COUNTED else None
                measures = any(noun in words for noun in lexicon.measures)
                members = _members(text, piece, ask) if expectation.name == _MEMBERS else 0
                kind, name = expectation.kind, expectation.name
                return Facet(piece, piece, kind, name, counted, ask, measures, members)
    return None


def _hidden(estimate: re.Match[str]) -> str:
    return "\0" * len(estimate.group())


def _members(text: str, piece: Span, ask: Span) -> int:
    """How many things are asked for one by one: as many as the question word says, or its piece, or the
    question; at least two."""
    which, _ = arabic(ask.of(text).replace("哪", " "))
    told = (_MANY.findall(words) for words in (which, piece.of(text), text))
    return max(2, next((int(found[-1]) for found in told if found), 0))


def _unit(words: str) -> str | None:
    match = _UNIT.search(words)
    return None if match is None else match.group(1)

"""A question as the engine understands it.

The content of a question is a list of *concepts*: the resident's words with all the forms in which an
official may say the same, each form with a weight below that of the resident's own. Retrieval uses
the concepts' terms, reading checks which concepts the evidence holds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from qa.language import numerals
from qa.language.circumstances import circumstances
from qa.language.concept import Concept, Form
from qa.language.expect import Facet, facets
from qa.language.followup import Read, leans, taking_over
from qa.language.lexicon import Lexicon
from qa.language.repair import Repairer
from qa.language.segment import Segmenter, Word
from qa.model import Repair, Span
from qa.text import find_word, is_han, splits_run

__all__ = ["Concept", "Form", "Query", "Understander", "pairs_in"]

_GROUP = 0.9
_POINTER = 0.75
_OFFICE = 0.95
_ASKING = re.compile(r"^几|^哪|多少|多久|多长|什么|怎么|怎样|如何|^(.)[不没]\1")
_LONGEST_KEY = 16
_BESIDE, _INSTEAD = 0.15, 0.5
"""What another form's terms weigh: beside a word that the corpus uses, and instead of one it never does."""
_TELLING = 0.4
"""The share of a word's telling power from which a part may stand for the word."""
_OF_PART, _MOST_OF_PART = 1.1, 0.9
"""What another form of a part of a word is worth for the whole word, and the most it can be."""
_ABOUT = "多余来几"
"""What stands between a number and its counter and makes it an estimate."""
_OWN_UNITS = frozenset("年")
"""Units without which a number is another one, beside 万 and 亿."""
_SHARES = frozenset("%‰")
_ESTIMATE = re.compile(f"[{_ABOUT}]")
_SMALL = re.compile(r"(\d{1,2})([万亿年]?)")
_PHRASE = 3
"""The characters from which a stopword may be several words of the segmenter, which does not know it."""
_LONGEST_UNIT = 5
"""The characters within which a word that follows a number begins, 多万 and the like included."""
_YEAR_WEIGHT, _NUMBER_WEIGHT = 0.2, 0.5
_LATIN = 0.7
"""What is left of the importance of a word in Latin letters: how rare it is in Chinese says little of it."""
_ASKED = 0.35
"""What is left of the importance of a noun that only names what is asked for."""
_RARE, _RARE_PART = 1200, 0.45
"""jieba's count up to which a character is telling by itself, and what finding it alone is worth."""
_LEAST_WEIGHT = 0.15
_ADDRESS = re.compile(r"\s*([\u4e00-\u9fff]{1,6})\s*[,，.。!！:：、~\s]\s*")
"""The first words of a question, as far as its first stop."""
_QUOTED = re.compile(r"[“「『《〈‘\"]([\w·]{2,10})[”」』》〉’\"]")
"""A name in quotation marks or title marks: one word, whatever it is made of."""
_REMEMBERED = 2048
"""How many words' meanings are remembered."""


@dataclass(frozen=True)
class Query:
    """A question understood.

    ``text`` is the repaired, folded question and the offsets of facets and concepts count it; ``terms``
    are the weighted terms for the ranker, ``highest`` the sum of the inverse document frequencies of the
    question's own, ``lived`` are the years that only tell the asker's case, ``about`` is ``text`` with
    blanks in place of that case, ``term_idf`` the content words' inverse document frequencies and
    ``pairs`` the pairs of neighbouring ideographs, for reading. ``said`` is ``text`` without what was
    taken over from the question that it ``follows``.
    """

    asked: str
    said: str
    text: str
    repairs: tuple[Repair, ...]
    facets: tuple[Facet, ...]
    concepts: tuple[Concept, ...]
    years: tuple[int, ...]
    lived: frozenset[int]
    about: str
    terms: Mapping[str, float]
    term_idf: Mapping[str, float]
    highest: float
    pairs: frozenset[str]
    follows: str | None = None

    @property
    def named(self) -> tuple[int, ...]:
        """The years asked about: not those that only tell the asker's case."""
        return tuple(year for year in self.years if year not in self.lived)


class _Key(NamedTuple):
    """What may be said: made faster than other records, as there are tens of thousands."""

    kind: str
    weights: Mapping[str, float]
    """How surely each form means the same: of tens of thousands, a question needs a few as forms."""

    @property
    def forms(self) -> tuple[Form, ...]:
        return tuple(Form(text, weight) for text, weight in sorted(self.weights.items()))


@dataclass(frozen=True, slots=True)
class _Meaning:
    """What a word means wherever it stands: its forms, and how much of a question it is."""

    forms: tuple[Form, ...]
    importance: float


class Understander:
    """Turns questions into queries.

    What the words asked about last mean is remembered: residents ask with the same words.

    Args:
        now: the year that 去年 and the like are told from, where it is known.
        idf: the corpus's inverse document frequency of a term, and the highest there can be.
        term_maker: the terms a text is indexed by.
    """

    def __init__(
        self,
        lexicon: Lexicon,
        segmenter: Segmenter,
        repairer: Repairer,
        idf: Callable[[str], float],
        term_maker: Callable[[str], Iterable[str]],
        now: int | None = None,
    ) -> None:
        self._lexicon = lexicon
        self._segmenter = segmenter
        self._repairer = repairer
        self._idf = idf
        self._terms = term_maker
        self._now = now
        self._keys = _keys(lexicon)
        self._settled = lexicon.settled()
        self._longest = _longest_by_start(self._keys)
        self._stop_phrases = _by_start(word for word in lexicon.stopwords if len(word) >= _PHRASE)
        self._terms_of: dict[str, tuple[str, ...]] = {}
        self._meaning = lru_cache(_REMEMBERED)(self._meaning_of)
        self._parts = lru_cache(_REMEMBERED)(self._parts_of)

    def understand(self, asked: str, history: tuple[str, ...] = (), repair: bool = True) -> Query:
        """The query of a question.

        ``history`` are earlier questions, oldest first: a question that cannot stand alone takes the
        words it lacks from the last of them. With ``repair`` off the words are taken as typed.
        """
        fix = self._repairer.repair if repair else self._repairer.plain
        text, repairs = fix(asked)
        said, follows = self._read(text), None
        read = said
        if history and leans(said):
            before, _ = fix(history[-1])
            taken = taking_over(said, self._read(before))
            if taken is not None:
                read, follows = taken, history[-1]
        years = self._years(read.text)
        lived = any(concept.lived for concept in read.concepts)
        case = circumstances(read.text, read.facets, self._lexicon) if lived else ()
        terms, highest = self._weighted_terms(read.text, read.concepts)
        return Query(
            asked=asked,
            said=said.text,
            text=read.text,
            repairs=repairs,
            facets=read.facets,
            concepts=read.concepts,
            years=years,
            lived=frozenset(years) & _lived(read.concepts),
            about=_without(read.text, case),
            terms=terms,
            highest=highest,
            term_idf=self._term_idf(read.concepts),
            pairs=pairs_in(read.text),
            follows=follows,
        )

    def _read(self, text: str) -> Read:
        found = facets(text, self._lexicon)
        case = circumstances(text, found, self._lexicon)
        concepts = self.concepts(text)
        return Read(text, found, _with_case(concepts, case) if case else concepts)

    # -- concepts -----------------------------------------------------------------------------------

    def concepts(self, text: str) -> tuple[Concept, ...]:
        """The concepts of repaired, folded ``text``, in reading order."""
        words = self._segmenter.words(text)
        edges = {word.start for word in words} | {len(text)}
        found: list[Concept] = []
        at = self._addressed(text)
        by_start = {word.start: word for word in words}
        quoted = {match.start(1): match.end(1) for match in _QUOTED.finditer(text)}
        while at < len(text):
            if at in quoted and not _asks(text[at : quoted[at]]):
                found.append(self._quoted(text, Span(at, quoted[at])))
                at = quoted[at]
                continue
            key = self._longest_key(text, at, edges)
            empty = self._stop_phrase(text, at, edges)
            if empty > at and (key is None or key[0] <= empty):
                at = empty
                continue
            if key is not None and not _asks(text[at : key[0]]):
                end, entry = key
                found.append(self._concept(text, Span(at, end), entry))
                by_start |= self._rest_of_word(text, end, words)
                at = end
                continue
            word = by_start.get(at)
            if word is None:
                at += 1
                continue
            counts = bool(found) and found[-1].kind in ("number", "year") and found[-1].span.end == at
            if self._is_content(word) and not _asks(word.text) and not (counts and self._is_unit(word.text)):
                found.append(self._word_concept(text, word, by_start))
                at = found[-1].span.end
                continue
            at = word.end
        return tuple(found)

    def _rest_of_word(self, text: str, at: int, words: Sequence[Word]) -> dict[int, Word]:
        """The words behind ``at`` in the word that it parts: 改造, where 老小区 ends within 小区改造."""
        end = next((word.end for word in words if word.start < at < word.end), at)
        rest = self._segmenter.words(text[at:end]) if end - at > 1 else ()
        return {at + word.start: Word(word.text, at + word.start, at + word.end) for word in rest}

    def _addressed(self, text: str) -> int:
        """Where the question begins after the words that address whoever answers (小伙子，…)."""
        match = _ADDRESS.match(text)
        addressed = match is not None and match.group(1) in self._lexicon.addresses
        return match.end() if match is not None and addressed and text[match.end() :].strip() else 0

    def _years(self, text: str) -> tuple[int, ...]:
        """The years named; 去年 and the like too, as words (not in 目前年满), where it is known from when."""
        told = (numerals.RELATIVE_YEARS.get(word.text) for word in self._segmenter.words(text))
        near = [] if self._now is None else [self._now + away for away in told if away is not None]
        return tuple(dict.fromkeys((*numerals.years(text), *near)))

    def _quoted(self, text: str, span: Span) -> Concept:
        return self._concept(text, span, self._keys.get(span.of(text)))

    def _longest_key(self, text: str, at: int, edges: set[int]) -> tuple[int, _Key] | None:
        longest = self._longest.get(text[at : at + 2], 0)
        for end in range(min(len(text), at + longest), at + 1, -1):
            entry = self._keys.get(text[at:end])
            if entry is None or splits_run(text, at, end):
                continue
            if (at in edges and end in edges) or (end - at >= 3 and (at in edges or end in edges)):
                return end, entry
        return None

    def _stop_phrase(self, text: str, at: int, edges: set[int]) -> int:
        """Where the longest phrase at ``at`` ends that says nothing (帮我看一下), or ``at`` if none does.

        It is made of whole words, and no key begins inside and goes on behind it.
        """
        if at not in edges:
            return at
        for phrase in self._stop_phrases.get(text[at : at + 2], ()):
            end = at + len(phrase)
            if end in edges and text.startswith(phrase, at) and not self._goes_on(text, at, end, edges):
                return end
        return at

    def _goes_on(self, text: str, at: int, end: int, edges: set[int]) -> bool:
        keys = (self._longest_key(text, inside, edges) for inside in range(at + 1, end))
        return any(key is not None and key[0] > end for key in keys)

    def _is_content(self, word: Word) -> bool:
        return word.text not in self._lexicon.stopwords and any(c.isalnum() for c in word.text)

    def _is_unit(self, word: str) -> bool:
        return word in self._lexicon.units or (word[0] in _ABOUT and word[1:] in self._lexicon.units)

    def _word_concept(self, text: str, word: Word, by_start: Mapping[int, Word]) -> Concept:
        own = Span(word.start, word.end)
        if self._now is not None and word.text in numerals.RELATIVE_YEARS:
            return _year(text, own, self._now + numerals.RELATIVE_YEARS[word.text])
        if not re.fullmatch(r"[0-9]+(\.[0-9]+)?%?", word.text):  # ² and ٣ are digits too, but no numbers here
            return self._concept(text, own)
        amount = numerals.amount_at(text, word.start)
        return self._concept(text, own) if amount is None else self._number(text, word, amount, by_start)

    def _number(
        self, text: str, word: Word, amount: numerals.Amount, by_start: Mapping[int, Word]
    ) -> Concept:
        """The concept of a number that ``word`` begins, or of a year."""
        after, digits = _rest(text, amount.end, by_start), word.text
        if amount.end == word.end and len(digits) == 4 and int(digits) in numerals.years(text):
            return _year(text, Span(word.start, word.end), int(digits))
        if amount.end == word.end and len(digits) == 2 and after == "年":
            year = 2000 + int(digits)
            if year in numerals.years(text):
                return _year(text, Span(word.start, word.end + 1), year)
        unit = after if after in _OWN_UNITS and amount.end == amount.span.end else ""
        span = Span(amount.span.start, amount.span.end + len(unit))
        counter = "%" if after[:1] in _SHARES else after if after and self._is_unit(after) else ""
        forms = _number_forms(span.of(text), amount)
        return Concept(span.of(text), span, "number", forms, _NUMBER_WEIGHT, counter, amount)

    def _concept(self, text: str, span: Span, key: _Key | None = None) -> Concept:
        own = span.of(text)
        meaning = self._meaning(own, key is not None)
        kind = "word" if key is None else key.kind
        settled = own in self._settled
        return Concept(own, span, kind, meaning.forms, meaning.importance, settled=settled)

    def _meaning_of(self, own: str, is_key: bool) -> _Meaning:
        every = {own: Form(own, 1.0)}
        forms = self._keys[own].forms if is_key else ()
        for form in (*forms, *self._forms_of_parts(own), *self._rare_part(own)):
            every.setdefault(form.text, form)
        told = tuple(every.values())
        return _Meaning(told, self._importance(own, told))

    def _forms_of_parts(self, own: str) -> Iterator[Form]:
        """What parts of a longer word may be called (两癌 of 两癌筛查), less the more they leave out."""
        for size in range(min(len(own) - 1, _LONGEST_KEY), 1, -1):
            for at in range(len(own) - size + 1):
                entry = self._keys.get(own[at : at + size])
                if entry is not None and not splits_run(own, at, at + size):
                    rest = own[:at] + own[at + size :]
                    told = self._share_of(own[at : at + size], rest)
                    if told < _TELLING:
                        continue  # 公积金贷款 is not about any 贷款
                    share = _OF_PART * told
                    weighed = (Form(f.text, min(_MOST_OF_PART, share * f.weight)) for f in entry.forms)
                    yield from (form for form in weighed if form.weight > 0 and len(form.text) > 1)

    def _share_of(self, part: str, rest: str) -> float:
        """How telling a part of a word is beside the rest, in [0, 1]: 公积金 of 公积金贷款 more than 贷款."""
        told, left = (
            -self._segmenter.log_probability(part) - 5.0,
            -self._segmenter.log_probability(rest) - 5.0,
        )
        return max(0.0, told) / max(1.0, max(0.0, told) + max(0.0, left))

    def _rare_part(self, own: str) -> tuple[Form, ...]:
        """The telling character of a word of two (橙 of 橙色), where one is rare and the other not."""
        if len(own) != 2 or not all(map(is_han, own)):
            return ()
        rare, common = sorted(own, key=lambda c: (self._segmenter.frequency(c), c))
        if self._segmenter.frequency(rare) > _RARE or self._segmenter.frequency(common) < _RARE:
            return ()
        return (Form(rare, _RARE_PART),)

    def _importance(self, own: str, forms: Sequence[Form]) -> float:
        general = max(0.0, min(1.0, (-self._segmenter.log_probability(own) - 5.0) / 9.0))
        highest = self._idf("") or 1.0
        local = min(self._idf(form.text) / highest for form in forms if form.weight > _RARE_PART)
        if local >= 1.0:
            local = general  # a word the corpus never uses is as telling as it is in general
        length = min(1.0, 0.55 + 0.15 * len(own))
        weight = max(_LEAST_WEIGHT, length * (0.5 * general + 0.5 * local))
        if own.isascii():
            weight *= _LATIN
        return _ASKED * weight if own in self._lexicon.asked else weight

    def _form_terms(self, text: str) -> tuple[str, ...]:
        """The terms of a lexicon's form; kept, since there are no more of them than the lexicon has."""
        found = self._terms_of.get(text)
        if found is None:
            found = tuple(self._terms(text))
            self._terms_of[text] = found
        return found

    def _term_idf(self, concepts: tuple[Concept, ...]) -> Mapping[str, float]:
        words = {part for concept in concepts for part in self._parts(concept.text)}
        return {word: self._idf(word) for word in sorted(words)}

    def _parts_of(self, own: str) -> tuple[str, ...]:
        """The words in a word by which a clause may share it; 养老 of 养老金, but not pap of newspaper."""
        parts = (part for part in self._segmenter.search_words(own) if len(part) > 1)
        return tuple(part for part in parts if find_word(own, part) >= 0)

    def _weighted_terms(self, text: str, concepts: tuple[Concept, ...]) -> tuple[Mapping[str, float], float]:
        """The terms with their weights, and the sum of the question's own terms' idf."""
        weights: dict[str, float] = {}
        for term in self._terms(text):
            weights[term] = min(2.0, weights.get(term, 0.0) + 1.0)
        own = sum([self._idf(term) for term in weights])
        highest = self._idf("")
        for concept in concepts:
            if concept.amount is not None and concept.amount.notations():
                continue  # as words, 1.85亿 is a 1, an 85 and an 亿: these find nothing
            said = self._idf(concept.text) < highest
            share = _BESIDE if said else _INSTEAD
            for form in concept.forms[1:]:
                for term in self._form_terms(form.text):
                    weights[term] = max(weights.get(term, 0.0), share * form.weight)
        return weights, own


def _without(text: str, spans: Iterable[Span]) -> str:
    """``text`` with blanks in place of some of it."""
    for span in spans:
        text = text[: span.start] + " " * len(span) + text[span.end :]
    return text


def pairs_in(text: str) -> frozenset[str]:
    """The pairs of neighbouring ideographs of ``text``."""
    return frozenset(pair for pair in map("".join, pairwise(text)) if all(map(is_han, pair)))


def _with_case(concepts: Iterable[Concept], case: Sequence[Span]) -> tuple[Concept, ...]:
    """Concepts, those marked that tell the asker's case."""
    return tuple(
        replace(concept, lived=True) if any(concept.span.overlaps(piece) for piece in case) else concept
        for concept in concepts
    )


def _lived(concepts: Sequence[Concept]) -> frozenset[int]:
    """The years of the asker's case that are named nowhere else."""
    told = [(concept.lived, int(concept.forms[-1].text)) for concept in concepts if concept.kind == "year"]
    return frozenset(year for lived, year in told if lived) - {year for lived, year in told if not lived}


def _year(text: str, span: Span, year: int) -> Concept:
    """A calendar year, however it was said."""
    said = dict.fromkeys((span.of(text), str(year)))
    return Concept(span.of(text), span, "year", tuple(Form(one, 1.0) for one in said), _YEAR_WEIGHT)


def _asks(word: str) -> bool:
    """Whether a word asks rather than says: 多少, 隔多久, 哪些, 要不要, 有没有."""
    return _ASKING.search(word) is not None or (word.endswith("几") and len(word) == 2)


def _rest(text: str, at: int, by_start: Mapping[int, Word]) -> str:
    """The word at ``at``, or what is left of it there: 人次 of 万人次 behind 3万."""
    begun = (by_start[start] for start in range(at, max(-1, at - _LONGEST_UNIT), -1) if start in by_start)
    word = next(begun, None)
    return "" if word is None else text[at : word.end]


def _number_forms(said: str, amount: numerals.Amount) -> tuple[Form, ...]:
    """A number as written, in the other notations of its value (1.85亿 and 18500万), and in Chinese numerals
    while it is small (9 and 九).

    What follows it belongs to it where that makes another number of it: 11年 is not in 11万人.
    """
    every = dict.fromkeys((said, *(_ESTIMATE.sub(about, said) for about in ("余", "")), *amount.notations()))
    forms = tuple(Form(text, 1.0) for text in every)
    match = _SMALL.fullmatch(said)
    if match is None:
        return forms
    digits, unit = match.groups()
    other = (Form(f"两{unit}", 0.9),) if digits == "2" else ()
    return (*forms, Form(numerals.spoken(int(digits)) + unit, 0.9), *other)


def _longest_by_start(keys: Iterable[str]) -> Mapping[str, int]:
    """The length of the longest key for each two characters that keys begin with."""
    found: dict[str, int] = {}
    for key in keys:
        found[key[:2]] = max(found.get(key[:2], 0), min(len(key), _LONGEST_KEY))
    return found


def _by_start(phrases: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """Phrases by the two characters that they begin with, the longest first."""
    found: dict[str, list[str]] = {}
    for phrase in sorted(phrases, key=lambda phrase: (-len(phrase), phrase)):
        found.setdefault(phrase[:2], []).append(phrase)
    return {start: tuple(told) for start, told in found.items()}


def _keys(lexicon: Lexicon) -> Mapping[str, _Key]:
    weights: dict[str, dict[str, float]] = {}
    kinds: dict[str, str] = {}

    def add(said: str, meant: Iterable[str], weight: float) -> None:
        forms = weights.get(said)
        if forms is None:
            weights[said] = dict.fromkeys(meant, weight)
            return
        for form in meant:
            forms[form] = max(forms.get(form, 0.0), weight)

    def add_names(names: Iterable[str], meant: Iterable[str], kind: str) -> None:
        meant = _lowered(meant)
        for name in _lowered(names):
            add(name, meant, _OFFICE)
            kinds[name] = kind

    for group in lexicon.groups:
        meant = _lowered(group)
        for said in meant:
            add(said, meant, _GROUP)
    for said, official in lexicon.pointers.items():
        add(said.lower(), _lowered(official), _POINTER)
    for office in lexicon.offices:
        add_names(office.names, office.names, "office")
    for place in lexicon.places:
        add_names(place.names, (*place.names, *place.abbreviations), "place")
    return {said: _Key(kinds.get(said, "word"), forms) for said, forms in weights.items() if len(said) > 1}


def _lowered(words: Iterable[str]) -> list[str]:
    return [word.lower() for word in words]

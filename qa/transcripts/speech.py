"""A paragraph taken apart: whose words its parts are, direct or reported.

The rules are those of news prose. What somebody says after ``X表示，`` is reported speech up to the end
of the paragraph, the next attribution, or a phrase by which the reporter takes the floor. Quoted
speech is direct. The words that attribute are the reporter's.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter

from qa.model import Span, Speaker, Speech
from qa.transcripts.people import TITLE
from qa.transcripts.pieces import Piece
from qa.transcripts.quotes import spoken_quotes
from qa.transcripts.verbs import ADVERBS, SAYS

__all__ = ["Parsed", "Speeches"]


@dataclass(frozen=True, slots=True)
class Parsed:
    """The pieces of a paragraph, in order, and who would go on speaking in the next one."""

    pieces: tuple[Piece, ...]
    floor: Speaker | None


@dataclass(frozen=True, slots=True)
class _Said:
    """Words that attribute (``据X介绍，``, ``X说。``).

    ``opens``: what follows is X's. ``answers``: they say what X is replying to, so that a
    quotation before them is not X's.
    """

    span: Span
    speaker: Speaker
    opens: bool
    answers: bool


@dataclass(frozen=True, slots=True)
class _Quoted:
    """A spoken quotation; ``span`` is without its marks."""

    span: Span


@dataclass(frozen=True, slots=True)
class _Voice:
    """From here on unquoted words are ``speaker``'s, or the reporter's own (None). An empty span."""

    span: Span
    speaker: Speaker | None


_Event = _Said | _Quoted | _Voice

_CONNECTIVE = re.compile(r"而|此外|同时|另外|并且|其次|再者|最后|还有|第[二三四五六七]|[二三四五六七]是")
# To take the reporter's words for an official's is the worse mistake, so these end reported speech.
_ASIDE = re.compile(r"值得(?:一提|注意|关注)的是|据了解|据悉|记者(?:了解到|获悉|看到|注意到|从)")
_SENTENCE = re.compile(r".*?(?:[。！？!?；;]+[”」’』）)]*|\Z)", re.DOTALL)
_SENTENCE_END = re.compile(r"[。！？!?；;]+[”」’』）)]*")
_QUESTION_END = re.compile(r"[？?][”」’』）)]*\Z")
_ASKS = re.compile(r"请问|想问|[？?][’』）)]*\Z")
_ASKED = re.compile(
    r"(?:市民|居民|群众|网友|村民|读者|家长|老人|企业|代表)[^。！？!?]{0,30}(?:疑问|提问|发问|询问|追问|咨询|问道)"
)
_ANSWERS = re.compile(r"针对|面对|对于|关于|回应|提问|疑问|问题")
_SOMEBODY_ASKS_BEFORE = re.compile(r"(?:提问|发问|询问|追问|咨询|问)道?[，,：:]\Z")
_SOMEBODY_SAYS_BEFORE = re.compile(rf"(?:{SAYS}|问)[，,：:]?\Z")
_SOMEBODY_SAYS_AFTER = re.compile(rf"[，,]?[^。！？!?“]{{1,20}}?(?:{SAYS}|问)[，,。：:]")
_VERB_LIMIT = 20  # no verb of saying with its stop is longer (code points)
_WORD = re.compile(r"\w")
_LEADING = re.compile(r"[\s，,。；;、]*")


_start = attrgetter("start")
_end = attrgetter("end")


class Speeches:
    """Takes the paragraphs of one transcript apart.

    Args:
        speakers: name -> speaker, for everybody whose office the transcript states.
    """

    def __init__(self, speakers: Mapping[str, Speaker]) -> None:
        self._speakers = dict(speakers)
        self._attribution = _attribution_pattern(speakers) if speakers else None

    def parse(self, paragraph: str, floor: Speaker | None = None) -> Parsed:
        """The pieces of a paragraph.

        Args:
            paragraph: its text; the spans of the pieces count from its start.
            floor: who would go on speaking after the paragraph before, or None.
        """
        quotes = spoken_quotes(paragraph)
        starts = _sentence_starts(paragraph, quotes)
        said = tuple(self._said(paragraph, quotes, starts, floor))
        goes_on = not said and _CONNECTIVE.match(paragraph) is not None
        floor = floor if goes_on else None
        events: list[_Event] = [*said, *map(_Quoted, quotes), *_voices(paragraph, quotes, said, starts)]
        events.sort(key=lambda event: event.span)
        pieces = _with_questions(paragraph, _pieces(paragraph, events, floor))
        opened = [event.speaker for event in said if event.opens]
        return Parsed(tuple(pieces), opened[-1] if opened else floor)

    def _said(
        self, paragraph: str, quotes: Sequence[Span], starts: Sequence[int], last: Speaker | None
    ) -> Iterator[_Said]:
        """The attributions of a paragraph, each from the start of its sentence; 她 is who spoke ``last``."""
        if self._attribution is None:
            return
        floor = 0
        for found in self._attribution.finditer(paragraph):
            if _is_quoted(quotes, found.start()):
                continue
            speaker = self._meant(found, starts, last)
            if speaker is None:
                continue
            last = speaker
            opens = found["stop"] != "。"
            start = max(floor, _before(starts, found.start()))
            lead = paragraph[start : found.start()]
            if not opens and not _follows_quote(paragraph, start, quotes):
                # A sentence of reported speech that ends with …，X说。
                start = _after_last_comma(paragraph, start, found.start())
            yield _Said(Span(start, found.end()), speaker, opens, _ANSWERS.search(lead) is not None)
            floor = found.end()

    def _meant(self, found: re.Match[str], starts: Sequence[int], last: Speaker | None) -> Speaker | None:
        if found["pronoun"]:
            return last if found.start() in starts else None
        return self._speakers[found["name"] or found["viewer"]]


def _attribution_pattern(speakers: Mapping[str, Speaker]) -> re.Pattern[str]:
    names = "|".join(re.escape(name) for name in sorted(speakers, key=len, reverse=True))
    return re.compile(
        rf"(?:(?:(?P<name>{names})(?:{TITLE}|同志|先生|女士)?|(?P<pronoun>[他她]))(?:{ADVERBS})*(?:{SAYS})|在(?P<viewer>{names})看来)(?P<stop>[，,：:。]|(?=“))"
    )


def _sentence_starts(paragraph: str, quotes: Sequence[Span]) -> tuple[int, ...]:
    """Where sentences begin, in order; a spoken quotation ends the sentence before."""
    ends = {0, *(found.end() for found in _SENTENCE_END.finditer(paragraph))}
    ends |= {quote.end + 1 for quote in quotes}
    return tuple(sorted({_skip(paragraph, end) for end in ends}))


def _before(starts: Sequence[int], at: int) -> int:
    """The last of ``starts`` that is not after ``at``; 0 if there is none."""
    index = bisect_right(starts, at)
    return starts[index - 1] if index else 0


def _after_last_comma(paragraph: str, start: int, end: int) -> int:
    return max(start, *(paragraph.rfind(comma, start, end) + 1 for comma in "，,"))


def _is_quoted(quotes: Sequence[Span], at: int) -> bool:
    before = bisect_right(quotes, at, key=_start)
    return before > 0 and at < quotes[before - 1].end


def _follows_quote(paragraph: str, at: int, quotes: Sequence[Span]) -> bool:
    before = bisect_left(quotes, at, key=_end)
    return before > 0 and not _WORD.search(paragraph, quotes[before - 1].end, at)


def _skip(paragraph: str, at: int) -> int:
    found = _LEADING.match(paragraph, at)
    return found.end() if found else at


def _voices(
    paragraph: str, quotes: Sequence[Span], said: Sequence[_Said], starts: Sequence[int]
) -> Iterator[_Voice]:
    """Where unquoted words change their voice without an attribution before them."""
    for found in _ASIDE.finditer(paragraph):
        if not _is_quoted(quotes, found.start()) and found.start() == _before(starts, found.start()):
            yield _Voice(Span(found.start(), found.start()), None)
    for event in said:
        start = _before(starts, event.span.start)
        if not event.opens and start < event.span.start:
            yield _Voice(Span(start, start), event.speaker)


def _pieces(paragraph: str, events: Sequence[_Event], voice: Speaker | None) -> Iterator[Piece]:
    at = 0
    following = _following(events)
    for index, event in enumerate(events):
        match event:
            case _Quoted(span):
                yield from _unquoted(paragraph, Span(at, span.start - 1), voice)
                speaker = _who(paragraph, events, index, voice, following[index])
                asks = speaker is None and _ASKS.search(span.of(paragraph)) is not None
                yield Piece(span, Speech.DIRECT, speaker, asks)
                at = min(span.end + 1, len(paragraph))
            case _Said(span, speaker, opens):
                before = tuple(_unquoted(paragraph, Span(at, span.start), voice))
                yield from _put_to(paragraph, before, opens=opens)
                yield from _unquoted(paragraph, span, None)
                voice = speaker if opens else None
                at = span.end
            case _Voice(span, speaker):
                yield from _unquoted(paragraph, Span(at, span.start), voice)
                voice = speaker
                at = span.end
    yield from _unquoted(paragraph, Span(at, len(paragraph)), voice)


def _unquoted(paragraph: str, span: Span, voice: Speaker | None) -> Iterator[Piece]:
    """The piece ``span`` is, without what leads to it; nothing if it has no words."""
    text = span.of(paragraph)
    if _WORD.search(text):
        start = _skip(paragraph, span.start)
        end = span.start + len(text.rstrip())
        yield Piece(Span(start, end), Speech.REPORTED if voice else Speech.NARRATION, voice)


def _put_to(paragraph: str, before: Sequence[Piece], *, opens: bool) -> Iterator[Piece]:
    """The reporter's words before somebody is given the floor: the questions that end them are put to him."""
    for piece in before:
        asked = _last_questions(paragraph, piece.span) if opens and piece.speech is Speech.NARRATION else None
        if asked is None:
            yield piece
            continue
        if piece.span.start < asked.start:
            yield replace(piece, span=Span(piece.span.start, asked.start))
        yield Piece(asked, Speech.REPORTED, None, asks=True)


def _last_questions(paragraph: str, span: Span) -> Span | None:
    """The sentences at the end of ``span`` that are questions, or None if the last one is none."""
    sentences = [found.span() for found in _SENTENCE.finditer(paragraph, span.start, span.end)]
    asked = None
    for start, end in reversed([one for one in sentences if one[0] < one[1]]):
        if not _QUESTION_END.search(paragraph[start:end]):
            break
        asked = Span(start, span.end)
    return asked


def _following(events: Sequence[_Event]) -> tuple[_Said | None, ...]:
    """For each event, the next attribution after it."""
    found: list[_Said | None] = []
    after: _Said | None = None
    for event in reversed(events):
        found.append(after)
        after = event if isinstance(event, _Said) else after
    return tuple(reversed(found))


def _who(
    paragraph: str, events: Sequence[_Event], index: int, voice: Speaker | None, after: _Said | None
) -> Speaker | None:
    """Whose words the quotation ``events[index]`` is, or None if the paragraph does not say."""
    span = events[index].span
    asks = _ASKS.search(span.of(paragraph)) is not None
    if asks and _SOMEBODY_ASKS_BEFORE.search(paragraph, max(span.start - 1 - _VERB_LIMIT, 0), span.start - 1):
        return None
    if after is not None and not after.answers and not _WORD.search(paragraph, span.end, after.span.start):
        return after.speaker
    before = events[index - 1] if index else None
    if isinstance(before, _Said) and before.opens and before.span.end == span.start - 1:
        return before.speaker
    if _SOMEBODY_SAYS_BEFORE.search(paragraph, max(span.start - 1 - _VERB_LIMIT, 0), span.start - 1):
        return None
    if _SOMEBODY_SAYS_AFTER.match(paragraph, span.end + 1):
        return None
    if voice is not None:
        return voice
    return after.speaker if after is not None and not asks else None


def _with_questions(paragraph: str, pieces: Iterator[Piece]) -> Iterator[Piece]:
    for piece in pieces:
        if piece.speech is Speech.NARRATION:
            yield from _narrated_questions(paragraph, piece)
        else:
            yield piece


def _narrated_questions(paragraph: str, piece: Piece) -> Iterator[Piece]:
    """Splits ``问？问？有市民提问，…`` into the question, in the reporter's wording, and the rest."""
    sentences = [found.span() for found in _SENTENCE.finditer(paragraph, piece.span.start, piece.span.end)]
    asked = [Span(*span) for span in sentences if span[0] < span[1]]
    count = 0
    while count < len(asked) and _QUESTION_END.search(asked[count].of(paragraph)):
        count += 1
    if count and count < len(asked) and _ASKED.search(asked[count].of(paragraph)):
        middle = asked[count - 1].end
        yield Piece(Span(piece.span.start, middle), Speech.REPORTED, None, asks=True)
        yield Piece(Span(_skip(paragraph, middle), piece.span.end), Speech.NARRATION)
    else:
        yield piece

"""Judging an answer against what its case expects, and saying in words why it is not as expected."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from qa.coverage import wording
from qa.coverage.cases import FaqCase, same_words
from qa.coverage.records import Cause, Verdict
from qa.coverage.signals import signals_against, signals_for
from qa.engine import Engine, Explanation
from qa.model import Citation, Passage, Span, Status, Transcript, Turn
from qa.text import clauses, sentences, squash

__all__ = ["Judge", "Judgement"]

_SHOWN = 16
"""How much of a quote or passage is shown to know it by, in code points."""
_DECLINED = "declined_"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict with its cause and the reason in words; ``otherwise`` as :class:`CaseResult` has it."""

    verdict: Verdict
    cause: Cause = Cause.NONE
    reason: str = ""
    otherwise: Verdict | None = None


@dataclass(frozen=True, slots=True)
class _Held:
    """A passage with its words as expectations are compared."""

    passage: Passage
    words: str


class Judge:
    """Judges the answers of one engine."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @cached_property
    def _passages(self) -> tuple[_Held, ...]:
        return tuple(_Held(passage, same_words(_in_force(passage))) for passage in self._engine.passages)

    def judge(self, case: FaqCase, explanation: Explanation) -> Judgement:
        """The judgement of an answer to one wording of ``case``."""
        answered = explanation.answer.status is Status.ANSWERED
        declined = explanation.answer.status is Status.DECLINED
        would = () if declined else self._engine.quotes_regardless(explanation)
        otherwise = self._answered(case, would) if would else None
        if not answered:
            if case.refuse:
                return Judgement(Verdict.REFUSED_RIGHTLY, otherwise=otherwise)
            cause, reason = self._why_refused(case, explanation)
            return Judgement(Verdict.REFUSED_WRONGLY, cause, reason, otherwise)
        verdict = self._answered(case, explanation.answer.citations)
        if verdict.ok:
            return Judgement(verdict, otherwise=verdict)
        if case.refuse:
            return Judgement(verdict, Cause.ANSWERED, self._why_answered(explanation), verdict)
        cause, reason = self._why_wrong(case, explanation)
        return Judgement(verdict, cause, reason, verdict)

    @staticmethod
    def _answered(case: FaqCase, citations: Sequence[Citation]) -> Verdict:
        """The verdict of quotes: right when those of the right speaker hold what is expected."""
        if case.refuse:
            return Verdict.WRONG
        quotes = [same_words(c.quote) for c in citations if _is_from(case, c.transcript, c.turn)]
        missing = _missing(case, quotes)
        return Verdict.RIGHT if quotes and not missing else Verdict.WRONG

    # -- why not ----------------------------------------------------------------------------------------

    def _why_answered(self, explanation: Explanation) -> str:
        return wording.SHOULD_REFUSE.format(
            confidence=explanation.answer.confidence,
            threshold=self._engine.fitted.answer,
            signals=_listed(wording.BECAUSE, signals_for(explanation, self._engine.fitted)),
        )

    def _why_refused(self, case: FaqCase, explanation: Explanation) -> tuple[Cause, str]:
        impossible = self._impossible(case)
        if impossible is not None:
            return Cause.IMPOSSIBLE, impossible
        if explanation.answer.status is Status.DECLINED:
            codes = [n.code.removeprefix(_DECLINED) for n in explanation.answer.notices]
            kind = next((wording.DECLINED_KINDS.get(code, code) for code in codes), "")
            return Cause.DECLINED, wording.DECLINED.format(kind=kind)
        words, target = self._target(case, ())
        ranks = _ranks(explanation, target)
        if words and not ranks:
            return Cause.NOT_FOUND, self._not_found(words, target, explanation)
        reading = explanation.decision.readings
        if not any(r.best or r.holding for r in reading):
            return Cause.REFUSED, wording.NOTHING_READ
        told = wording.REFUSED if ranks else wording.REFUSED_FREELY
        return Cause.REFUSED, told.format(
            rank=ranks[0] if ranks else 0,
            confidence=explanation.answer.confidence,
            threshold=self._engine.fitted.answer,
            signals=_listed(wording.BECAUSE_NOT, signals_against(explanation, self._engine.fitted)),
        )

    def _why_wrong(self, case: FaqCase, explanation: Explanation) -> tuple[Cause, str]:
        impossible = self._impossible(case)
        if impossible is not None:
            return Cause.IMPOSSIBLE, impossible
        citations = explanation.answer.citations
        quotes = [same_words(c.quote) for c in citations if _is_from(case, c.transcript, c.turn)]
        missing = _missing(case, quotes) or case.all_of
        around = [same_words(_sentences(c)) for c in citations if _is_from(case, c.transcript, c.turn)]
        if missing and not _lacking(missing, around):
            return Cause.CUT, wording.CUT.format(words=wording.quoted(missing))
        words, target = self._target(case, missing)
        ranks = _ranks(explanation, target)
        if not ranks and target:
            return Cause.NOT_FOUND, self._not_found(words, target, explanation)
        return Cause.NOT_CHOSEN, wording.NOT_CHOSEN.format(
            words=wording.quoted(words),
            rank=ranks[0] if ranks else "—",
            chosen="、".join(dict.fromkeys(_chosen(c, explanation) for c in citations)),
        )

    def _not_found(self, words: Sequence[str], target: Sequence[Passage], explanation: Explanation) -> str:
        return wording.NOT_FOUND.format(
            words=wording.quoted(words), where=_where(target[0]), count=len(explanation.hits)
        )

    def _impossible(self, case: FaqCase) -> str | None:
        """Why no answer at all could be right, or None where one could."""
        every = self._engine.transcripts.values()
        if case.transcript is not None and not any(_is_transcript(case.transcript, t) for t in every):
            return wording.NO_SUCH_TRANSCRIPT.format(name=case.transcript)
        allowed = [h for h in self._passages if _is_from(case, h.passage.transcript, h.passage.turn)]
        lacking = _missing(case, [held.words for held in allowed])
        if not lacking:
            return None
        elsewhere = [held for held in self._passages if any(same_words(w) in held.words for w in lacking)]
        if not elsewhere:
            expired = any(t.expired and same_words(w) in same_words(t.text) for t in every for w in lacking)
            told = wording.EXPIRED if expired else wording.IMPOSSIBLE
            return told.format(words=wording.quoted(lacking))
        whose = "、".join(part for part in (case.transcript, case.speaker) if part)
        where = _where(elsewhere[0].passage)
        return wording.NOT_THERE.format(whose=whose, words=wording.quoted(lacking), where=where)

    def _target(self, case: FaqCase, missing: Sequence[str]) -> tuple[tuple[str, ...], list[Passage]]:
        """What should have been quoted, and the passages that hold it: all of it, failing that any of it."""
        words = tuple(missing) or (*case.all_of, *case.any_of)
        allowed = [h for h in self._passages if _is_from(case, h.passage.transcript, h.passage.turn)]
        whole = [h.passage for h in allowed if words and all(same_words(w) in h.words for w in words)]
        some = [h.passage for h in allowed if any(same_words(w) in h.words for w in words)]
        return words, whole or some


def _in_force(passage: Passage) -> str:
    """What of a passage may be quoted: all but the clauses with words marked as expired."""
    transcript = passage.transcript
    if transcript.holds(passage.span):
        return passage.text
    text = transcript.text
    return "\n".join(span.of(text) for span in clauses(text, passage.span) if transcript.holds(span))


def _is_from(case: FaqCase, transcript: Transcript, turn: Turn) -> bool:
    """Whether words are of the transcript and the speaker that a case names, where it names any."""
    if case.transcript is not None and not _is_transcript(case.transcript, transcript):
        return False
    if case.speaker is None:
        return True
    who = turn.speaker
    return who is not None and same_words(case.speaker) in same_words(f"{who.office or ''}{who.name}")


def _is_transcript(named: str, transcript: Transcript) -> bool:
    wanted = same_words(named)
    return wanted in same_words(transcript.id) or wanted in same_words(transcript.title)


def _lacking(words: Iterable[str], texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(word for word in words if not any(same_words(word) in text for text in texts))


def _missing(case: FaqCase, texts: Sequence[str]) -> tuple[str, ...]:
    """What a case expects that none of ``texts`` holds; of ``any_of`` all, where not one is held."""
    some = _lacking(case.any_of, texts)
    return _lacking(case.all_of, texts) + (some if len(some) == len(case.any_of) else ())


def _ranks(explanation: Explanation, target: Sequence[Passage]) -> list[int]:
    """The places of the target among the passages found, best first, counted from 1."""
    places = {(p.transcript.id, p.span) for p in target}
    hits = enumerate(explanation.hits, 1)
    return [rank for rank, h in hits if (h.passage.transcript.id, h.passage.span) in places]


def _where(passage: Passage) -> str:
    who = passage.turn.speaker
    speaker = "" if who is None else f" {who.name}："
    return f"《{passage.transcript.title}》{speaker}“{squash(passage.text)[:_SHOWN]}…”"


def _chosen(citation: Citation, explanation: Explanation) -> str:
    """A quote by the place of its passage among those found."""
    words = squash(citation.quote)[:_SHOWN]
    for rank, hit in enumerate(explanation.hits, 1):
        same = hit.passage.transcript.id == citation.transcript.id
        if same and hit.passage.span.overlaps(citation.span):
            return wording.PASSAGE_AT.format(rank=rank, words=words)
    return wording.HOLDING.format(words=words)


def _sentences(citation: Citation) -> str:
    """The whole sentences that a quote is cut from."""
    text, turn = citation.transcript.text, citation.turn.span
    touched = [span for span in sentences(text, turn) if span.overlaps(citation.span)]
    return Span(touched[0].start, touched[-1].end).of(text) if touched else citation.quote


def _listed(title: str, signals: Iterable[str]) -> str:
    told = "、".join(signals)
    return f"{title}：{told}" if told else ""

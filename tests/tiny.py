"""A tiny engine with one made-up briefing, for what pages must show whatever the corpus says."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from qa.language.lexicon import Office
from qa.model import (
    Answer,
    Basis,
    BriefingDate,
    Citation,
    Hit,
    Interpretation,
    KnownQuestion,
    Notice,
    Passage,
    Precision,
    Repair,
    Section,
    Source,
    SourceRun,
    SourceUnit,
    Span,
    Speaker,
    Speech,
    Status,
    Transcript,
    Turn,
    TurnKind,
)
from qa.questions import FaqQuestion

__all__ = ["BRIEFING", "TinyEngine", "span_of"]

TEXT = """\
便民服务<b>那些事</b>
主持人：大厅几点开门？
王小明：大厅周一到周五上午九点开门。有急事的，可以先打电话；没带证件的，可以当场补办。
据王小明介绍，新大厅“一窗通办”，
预计明年开放。
记者在现场看到，排队的人不多。
"""

_WANG = Speaker("王小明", "大厅主任")


def span_of(words: str, text: str = TEXT) -> Span:
    """Where ``words`` stand in the tiny briefing."""
    start = text.index(words)
    return Span(start, start + len(words))


def _turn(words: str, kind: TurnKind, speech: Speech, speaker: Speaker | None) -> Turn:
    return Turn(span_of(words), kind, speech, speaker, section=0)


_ASKED = _turn("主持人：大厅几点开门？", TurnKind.QUESTION, Speech.DIRECT, None)
_DIRECT = _turn(
    "王小明：大厅周一到周五上午九点开门。有急事的，可以先打电话；没带证件的，可以当场补办。",
    TurnKind.REPLY,
    Speech.DIRECT,
    _WANG,
)
_REPORTED = _turn(
    "据王小明介绍，新大厅“一窗通办”，\n预计明年开放。", TurnKind.STATEMENT, Speech.REPORTED, _WANG
)
_NARRATED = _turn("记者在现场看到，排队的人不多。", TurnKind.NARRATION, Speech.NARRATION, None)

BRIEFING = Transcript(
    id="tiny/2022",
    title="便民服务发布会",
    text=TEXT,
    turns=(_ASKED, _DIRECT, _REPORTED, _NARRATED),
    source=Source(
        "source.txt",
        hashlib.sha256(TEXT.encode()).hexdigest(),
        SourceUnit.CODEPOINT,
        (SourceRun(0, len(TEXT), 0),),
    ),
    date=BriefingDate("2022-08", Precision.MONTH, Basis.INFERRED, "今年八月"),
    sections=(Section("便民服务<b>那些事</b>", span_of("便民服务<b>那些事</b>")),),
    publisher="大厅报",
    url="https://example.org/briefing",
)


def _cite(n: int, group: int, turn: Turn, words: str, marked: str = "", shortened: bool = False) -> Citation:
    quote = span_of(words)
    marks = (span_of(marked, words),) if marked else ()
    return Citation(n, group, BRIEFING, turn, quote, shortened, marks)


@dataclass(frozen=True)
class TinyEngine:
    """Answers by what the question contains; every outcome and every extra can be had."""

    corpus: str = "sha256:" + hashlib.sha256(TEXT.encode()).hexdigest()
    transcripts: Mapping[str, Transcript] = field(default_factory=lambda: {BRIEFING.id: BRIEFING})
    settings_digest: str = "sha256:" + "0" * 64
    passages: tuple[Passage, ...] = (Passage(BRIEFING, _DIRECT, _DIRECT.span),)
    offered: tuple[FaqQuestion, ...] = (
        FaqQuestion("大厅几点开门？", "办事大厅"),
        FaqQuestion("没带证件怎么办？", "办事大厅"),
    )
    suggestions: tuple[str, ...] = ("大厅几点开门？", "没带证件怎么办？")
    offices: tuple[Office, ...] = ()

    def passages_of(self, transcript_id: str) -> tuple[Passage, ...]:
        """The passages of a transcript."""
        return tuple(passage for passage in self.passages if passage.transcript.id == transcript_id)

    @property
    def known(self) -> tuple[KnownQuestion, ...]:
        """The suggestions, on one topic."""
        return tuple(KnownQuestion(q, "办事大厅", self.ask(q).citations) for q in self.suggestions)

    def source_file(self, transcript_id: str) -> Path | None:
        """The made-up briefing is no file."""
        return None

    def elsewhere(
        self,
        question: str,
        *,
        history: tuple[str, ...] = (),
        repair: bool = True,
        cited: Collection[str] = (),
    ) -> tuple[Citation, ...]:
        """Something for questions that ask for what else was said."""
        return (_cite(1, 1, _REPORTED, "预计明年开放。"),) if "别处" in question else ()

    def ask(
        self, question: str, *, history: tuple[str, ...] = (), repair: bool = True, hits: int = 0
    ) -> Answer:
        """An answer by keyword."""
        found = self._found(question)
        status, citations, related = found
        passages = (Hit(Passage(BRIEFING, _DIRECT, _DIRECT.span), 2.5),)
        return Answer(
            question=question,
            status=status,
            confidence=0.0 if status is Status.DECLINED else 0.5,
            corpus=self.corpus,
            citations=citations,
            related=related,
            notices=(Notice("as_of", "这是2022年的说法。"),) if citations else (),
            interpretation=self._understood(question, history, repair),
            hits=passages[:hits] if hits else None,
        )

    def _found(self, question: str) -> tuple[Status, tuple[Citation, ...], tuple[Citation, ...]]:
        if "炸" in question:
            raise RuntimeError("the engine broke")
        if "骂" in question:
            return Status.DECLINED, (), ()
        if "两段" in question:
            own = _cite(1, 1, _DIRECT, "大厅周一到周五上午九点开门。")
            reported = _cite(2, 1, _REPORTED, "预计明年开放。")
            return Status.ANSWERED, (own, reported), ()
        if "证件" in question:
            first = _cite(1, 1, _DIRECT, "有急事的，可以先打电话；", shortened=True)
            second = _cite(2, 1, _DIRECT, "没带证件的，可以当场补办。", "当场补办")
            return Status.ANSWERED, (first, second), ()
        if "新大厅" in question:
            return Status.ANSWERED, (_cite(1, 1, _REPORTED, "新大厅“一窗通办”，\n预计明年开放。"),), ()
        if "几点" in question or "好久" in question:
            opened = _cite(1, 1, _DIRECT, "大厅周一到周五上午九点开门。", "上午九点")
            return Status.ANSWERED, (opened,), ()
        if "大厅" in question:
            return Status.RELATED, (), (_cite(1, 1, _NARRATED, "记者在现场看到，排队的人不多。"),)
        return Status.NO_ANSWER, (), ()

    @staticmethod
    def _understood(question: str, history: tuple[str, ...], repair: bool) -> Interpretation:
        repairs = (Repair("dialect", "好久", "几点"),) if repair and "好久" in question else ()
        unmatched = ("周末",) if "周末" in question else ()
        return Interpretation(repairs, unmatched, history[-1] if history else None)

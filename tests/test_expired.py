"""已失效: words that no longer hold stay readable and are never quoted as what holds."""

from __future__ import annotations

import copy
import hashlib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from qa.answering.fitted import load_fitted
from qa.answering.holders import Holders
from qa.answering.view import Views
from qa.engine import Engine, corpus_digest, load_transcripts
from qa.errors import TranscriptError
from qa.language.script import ScriptConverter
from qa.model import Answer, Expired, Passage, Place, Span, Status, Transcript
from qa.retrieval.index import Index
from qa.retrieval.statements import HeldStatements
from qa.settings import seed_corpus
from qa.transcripts.catalogue import read_transcript
from qa.transcripts.metadata import ExpiredWords, Replacement, parse_metadata, with_expired

QUESTIONS = (
    "民政局局长是谁",
    "2021年的民政局局长是谁",
    "以个人身份参加养老保险，到退休年龄缴费不满15年怎么办？",
    "打加强针要满足什么条件？",
    "创业担保贷款个人额度提高到多少？",
    "老旧小区改造有哪些举措？加装了多少部电梯？",
)
FOUNDING = load_transcripts(seed_corpus())
SPANS = st.lists(
    st.tuples(st.integers(0, 1), st.floats(0, 0.99), st.integers(1, 900)), min_size=1, max_size=12
)


def _marked(engine: Engine, marks: dict[str, list[Span]]) -> Engine:
    """The engine, with words of its transcripts marked as expired; what is costly is shared."""
    held = {
        t.id: replace(t, expired=tuple(Expired(span, "作废") for span in marks.get(t.id, ())))
        for t in engine.transcripts.values()
    }
    index = engine._index
    assert isinstance(index, Index)
    marked = copy.copy(engine)
    marked._index = replace(
        index,
        transcripts=tuple(held[t.id] for t in index.transcripts),
        passages=tuple(Passage(held[p.transcript.id], p.turn, p.span) for p in index.passages),
    )
    statements = HeldStatements(marked._index.transcripts)
    marked._holders = Holders(statements, Views(ScriptConverter()), engine.lexicon.titles)
    return marked


def _quoted(answer: Answer) -> list[tuple[Transcript, Span]]:
    return [(c.transcript, c.span) for c in (*answer.citations, *answer.related)]


@settings(max_examples=40, deadline=None)
@given(question=st.sampled_from(QUESTIONS), chosen=SPANS)
def test_no_quote_overlaps_expired_words(
    engine: Engine, question: str, chosen: list[tuple[int, float, int]]
) -> None:
    marks: dict[str, list[Span]] = {}
    for which, share, length in chosen:
        text = FOUNDING[which].text
        start = int(share * len(text))
        marks.setdefault(FOUNDING[which].id, []).append(Span(start, min(len(text), start + length)))
    # What would be quoted now is marked too, so that something else must be found or nothing said.
    first = engine.ask(question)
    for transcript, span in _quoted(first)[: len(chosen) % 3]:
        marks.setdefault(transcript.id, []).append(Span(span.start, span.start + 1))
    answer = _marked(engine, marks).ask(question, hits=2)
    for transcript, span in _quoted(answer):
        assert not any(span.overlaps(expired) for expired in marks.get(transcript.id, ()))


@pytest.mark.parametrize("question", QUESTIONS)
def test_what_was_answered_is_not_answered_with_the_same_words_once_expired(
    engine: Engine, question: str
) -> None:
    before = engine.ask(question)
    assert before.status is Status.ANSWERED
    marks: dict[str, list[Span]] = {}
    for transcript, span in _quoted(before):
        marks.setdefault(transcript.id, []).append(span)
    after = _marked(engine, marks).ask(question, hits=1)
    for transcript, span in _quoted(after):
        assert not any(span.overlaps(expired) for expired in marks.get(transcript.id, ()))
    assert after.hits, "the transcript itself may still be listed"


def test_marking_words_makes_another_version(engine: Engine) -> None:
    fitted = load_fitted()
    marked = tuple(replace(t, expired=(Expired(Span(0, 9), "作废"),)) for t in FOUNDING)
    again = tuple(replace(t, expired=(Expired(Span(0, 9), "改期"),)) for t in FOUNDING)
    digests = {corpus_digest(ts, engine.lexicon, fitted) for ts in (FOUNDING, marked, again)}
    assert len(digests) == 3


# --- how it is kept -----------------------------------------------------------------------------------


def _folder(tmp_path: Path, *expired: ExpiredWords) -> Path:
    folder = tmp_path / "hall-2022"
    folder.mkdir()
    text = "便民服务发布会开过了。\n大厅周一到周五上午九点开门。\n"
    (folder / "source.txt").write_text(text, "utf-8")
    digest = hashlib.sha256(text.encode()).hexdigest()
    described = f"# 手写的说明\ntitle: 便民服务发布会\nsource: {{name: source.txt, sha256: '{digest}'}}\n"
    (folder / "transcript.yaml").write_bytes(with_expired(described.encode(), expired))
    return folder


WORDS = "大厅周一到周五上午九点开门。"


def test_marks_are_kept_beside_the_transcript_with_reason_and_replacement(tmp_path: Path) -> None:
    at = len("便民服务发布会开过了。\n")
    by = Replacement(transcript="hall-2023", start=3, end=9)
    marked = ExpiredWords(
        start=at, end=at + len(WORDS), words=WORDS, reason="改期", since="2023-05-01", replaced_by=by
    )
    folder = _folder(tmp_path, marked)
    (expired,) = read_transcript(folder).expired
    assert expired == Expired(Span(at, at + len(WORDS)), "改期", "2023-05-01", Place("hall-2023", Span(3, 9)))
    assert (folder / "transcript.yaml").read_text("utf-8").startswith("# 手写的说明\n")
    back = with_expired((folder / "transcript.yaml").read_bytes(), ())
    assert b"expired" not in back
    assert parse_metadata(back, "x").expired == ()


def test_marks_move_with_their_words_and_are_refused_where_the_words_are_gone(tmp_path: Path) -> None:
    moved = ExpiredWords(start=0, end=len(WORDS), words=WORDS, reason="改期")
    folder = _folder(tmp_path, moved)
    (expired,) = read_transcript(folder).expired
    assert expired.span.of(read_transcript(folder).text) == WORDS
    gone = ExpiredWords(start=0, end=6, words="大厅不开门。", reason="改期")
    (folder / "transcript.yaml").write_bytes(with_expired((folder / "transcript.yaml").read_bytes(), [gone]))
    with pytest.raises(TranscriptError, match="minsheng corpus unexpire hall-2022"):
        read_transcript(folder)


@pytest.mark.parametrize(
    "wrong",
    [
        {"words": "大厅开"},
        {"reason": " "},
        {"since": "2023"},
        {"replaced_by": {"transcript": "a", "start": 3, "end": 3}},
    ],
)
def test_marks_that_cannot_be_are_refused(wrong: dict[str, object]) -> None:
    right = {"start": 0, "end": 2, "words": "大厅", "reason": "改期"}
    ExpiredWords.model_validate(right)
    with pytest.raises(ValidationError):
        ExpiredWords.model_validate({**right, **wrong})


def test_expired_words_need_a_span_and_a_reason() -> None:
    for span, reason in ((Span(3, 3), "改期"), (Span(3, 4), "  ")):
        with pytest.raises(ValueError, match="not empty and a reason"):
            Expired(span, reason)

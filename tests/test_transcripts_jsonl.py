"""Documents in a ``.jsonl``: taken as they are, bad lines named."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import CorpusError
from qa.model import Basis, Precision, Span, Speech, TurnKind
from qa.transcripts.jsonl import read_jsonl


def _file(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "corpus.jsonl"
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def test_a_document_is_taken_as_it_is(tmp_path: Path) -> None:
    """The text is not healed or trimmed; it is one statement by nobody named."""
    text = "# 标题\r\n\r\n**甲县**民政局局长王小明\n\n"
    document = {"id": "a", "title": "甲", "text": text, "topic": "养老"}
    (transcript,) = read_jsonl(_file(tmp_path, json.dumps(document)))
    (turn,) = transcript.turns
    assert transcript.text == text
    assert (turn.span, turn.kind, turn.speech) == (Span(0, len(text)), TurnKind.STATEMENT, Speech.DIRECT)
    assert turn.speaker is None
    assert transcript.date.basis is Basis.UNKNOWN
    assert transcript.source.sha256 == hashlib.sha256(text.encode()).hexdigest()


@given(text=st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_a_document_maps_to_itself(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The whole text maps to the whole source."""
    path = _file(tmp_path_factory.mktemp("jsonl"), json.dumps({"id": "a", "title": "", "text": text}))
    (transcript,) = read_jsonl(path)
    assert transcript.text == text
    assert transcript.source.ranges(Span(0, len(text))) == (Span(0, len(text)),)


@pytest.mark.parametrize(
    ("value", "precision"),
    [("2024", Precision.YEAR), ("2024-03", Precision.MONTH), ("2024-03-18", Precision.DAY)],
)
def test_a_date_that_is_given_is_stated(tmp_path: Path, value: str, precision: Precision) -> None:
    """A date is as precise as it is written."""
    document = json.dumps({"id": "a", "title": "甲", "text": "甲。", "date": value})
    (transcript,) = read_jsonl(_file(tmp_path, document))
    assert transcript.date.value == value
    assert (transcript.date.precision, transcript.date.basis) == (precision, Basis.STATED)


def test_order_is_kept_and_blank_lines_are_passed_over(tmp_path: Path) -> None:
    """Documents come in the order of their lines."""
    lines = [json.dumps({"id": id, "title": "", "text": "甲。"}) for id in "ba"]
    found = read_jsonl(_file(tmp_path, lines[0], "", lines[1]))
    assert [transcript.id for transcript in found] == ["b", "a"]


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        '{"id": "x", "title": "甲"}',
        '{"id": 7, "title": "甲", "text": "甲"}',
        '{"id": "", "title": "甲", "text": "甲"}',
        '{"id": "x", "title": "甲", "text": "甲", "date": "去年"}',
        '{"id": "a", "title": "甲", "text": "甲"}',
        '{"id": "x", "title": "甲", "text": "\\ud800"}',
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str) -> None:
    """A line that is no document, or repeats an id, is named by file and number."""
    path = _file(tmp_path, '{"id": "a", "title": "甲", "text": "甲。"}', line)
    with pytest.raises(CorpusError, match=r"corpus\.jsonl 第 2 行"):
        list(read_jsonl(path))


def test_a_file_that_is_not_utf8_or_missing(tmp_path: Path) -> None:
    """Another encoding is a bad line; a missing file is named."""
    path = tmp_path / "old.jsonl"
    path.write_bytes('{"id": "a", "title": "甲", "text": "甲"}'.encode("gb18030"))
    with pytest.raises(CorpusError, match=r"old\.jsonl 第 1 行"):
        list(read_jsonl(path))
    with pytest.raises(CorpusError, match=r"none\.jsonl"):
        list(read_jsonl(tmp_path / "none.jsonl"))

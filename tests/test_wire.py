"""The wire: one object, one schema, and which questions are taken."""

from __future__ import annotations

import dataclasses
import json
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import ValidationError

from qa.errors import QuestionError
from qa.model import Answer, Status
from qa.wire import (
    MAX_HISTORY,
    MAX_HITS,
    MAX_QUESTION,
    AnswerOut,
    AskIn,
    answer_out,
    check_question,
    transcript_href,
)
from tests.tiny import BRIEFING, TinyEngine

QUESTIONS = ("没带证件怎么办", "新大厅好久开放", "大厅", "周末", "骂人", "两段")


def _sent(question: str, id: str | None = None, **asked: Any) -> dict[str, Any]:
    sent: dict[str, Any] = json.loads(answer_out(TinyEngine().ask(question, **asked), id).to_json())
    return sent


# --- the object --------------------------------------------------------------------------------------


def test_the_whole_object() -> None:
    """Every field of the answer object, as a kiosk gets it."""
    assert _sent("大厅好久开门，周末呢", "k-1", hits=1) == {
        "id": "k-1",
        "question": "大厅好久开门，周末呢",
        "status": "answered",
        "confidence": 0.5,
        "citations": [
            {
                "n": 1,
                "group": 1,
                "transcript": "tiny/2022",
                "title": "便民服务发布会",
                "date": {"value": "2022-08", "precision": "month", "basis": "inferred", "from": "今年八月"},
                "speaker": {"name": "王小明", "office": "大厅主任"},
                "speech": "direct",
                "section": "便民服务<b>那些事</b>",
                "quote": "大厅周一到周五上午九点开门。",
                "shortened": False,
                "start": 31,
                "end": 45,
                "marks": [[7, 11]],
                "source": {"sha256": BRIEFING.source.sha256, "unit": "codepoint", "ranges": [[31, 45]]},
                "href": f"/transcripts/tiny%2F2022?start=31&end=45&v={TinyEngine().corpus[7:19]}#cite",
            }
        ],
        "related": [],
        "notices": [{"code": "as_of", "text": "这是2022年的说法。"}],
        "interpretation": {
            "repairs": [{"kind": "dialect", "from": "好久", "to": "几点"}],
            "unmatched": ["周末"],
            "follows": None,
        },
        "suggestions": [],
        "corpus": TinyEngine().corpus,
        "hits": [{"transcript": "tiny/2022", "score": 2.5, "start": 27, "end": 70}],
    }


@pytest.mark.parametrize("question", QUESTIONS)
def test_an_answer_is_as_its_schema_says(question: str) -> None:
    """The object is one line, in its own script, and reads back as what was sent."""
    out = answer_out(TinyEngine().ask(question), id="机-7")
    line = out.to_json()
    assert "\n" not in line
    assert question in line
    assert AnswerOut.model_validate_json(line) == out
    assert json.loads(line)["id"] == "机-7"


@pytest.mark.parametrize("question", QUESTIONS)
def test_hits_are_there_exactly_when_asked_for(question: str) -> None:
    """Without hits asked for there is no such field, not an empty one."""
    assert "hits" not in _sent(question)
    assert len(_sent(question, hits=3)["hits"]) == 1


def test_narration_and_unknown_dates_have_nothing_in_their_place() -> None:
    """Who nobody knows is null, and so is a date that is not known."""
    undated = dataclasses.replace(TinyEngine().ask("大厅"))
    (related,) = _sent("大厅")["related"]
    assert related["speaker"] is None
    assert related["speech"] == "narration"
    assert undated.status is Status.RELATED
    transcript = dataclasses.replace(BRIEFING, date=type(BRIEFING.date)())
    citation = dataclasses.replace(undated.related[0], transcript=transcript)
    answer = dataclasses.replace(undated, related=(citation,))
    (bare,) = json.loads(answer_out(answer).to_json())["related"]
    assert bare["date"] == {"value": None, "precision": None, "basis": "unknown", "from": None}


@given(st.floats(0, 1))
def test_confidence_has_four_decimals(confidence: float) -> None:
    """The probability is rounded, and stays one."""
    out = answer_out(Answer("问", Status.NO_ANSWER, confidence, "sha256:0"))
    assert 0 <= out.confidence <= 1
    assert out.confidence == round(confidence, 4)


# --- the address of a quote --------------------------------------------------------------------------


@given(st.text(st.characters(codec="utf-8"), min_size=1), st.integers(0, 10**6), st.integers(0, 10**6))
@example("a/b?c#d&e=f 大足", 0, 1)
def test_an_address_carries_any_id(id: str, start: int, length: int) -> None:
    """Whatever a transcript is called, its address is one path segment that reads back."""
    href = transcript_href(id, start, start + length, "sha256:" + "ab" * 32)
    parts = urlsplit(href)
    assert href.isascii()
    assert parts.path.count("/") == 2
    assert unquote(parts.path.removeprefix("/transcripts/")) == id
    assert parse_qs(parts.query) == {"start": [str(start)], "end": [str(start + length)], "v": ["ab" * 6]}
    assert parts.fragment == "cite"


# --- which questions are taken -----------------------------------------------------------------------


@given(st.text(max_size=20) | st.text(st.characters(), max_size=20) | st.text(min_size=290, max_size=310))
@example("问" * 300)
@example(" " + "问" * 300 + "\u3000\n")
@example("\ud800")
@example("\x00")
def test_a_question_is_taken_or_refused_with_a_code(text: str) -> None:
    """A question of 1 to 300 code points without control characters is taken, anything else refused."""
    stripped = text.strip()
    printable = not any(c not in "\t\r\n" and (c < " " or "\x7f" <= c < "\xa0") for c in stripped)
    encodable = not any("\ud800" <= c <= "\udfff" for c in stripped)
    if 0 < len(stripped) <= MAX_QUESTION and printable and encodable:
        assert check_question(text) == stripped
    else:
        with pytest.raises(QuestionError) as caught:
            check_question(text)
        assert caught.value.code in {"question_empty", "question_too_long", "question_control"}
        assert "请" in caught.value.message


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "question_empty"),
        (" \u3000\n\t", "question_empty"),
        ("问" * 301, "question_too_long"),
        ("\U00020000" * 301, "question_too_long"),
        ("社保\x00", "question_control"),
        ("社保\x1b[31m怎么交", "question_control"),
        ("社保\x85怎么交", "question_control"),
        ("社保\ud83d", "question_control"),
    ],
)
def test_why_a_question_is_refused(text: str, code: str) -> None:
    """Each refusal has its own code, says what to do, and does not repeat the question."""
    with pytest.raises(QuestionError) as caught:
        check_question(text)
    assert caught.value.code == code
    assert "社保" not in caught.value.message + caught.value.detail


@pytest.mark.parametrize("text", ["问" * 300, "\U00020000" * 300, "👵🏽" * 100, "a\nb\tc", "؟", " 养老 "])
def test_any_script_may_be_asked_in(text: str) -> None:
    """Code points are counted, not bytes, and any script is taken."""
    assert check_question(text) == text.strip()


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"question": None},
        {"question": "问", "hits": -1},
        {"question": "问", "hits": MAX_HITS + 1},
        {"question": "问", "history": ["问"] * (MAX_HISTORY + 1)},
        {"question": "问", "more": 1},
        {"question": "问", "id": "k" * 201},
    ],
)
def test_a_request_outside_its_bounds(asked: dict[str, Any]) -> None:
    """Missing, unknown and oversized fields are refused."""
    with pytest.raises(ValidationError):
        AskIn.model_validate(asked)


def test_the_defaults_of_a_request() -> None:
    """A question alone is a request: repaired, without history, without hits."""
    asked = AskIn.model_validate({"question": "问"})
    assert (asked.history, asked.repair, asked.hits, asked.id) == ([], True, 0, None)

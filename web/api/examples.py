"""Examples of every call for the OpenAPI document. A test holds each against its schema."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from web import wording

__all__ = [
    "ANSWERS",
    "BATCHES",
    "BATCH_ANSWERS",
    "FEEDBACK",
    "FEEDBACK_KEPT",
    "LIVE",
    "METRICS",
    "PASSAGES",
    "QUESTIONS",
    "READY",
    "RECEIPTS",
    "SUGGESTIONS",
    "TOPICS",
    "TRANSCRIPT",
    "TRANSCRIPTS",
    "TYPED",
    "VERSION",
]

_Examples = Mapping[str, Any]
_CORPUS: Final = "sha256:99f7a84ff2d748233a8ebb331e2cd26e489e0281248604989358cb840e1b1366"
_SETTINGS: Final = "sha256:51c0e9a6c3f3b1d5a6d1f0b6e2a7c4d89b1e3f5a7c9d0e2f4a6b8c0d1e3f5a7b"
_SOURCE: Final = "9b71d485e47239160058d8644a4a30d23fcbb179f9e8f78d5c124bdf7cec5305"
_ID: Final = "dazu-2024-minsheng"
_TITLE: Final = "民生无小事 枝叶总关情"
_QUOTE: Final = "大足区民政局党委书记、局长 薛千勇"
_WHO: Final = "民政局局长是谁？"
_HREF: Final = f"/transcripts/{_ID}?start=15&end=32&v=99f7a84ff2d7#cite"
_DATE: Final = {
    "value": "2024",
    "precision": "year",
    "basis": "inferred",
    "from": "2024年，大足区人社局将突出稳进增效",
}


def _one(summary: str, value: object) -> _Examples:
    return {"example": {"summary": summary, "value": value}}


QUESTIONS: Final[dict[str, Any]] = {
    "one question": {"summary": "一个问题", "value": {"question": wording.EXAMPLE_QUESTION}},
    "follow-up": {
        "summary": "接着前面的问题问，并要最近的三份实录",
        "value": {
            "id": "k-17",
            "question": wording.EXAMPLE_FOLLOW_UP,
            "history": [wording.EXAMPLE_QUESTION],
            "repair": True,
            "hits": 3,
        },
    },
}
_ANSWERED: Final[dict[str, Any]] = {
    "id": None,
    "question": _WHO,
    "status": "answered",
    "confidence": 0.97,
    "citations": [
        {
            "n": 1,
            "group": 1,
            "transcript": _ID,
            "title": _TITLE,
            "date": _DATE,
            "speaker": None,
            "speech": "narration",
            "section": _TITLE,
            "quote": _QUOTE,
            "shortened": False,
            "start": 15,
            "end": 32,
            "marks": [[14, 17]],
            "source": {"sha256": _SOURCE, "unit": "codepoint", "ranges": [[26, 43]]},
            "href": _HREF,
        }
    ],
    "related": [],
    "notices": [{"code": "as_of", "text": "截至该场发布会（2024年）的说法，之后可能有变化。"}],
    "interpretation": {"repairs": [], "unmatched": [], "follows": None},
    "suggestions": [],
    "corpus": _CORPUS,
}
_UNANSWERED: Final[dict[str, Any]] = {
    **_ANSWERED,
    "question": "今天天气怎么样",
    "status": "no_answer",
    "confidence": 0.0,
    "citations": [],
    "notices": [],
    "interpretation": {"repairs": [], "unmatched": ["今天天气"], "follows": None},
    "suggestions": [_WHO],
}
ANSWERS: Final[_Examples] = {
    "answered": {"summary": "找到了原文", "value": _ANSWERED},
    "no_answer": {"summary": "实录里没有", "value": _UNANSWERED},
}
BATCHES: Final[dict[str, Any]] = {
    "two questions": {
        "summary": "两个问题，后一个没有写",
        "value": {"questions": [{"id": "1", "question": _WHO}, {"id": "2", "question": ""}]},
    }
}
BATCH_ANSWERS: Final = _one(
    "前一个有答复，后一个写明原因",
    {
        "answers": [
            {**_ANSWERED, "id": "1"},
            {
                "id": "2",
                "status": "error",
                "problem": {
                    "type": "/api#question_empty",
                    "title": wording.QUESTION_PROBLEM,
                    "status": 422,
                    "detail": wording.QUESTION_EMPTY,
                    "code": "question_empty",
                },
            },
        ]
    },
)
RECEIPTS: Final = _one(
    "一份回执",
    {
        "receipt": 1,
        "program": "0.1.0",
        "corpus": _CORPUS,
        "settings": _SETTINGS,
        "question": _WHO,
        "history": [],
        "repair": True,
        "hits": 0,
        "masked": False,
        "answer": "sha256:1f0c7d6b5a4e39281706f5e4d3c2b1a09f8e7d6c5b4a392817060f1e2d3c4b5a",
    },
)
TYPED: Final[dict[str, Any]] = {
    "initials": {"summary": "拼音首字母", "value": "ylbx"},
    "characters": {"summary": "汉字", "value": "养老"},
}
SUGGESTIONS: Final = _one(
    "输入 ylbx",
    {
        "suggestions": [
            {"text": "养老保险", "kind": "topic", "topic": "养老保险", "match": [0, 4]},
            {
                "text": "以个人身份参加养老保险，到退休年龄缴费不满15年怎么办？",
                "kind": "question",
                "topic": "养老保险",
                "match": [7, 11],
            },
        ],
        "corpus": _CORPUS,
    },
)
TOPICS: Final = _one(
    "一个话题", {"topics": [{"topic": "部门负责人", "questions": [_WHO]}], "corpus": _CORPUS}
)
_ITEM: Final[dict[str, Any]] = {
    "id": _ID,
    "title": _TITLE,
    "date": _DATE,
    "publisher": "新渝报",
    "url": None,
    "sha256": _SOURCE,
    "length": 4739,
    "href": f"/transcripts/{_ID}",
}
TRANSCRIPTS: Final = _one(
    "一份实录", {"transcripts": [_ITEM], "page": 1, "pages": 1, "total": 1, "corpus": _CORPUS}
)
TRANSCRIPT: Final = _one(
    "实录的开头",
    {
        **_ITEM,
        "text": f"{_TITLE}\n嘉宾\n{_QUOTE}\n",
        "length": 33,
        "sections": [{"title": _TITLE, "start": 0, "end": 11}],
        "turns": [
            {
                "start": 15,
                "end": 32,
                "kind": "narration",
                "speech": "narration",
                "speaker": None,
                "section": 0,
                "replies_to": None,
            }
        ],
        "corpus": _CORPUS,
    },
)
PASSAGES: Final = _one(
    "一个段落",
    {
        "transcript": _ID,
        "passages": [
            {
                "start": 15,
                "end": 32,
                "text": _QUOTE,
                "kind": "narration",
                "speech": "narration",
                "speaker": None,
                "section": _TITLE,
                "source": {"sha256": _SOURCE, "unit": "codepoint", "ranges": [[26, 43]]},
                "href": _HREF,
            }
        ],
        "corpus": _CORPUS,
    },
)
FEEDBACK: Final[dict[str, Any]] = {
    "helpful": {
        "summary": "帮到了",
        "value": {"question_id": "0f9e8d7c6b5a49382716f5e4d3c2b1a0", "helpful": True},
    },
    "not helpful": {
        "summary": "没帮到，附上原因",
        "value": {
            "question_id": "0f9e8d7c6b5a49382716f5e4d3c2b1a0",
            "helpful": False,
            "reason": "说的是前几年的规定",
        },
    },
}
FEEDBACK_KEPT: Final = _one("已收下", {"kept": True})
VERSION: Final = _one(
    "现在的版本",
    {"program": "0.1.0", "corpus": _CORPUS, "settings": _SETTINGS, "transcripts": 2, "newest": _DATE},
)
LIVE: Final = _one("在运行", {"status": "ok", "checks": {}})
READY: Final = _one("可以回答", {"status": "ok", "checks": {"version": "99f7a84ff2d7", "records": "ok"}})
METRICS: Final = _one(
    "请求数", 'minsheng_requests_total{method="POST",route="/api/v1/ask",status="200"} 17.0\n'
)

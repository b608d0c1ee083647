"""A curl command for every call, for the page about the API; a test runs each against a server."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final

from web import wording

__all__ = ["RECIPES", "Recipe"]

_JSON: Final = "-H 'Content-Type: application/json'"


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a call is for, its operation in the OpenAPI document, and how to make it from a shell."""

    title: str
    operation: str
    command: str


def _post(path: str, body: object) -> str:
    return f"curl -s \"$SITE/api/v1/{path}\" {_JSON} \\\n  -d '{json.dumps(body, ensure_ascii=False)}'"


def _get(path: str) -> str:
    return f'curl -s "$SITE/api/v1/{path}"'


_FOLLOWING: Final = {"question": wording.EXAMPLE_FOLLOW_UP, "history": [wording.EXAMPLE_QUESTION]}
_BATCH: Final = {
    "questions": [{"id": "1", "question": wording.EXAMPLE_QUESTION}, {"id": "2", "question": ""}]
}
_FEEDBACK: Final = {
    "question_id": "0f9e8d7c6b5a49382716f5e4d3c2b1a0",
    "helpful": False,
    "reason": "说的是前几年的规定",
}

RECIPES: Final = (
    Recipe("问一个问题", "ask", _post("ask", {"question": wording.EXAMPLE_QUESTION})),
    Recipe("接着前面的问题问", "ask", _post("ask", _FOLLOWING)),
    Recipe(
        "带上密钥问",
        "ask",
        _post("ask", {"question": wording.EXAMPLE_QUESTION}) + ' \\\n  -H "Authorization: Bearer $KEY"',
    ),
    Recipe("一次问一批，最多 50 个", "askBatch", _post("ask/batch", _BATCH)),
    Recipe(
        "要一份回执，存下来以后核对",
        "receipt",
        _post("receipts", {"question": wording.EXAMPLE_QUESTION}) + " -o receipt.json",
    ),
    Recipe("输入提示：汉字、拼音、拼音首字母都可以", "suggest", _get("suggest?q=ylbx")),
    Recipe("话题，和能回答的问题", "topics", _get("topics")),
    Recipe("有哪些实录", "transcripts", _get("transcripts")),
    Recipe("一份实录的全文", "transcript", _get("transcripts/dazu-2024-minsheng")),
    Recipe(
        "引文前后的段落",
        "passages",
        _get("transcripts/dazu-2024-minsheng/passages?start=15&end=32"),
    ),
    Recipe("说答复有没有帮到", "feedback", _post("feedback", _FEEDBACK)),
    Recipe("现在是哪个版本", "version", _get("version")),
    Recipe("进程是否在运行", "live", _get("health/live")),
    Recipe("能不能回答问题", "ready", _get("health/ready")),
    Recipe("给 Prometheus 的统计", "metrics", _get("metrics")),
)

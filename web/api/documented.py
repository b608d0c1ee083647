"""How calls are described in the OpenAPI document: answers and problems, each with examples."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from web.problems import KNOWN, PROBLEM_JSON, known_problem

__all__ = ["CACHED", "LIMITED", "QUESTION_ID_HEADER", "RECEIPT_HEADER", "SERVER_TIMING", "described"]


def _header(description: str, example: str) -> dict[str, Any]:
    return {"description": description, "schema": {"type": "string"}, "example": example}


SERVER_TIMING: Final = {"Server-Timing": _header("Time taken to answer, in milliseconds", "ask;dur=3.1")}
RECEIPT_HEADER: Final = {
    "Minsheng-Receipt": _header(
        "The program; digests of the version, the settings, and the answer (its bytes with `id` null)",
        'program="0.1.0", corpus="sha256:99f7…", settings="sha256:51c0…", answer="sha256:a2f3…"',
    )
}
QUESTION_ID_HEADER: Final = {
    "Question-Id": _header(
        "What feedback names the question by; only where it is kept", "0f9e8d7c6b5a49382716f5e4d3c2b1a0"
    )
}
CACHED: Final = {
    "ETag": _header("The version of what is sent", '"99f7a84ff2d7.1b2c3d4e"'),
    "Cache-Control": _header("Unchanging where `v` names the version", "public, no-cache"),
}
_REQUEST_ID: Final = {"X-Request-ID": _header("The request's id", "5f1c0a9e7b3d4c2f8e6a1b0d9c8f7e6a")}
LIMITED: Final = {
    "RateLimit-Policy": _header("How many requests in how many seconds", '"address";q=60;w=60'),
    "RateLimit": _header("How many are left, and seconds until they are renewed", '"address";r=59;t=42'),
}
_RETRY_AFTER: Final = {"Retry-After": _header("Seconds to wait", "1")}
_PROBLEM: Final = "#/components/schemas/ProblemOut"
_EVERYWHERE: Final = ("method_not_allowed", "internal_error")
_GUARDED: Final = ("key_missing", "key_invalid", "scope_missing", "rate_limited", "not_ready")


def described(
    ok: Mapping[str, Any],
    *codes: str,
    headers: Mapping[str, Any] | None = None,
    guarded: bool = True,
    cached: bool = False,
    media_type: str = "application/json",
) -> dict[int | str, dict[str, Any]]:
    """The responses of a call.

    Args:
        ok: examples of what it sends, by name.
        codes: its problems, beside those every call has.
        headers: what it sends beside its content.
        guarded: whether keys and rates apply to it.
        cached: whether it can be asked conditionally.
    """
    common = {**_REQUEST_ID, **(LIMITED if guarded else {})}
    content = {media_type: {"examples": dict(ok)}}
    made: dict[int | str, dict[str, Any]] = {
        HTTPStatus.OK.value: {
            "headers": {**common, **(CACHED if cached else {}), **(headers or {})},
            "content": content,
        }
    }
    if cached:
        made[HTTPStatus.NOT_MODIFIED.value] = {
            "description": "What `If-None-Match` names is still what would be sent",
            "headers": {**common, **CACHED},
        }
    by_status: dict[HTTPStatus, list[str]] = {}
    for code in (*codes, *_EVERYWHERE, *(_GUARDED if guarded else ())):
        by_status.setdefault(KNOWN[code][0], []).append(code)
    for status, grouped in sorted(by_status.items()):
        made[status.value] = _problems(status, grouped, common)
    return made


def _problems(status: HTTPStatus, codes: list[str], common: Mapping[str, Any]) -> dict[str, Any]:
    again = _RETRY_AFTER if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE) else {}
    examples = {
        code: {"summary": code, "value": known_problem(code).document().model_dump(exclude_none=True)}
        for code in codes
    }
    return {
        "description": status.phrase,
        "headers": {**_REQUEST_ID, **again}
        if status is HTTPStatus.INTERNAL_SERVER_ERROR
        else {**common, **again},
        "content": {PROBLEM_JSON: {"schema": {"$ref": _PROBLEM}, "examples": examples}},
    }

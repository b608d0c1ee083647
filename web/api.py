"""The API for kiosks: one question in, one answer out."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Body
from fastapi.responses import Response

from qa.errors import QuestionError
from qa.wire import AnswerOut, AskIn, answer_out, check_question
from web import wording
from web.ports import EngineSource
from web.problems import problem_responses, request_problem
from web.timing import timed

__all__ = ["api_router"]

_EXAMPLES: Final[dict[str, Any]] = {
    "one question": {
        "summary": "一个问题",
        "value": {"question": wording.EXAMPLE_QUESTION},
    },
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


def api_router(engines: EngineSource) -> APIRouter:
    """The routes under ``/api/v1``."""
    router = APIRouter(prefix="/api/v1", tags=["ask"])

    @router.post(
        "/ask",
        summary="Ask one question",
        operation_id="ask",
        response_model=AnswerOut,
        response_description="The answer. The same question, version and settings give the same bytes.",
        responses={200: {"headers": _SERVER_TIMING}, **problem_responses(405, 413, 422, 500)},
    )
    def ask(body: Annotated[AskIn, Body(openapi_examples=_EXAMPLES)]) -> Response:
        """Answers in the officials' own words, or says that the briefings do not answer."""
        question = check_question(body.question)
        if not _askable(body.history):
            return request_problem(wording.HISTORY_INVALID, "#/history").response()
        engine = engines.current
        answer, timing = timed(
            lambda: engine.ask(question, history=tuple(body.history), repair=body.repair, hits=body.hits)
        )
        content = answer_out(answer, body.id).to_json()
        return Response(content, media_type="application/json", headers=timing)

    return router


_SERVER_TIMING: Final[dict[str, Any]] = {
    "Server-Timing": {"description": "Time taken to answer, in milliseconds", "schema": {"type": "string"}}
}


def _askable(questions: list[str]) -> bool:
    try:
        for question in questions:
            check_question(question)
    except QuestionError:
        return False
    return True

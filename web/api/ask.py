"""Asking: one question, a batch, and the receipt of an answer."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Annotated, Final

from fastapi import APIRouter, Body, Request
from fastapi.responses import Response
from pydantic_core import to_json

from qa.about import program_version
from qa.batch import Outcome, answer_line
from qa.errors import QuestionError
from qa.model import Answer
from qa.receipt import Receipt, receipt_of
from qa.resources import BatchIn, BatchOut
from qa.wire import AnswerOut, AskIn, answer_out, check_question
from web import wording
from web.api import examples
from web.api.documented import QUESTION_ID_HEADER, RECEIPT_HEADER, SERVER_TIMING, described
from web.api.guard import spend
from web.api.parts import PREFIX, ApiParts
from web.ports import AnswerEngine
from web.problems import RequestRefused
from web.timing import timed

__all__ = ["RECEIPT", "ask_router"]

RECEIPT: Final = "Minsheng-Receipt"
QUESTION_ID: Final = "Question-Id"
_JSON: Final = "application/json"
_ASK_PROBLEMS: Final = (
    "question_empty",
    "question_too_long",
    "question_control",
    "request_invalid",
    "body_too_large",
    "overloaded",
)


def ask_router(parts: ApiParts) -> APIRouter:
    """``/ask``, ``/ask/batch`` and ``/receipts``."""
    router = APIRouter(prefix=PREFIX, tags=["ask"])
    _add_ask(router, parts)
    _add_batch(router, parts)
    _add_receipts(router, parts)
    return router


def _add_ask(router: APIRouter, parts: ApiParts) -> None:
    program = program_version()

    @router.post(
        "/ask",
        summary="Ask one question",
        operation_id="ask",
        response_model=AnswerOut,
        response_description="The answer. The same question, version and settings give the same bytes.",
        responses=described(
            examples.ANSWERS,
            *_ASK_PROBLEMS,
            headers={**SERVER_TIMING, **RECEIPT_HEADER, **QUESTION_ID_HEADER},
        ),
    )
    async def ask(body: Annotated[AskIn, Body(openapi_examples=examples.QUESTIONS)]) -> Response:
        """Answers in the officials' own words, or says that the briefings do not answer."""
        asked = _checked(body)
        engine = parts.engines.current
        (answer, content, receipt), timing = await parts.gate.run(
            lambda: timed(lambda: _answered(engine, asked, program))
        )
        kept = parts.keep(answer)
        headers = {**timing, RECEIPT: receipt, **({QUESTION_ID: kept} if kept else {})}
        return Response(content, media_type=_JSON, headers=headers)


def _answered(engine: AnswerEngine, asked: AskIn, program: str) -> tuple[Answer, bytes, str]:
    """The answer, its bytes, and what the header says of its receipt (a structured field, RFC 9651)."""
    history = tuple(asked.history)
    answer = engine.ask(asked.question, history=history, repair=asked.repair, hits=asked.hits)
    sent = answer_out(answer, asked.id)
    content = sent.to_json().encode()
    plain = content if asked.id is None else sent.model_copy(update={"id": None}).to_json().encode()
    digest = hashlib.sha256(plain).hexdigest()
    told = {
        "program": program,
        "corpus": answer.corpus,
        "settings": engine.settings_digest,
        "answer": f"sha256:{digest}",
    }
    return answer, content, ", ".join(f'{name}="{value}"' for name, value in told.items())


def _add_batch(router: APIRouter, parts: ApiParts) -> None:
    @router.post(
        "/ask/batch",
        summary="Ask up to fifty questions",
        operation_id="askBatch",
        response_model=BatchOut,
        response_description="An answer or an error for each question, in order.",
        responses=described(
            examples.BATCH_ANSWERS, "request_invalid", "body_too_large", "overloaded", headers=SERVER_TIMING
        ),
    )
    async def ask_batch(
        request: Request, body: Annotated[BatchIn, Body(openapi_examples=examples.BATCHES)]
    ) -> Response:
        """As `minsheng ask --batch`: a question that cannot be asked gets an error, the rest their answers.

        Counts as as many requests as it has questions.
        """
        spend(request, len(body.questions) - 1)
        engine = parts.engines.current
        lines: list[Outcome] = []
        for asked in body.questions:
            # Each waits its turn anew, so that a batch holds nobody up for longer than one question.
            line = to_json(asked, inf_nan_mode="constants", serialize_unknown=True)
            lines.append(await parts.gate.run(_lined(engine, line), patient=bool(lines)))
        joined = ",".join(outcome.json for outcome in lines)
        return Response(f'{{"answers":[{joined}]}}', media_type=_JSON)


def _lined(engine: AnswerEngine, line: bytes) -> Callable[[], Outcome]:
    def work() -> Outcome:
        return answer_line(engine, line)

    return work


def _add_receipts(router: APIRouter, parts: ApiParts) -> None:
    @router.post(
        "/receipts",
        summary="The receipt of an answer",
        operation_id="receipt",
        response_model=Receipt,
        response_description="What was asked of what, and the digest of the answer.",
        responses=described(examples.RECEIPTS, *_ASK_PROBLEMS),
    )
    async def receipts(body: Annotated[AskIn, Body(openapi_examples=examples.QUESTIONS)]) -> Response:
        """Takes what `ask` takes, and gives a file that `minsheng verify` replays."""
        asked = _checked(body)
        engine = parts.engines.current

        def work() -> Receipt:
            history = tuple(asked.history)
            answer = engine.ask(asked.question, history=history, repair=asked.repair, hits=asked.hits)
            return receipt_of(
                engine, answer, asked.question, history=history, repair=asked.repair, hits=asked.hits
            )

        made = await parts.gate.run(work)
        return Response(made.to_json(), media_type=_JSON)


def _checked(body: AskIn) -> AskIn:
    question = check_question(body.question)
    try:
        for earlier in body.history:
            check_question(earlier)
    except QuestionError as error:
        raise RequestRefused(
            "request_invalid", message=wording.HISTORY_INVALID, pointer="#/history"
        ) from error
    return body.model_copy(update={"question": question})

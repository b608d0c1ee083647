"""Errors as residents and programs see them: RFC 9457 documents under ``/api/``, plain pages elsewhere.

No problem repeats what was sent: neither a question nor the name of an unknown field.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.types import ExceptionHandler

from qa.errors import QuestionError
from web import wording
from web.rendering import Renderer

__all__ = [
    "PROBLEM_JSON",
    "Problem",
    "ProblemOut",
    "install_problems",
    "problem_responses",
    "question_problem",
    "request_problem",
]

PROBLEM_JSON: Final = "application/problem+json"
_TYPE_PREFIX: Final = "/api#"
_OWN_FIELDS: Final = frozenset({"question", "id", "history", "repair", "hits"})


class ProblemOut(BaseModel):
    """A problem document (RFC 9457). ``code`` is stable; ``title`` and ``detail`` are for people."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    type: str = Field(examples=["/api#question_empty"])
    title: str
    status: int
    detail: str
    code: str = Field(examples=list(wording.PROBLEM_MEANINGS))
    pointer: str | None = Field(default=None, description="The field of the request, as a JSON pointer")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that went wrong, before it is written down as JSON or as a page."""

    status: int
    code: str
    title: str
    detail: str
    pointer: str | None = None

    def response(self, headers: Mapping[str, str] | None = None) -> Response:
        """The problem as an ``application/problem+json`` response."""
        body = ProblemOut(
            type=_TYPE_PREFIX + self.code,
            title=self.title,
            status=self.status,
            detail=self.detail,
            code=self.code,
            pointer=self.pointer,
        )
        content = body.model_dump_json(exclude_none=True)
        return Response(content, self.status, dict(headers or {}), media_type=PROBLEM_JSON)


_BY_STATUS: Final[Mapping[int, tuple[str, tuple[str, str]]]] = {
    HTTPStatus.NOT_FOUND: ("not_found", wording.NOT_FOUND),
    HTTPStatus.METHOD_NOT_ALLOWED: ("method_not_allowed", wording.METHOD_NOT_ALLOWED),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: ("body_too_large", wording.BODY_TOO_LARGE),
    HTTPStatus.UNPROCESSABLE_ENTITY: ("request_invalid", wording.REQUEST_INVALID),
    HTTPStatus.INTERNAL_SERVER_ERROR: ("internal_error", wording.INTERNAL_ERROR),
}


def question_problem(error: QuestionError) -> Problem:
    """The problem of a question that cannot be taken."""
    return Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, error.code, wording.QUESTION_PROBLEM, error.message, "#/question"
    )


def request_problem(detail: str, pointer: str | None = None) -> Problem:
    """The problem of a request that is not what the schema says."""
    title, _ = wording.REQUEST_INVALID
    return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "request_invalid", title, detail, pointer)


def problem_responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The OpenAPI description of the problems a route can answer with."""
    content = {PROBLEM_JSON: {"schema": ProblemOut.model_json_schema()}}
    return {status: {"description": HTTPStatus(status).phrase, "content": content} for status in statuses}


def install_problems(app: FastAPI, renderer: Renderer, headers: Mapping[str, str]) -> None:
    """Give ``app`` one voice for every error.

    ``headers`` go on the response to an unforeseen error, which is sent from outside all middleware.
    """

    def answer(request: Request, problem: Problem, extra: Mapping[str, str] | None = None) -> Response:
        if request.url.path.startswith("/api/"):
            return problem.response(extra)
        page = renderer.page("error.html", status=problem.status, problem=problem)
        page.headers.update(extra or {})
        return page

    async def on_http(request: Request, error: HTTPException) -> Response:
        return answer(request, _from_status(error.status_code), error.headers)

    async def on_invalid(request: Request, error: RequestValidationError) -> Response:
        return answer(request, _from_validation(error.errors()))

    async def on_question(request: Request, error: QuestionError) -> Response:
        return answer(request, question_problem(error))

    async def on_unforeseen(request: Request, error: Exception) -> Response:
        return answer(request, _from_status(HTTPStatus.INTERNAL_SERVER_ERROR), headers)

    handlers: tuple[tuple[type[Exception], Any], ...] = (
        (HTTPException, on_http),
        (RequestValidationError, on_invalid),
        (QuestionError, on_question),
        (Exception, on_unforeseen),
    )
    for kind, handler in handlers:
        typed: ExceptionHandler = handler
        app.add_exception_handler(kind, typed)


def _from_status(status: int) -> Problem:
    # A body the parser gives up on is a 400 there; here it is the same 422 as every bad request.
    known = HTTPStatus.UNPROCESSABLE_ENTITY if status == HTTPStatus.BAD_REQUEST else status
    code, (title, detail) = _BY_STATUS.get(known, (f"http_{known}", wording.REQUEST_INVALID))
    return Problem(known, code, title, detail)


def _from_validation(errors: Sequence[Any]) -> Problem:
    """The first error of a request, told without repeating anything of the request."""
    kind, place = str(errors[0]["type"]), tuple(errors[0]["loc"])
    if kind == "json_invalid" or len(place) < 2:
        return request_problem(wording.REQUEST_NOT_JSON)
    if kind == "extra_forbidden" or place[1] not in _OWN_FIELDS:
        return request_problem(wording.REQUEST_UNKNOWN_FIELD)
    if place[1] == "question" and kind == "missing":
        return question_problem(QuestionError(wording.QUESTION_EMPTY, code="question_empty"))
    if place[1] == "question" and kind == "string_unicode":
        return question_problem(QuestionError(wording.QUESTION_CONTROL, code="question_control"))
    return request_problem(wording.REQUEST_INVALID[1], "#/" + "/".join(str(part) for part in place[1:]))

"""Errors as residents and programs see them: RFC 9457 documents under ``/api/``, plain pages elsewhere.

No problem repeats what was sent: neither a question nor the name of an unknown field.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any, Final

from asgi_correlation_id import correlation_id
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, Response
from starlette.exceptions import HTTPException
from starlette.types import ExceptionHandler

from qa.errors import MinshengError, QuestionError
from qa.resources import ProblemOut
from web import api_wording, wording
from web.kiosk_frame import KIOSK, kiosk_problem
from web.records.errors import RecordsUnavailable
from web.rendering import Renderer

__all__ = [
    "KNOWN",
    "PROBLEM_JSON",
    "REQUEST_ID",
    "Problem",
    "RequestRefused",
    "install_problems",
    "known_problem",
    "on_page",
    "problem_of",
    "question_problem",
    "request_problem",
]

PROBLEM_JSON: Final = "application/problem+json"
REQUEST_ID: Final = "X-Request-ID"
_TYPE_PREFIX: Final = "/api#"

_QUESTION: Final = wording.QUESTION_PROBLEM
KNOWN: Final[Mapping[str, tuple[HTTPStatus, tuple[str, str]]]] = {
    "question_empty": (HTTPStatus.UNPROCESSABLE_ENTITY, (_QUESTION, wording.QUESTION_EMPTY)),
    "question_too_long": (HTTPStatus.UNPROCESSABLE_ENTITY, (_QUESTION, api_wording.QUESTION_TOO_LONG)),
    "question_control": (HTTPStatus.UNPROCESSABLE_ENTITY, (_QUESTION, wording.QUESTION_CONTROL)),
    "request_invalid": (HTTPStatus.UNPROCESSABLE_ENTITY, wording.REQUEST_INVALID),
    "key_missing": (HTTPStatus.UNAUTHORIZED, api_wording.KEY_MISSING),
    "key_invalid": (HTTPStatus.UNAUTHORIZED, api_wording.KEY_INVALID),
    "scope_missing": (HTTPStatus.FORBIDDEN, api_wording.SCOPE_MISSING),
    "not_found": (HTTPStatus.NOT_FOUND, wording.NOT_FOUND),
    "version_not_current": (HTTPStatus.NOT_FOUND, api_wording.NOT_CURRENT),
    "method_not_allowed": (HTTPStatus.METHOD_NOT_ALLOWED, wording.METHOD_NOT_ALLOWED),
    "body_too_large": (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, wording.BODY_TOO_LARGE),
    "rate_limited": (HTTPStatus.TOO_MANY_REQUESTS, api_wording.RATE_LIMITED),
    "overloaded": (HTTPStatus.TOO_MANY_REQUESTS, api_wording.OVERLOADED),
    "internal_error": (HTTPStatus.INTERNAL_SERVER_ERROR, wording.INTERNAL_ERROR),
    "not_ready": (HTTPStatus.SERVICE_UNAVAILABLE, api_wording.NOT_READY),
}
"""Every code there is: its status, and its title and detail where the request says no more."""

_BY_STATUS: Final[Mapping[int, str]] = {
    HTTPStatus.FORBIDDEN: "scope_missing",
    HTTPStatus.NOT_FOUND: "not_found",
    HTTPStatus.METHOD_NOT_ALLOWED: "method_not_allowed",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "body_too_large",
    HTTPStatus.TOO_MANY_REQUESTS: "rate_limited",
    HTTPStatus.INTERNAL_SERVER_ERROR: "internal_error",
    HTTPStatus.SERVICE_UNAVAILABLE: "not_ready",
}


_ON_PAGES: Final[Mapping[int, tuple[str, str]]] = {
    HTTPStatus.FORBIDDEN: wording.FORBIDDEN,
    HTTPStatus.TOO_MANY_REQUESTS: wording.TOO_MANY,
    HTTPStatus.SERVICE_UNAVAILABLE: wording.UNAVAILABLE,
}
"""What residents are told where programs are told more."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that went wrong, before it is written down as JSON or as a page."""

    status: int
    code: str
    title: str
    detail: str
    pointer: str | None = None

    def document(self) -> ProblemOut:
        """The problem as the record of RFC 9457."""
        return ProblemOut(
            type=_TYPE_PREFIX + self.code,
            title=self.title,
            status=self.status,
            detail=self.detail,
            code=self.code,
            pointer=self.pointer,
        )

    def response(self, headers: Mapping[str, str] | None = None) -> Response:
        """The problem as an ``application/problem+json`` response."""
        content = self.document().model_dump_json(exclude_none=True)
        return Response(content, self.status, dict(headers or {}), media_type=PROBLEM_JSON)


class RequestRefused(MinshengError):
    """A request that is not served.

    Args:
        code: one of `KNOWN`.
        headers: what goes on the response, such as ``Retry-After``.
        message: words that say more than the code's own.
        pointer: the field of the request that is wrong, as a JSON pointer.
    """

    def __init__(
        self,
        code: str,
        headers: Mapping[str, str] | None = None,
        message: str | None = None,
        pointer: str | None = None,
    ) -> None:
        super().__init__(message or KNOWN[code][1][1], code=code)
        self.headers = dict(headers or {})
        self.pointer = pointer

    @property
    def problem(self) -> Problem:
        """The same as a problem."""
        return replace(known_problem(self.code), detail=self.message, pointer=self.pointer)


def known_problem(code: str) -> Problem:
    """The problem of a code, in the code's own words."""
    status, (title, detail) = KNOWN[code]
    return Problem(status, code, title, detail)


def question_problem(error: QuestionError, pointer: str = "#/question") -> Problem:
    """The problem of a question that cannot be taken."""
    return replace(known_problem(error.code), detail=error.message, pointer=pointer)


def request_problem(detail: str, pointer: str | None = None) -> Problem:
    """The problem of a request that is not what the schema says."""
    return replace(known_problem("request_invalid"), detail=detail, pointer=pointer)


def install_problems(app: FastAPI, renderer: Renderer, headers: Mapping[str, str]) -> None:
    """Give ``app`` one voice for every error.

    ``headers`` go on the response to an unforeseen error, which is sent from outside all middleware.
    """

    def answer(request: Request, problem: Problem, extra: Mapping[str, str] | None = None) -> Response:
        if request.url.path.startswith("/api/"):
            return problem.response(extra)
        path, told = request.url.path, on_page(problem)
        if path == KIOSK or path.startswith(f"{KIOSK}/"):
            page = HTMLResponse(kiosk_problem(renderer, told.title, told.detail), told.status)
        else:
            page = renderer.page(request, "error.html", status=told.status, problem=told)
        page.headers.update(extra or {})
        return page

    async def on_http(request: Request, error: HTTPException) -> Response:
        return answer(request, problem_of(error.status_code), error.headers)

    async def on_invalid(request: Request, error: RequestValidationError) -> Response:
        return answer(request, _from_validation(error.errors()))

    async def on_question(request: Request, error: QuestionError) -> Response:
        return answer(request, question_problem(error))

    async def on_refused(request: Request, error: RequestRefused) -> Response:
        return answer(request, error.problem, error.headers)

    async def on_unavailable(request: Request, error: RecordsUnavailable) -> Response:
        return answer(request, problem_of(HTTPStatus.SERVICE_UNAVAILABLE), {"Retry-After": "60"})

    async def on_unforeseen(request: Request, error: Exception) -> Response:
        named = {REQUEST_ID: known} if (known := correlation_id.get()) else {}
        return answer(request, known_problem("internal_error"), {**headers, **named})

    handlers: tuple[tuple[type[Exception], Any], ...] = (
        (HTTPException, on_http),
        (RequestValidationError, on_invalid),
        (QuestionError, on_question),
        (RequestRefused, on_refused),
        (RecordsUnavailable, on_unavailable),
        (Exception, on_unforeseen),
    )
    for kind, handler in handlers:
        typed: ExceptionHandler = handler
        app.add_exception_handler(kind, typed)


def on_page(problem: Problem) -> Problem:
    """The problem in the words of residents' pages."""
    title, detail = _ON_PAGES.get(problem.status, (problem.title, problem.detail))
    return replace(problem, title=title, detail=detail)


def problem_of(status: int) -> Problem:
    """The problem a status stands for, in words."""
    # A body the parser gives up on is a 400 there; here it is the same 422 as every bad request.
    return known_problem(_BY_STATUS.get(status, "request_invalid"))


def _from_validation(errors: Sequence[Any]) -> Problem:
    """The first error of a request, told without repeating anything of the request."""
    kind, place = str(errors[0]["type"]), tuple(errors[0]["loc"])
    if place[:1] in (("query",), ("path",)):
        return request_problem(api_wording.parameter_invalid(str(place[1])))
    if kind == "json_invalid" or len(place) < 2:
        return request_problem(wording.REQUEST_NOT_JSON)
    if kind == "extra_forbidden":
        return request_problem(api_wording.UNKNOWN_FIELD)
    pointer = "#/" + "/".join(str(part) for part in place[1:])
    if place[1] == "question" and kind == "missing":
        return question_problem(QuestionError(wording.QUESTION_EMPTY, code="question_empty"))
    if kind == "string_unicode" and place[1] in ("question", "history"):
        return question_problem(QuestionError(wording.QUESTION_CONTROL, code="question_control"), pointer)
    return request_problem(wording.REQUEST_INVALID[1], pointer)

"""A typed client of the API: the same records that the server sends, and errors from its problem documents.

::

    with Client("http://127.0.0.1:8000", key="…") as client:
        asked = client.ask("打加强针要满足什么条件？")
        for citation in asked.answer.citations:
            print(citation.quote, citation.href)

Errors::

    MinshengError
    └── ApiError              the API did not do what it was asked
        ├── ApiProblem        it said why: a problem document (RFC 9457) with a code
        └── ApiUnreachable    it did not answer, or with something else
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from types import TracebackType
from typing import Any, Final, TypeVar
from urllib.parse import quote as url_quote

import httpx2
from pydantic import BaseModel, ValidationError

from qa.about import program_version
from qa.batch import LineError, LineIn
from qa.errors import MinshengError
from qa.language.personal import mask
from qa.receipt import Receipt
from qa.resources import (
    BatchOut,
    FeedbackOut,
    HealthOut,
    PassageOut,
    PassagesOut,
    ProblemOut,
    SuggestionOut,
    SuggestOut,
    TopicOut,
    TopicsOut,
    TranscriptItem,
    TranscriptOut,
    TranscriptsOut,
    VersionOut,
)
from qa.wire import AnswerOut

__all__ = ["ApiError", "ApiProblem", "ApiUnreachable", "Asked", "Client"]

_AGAIN: Final = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})
_FIELD: Final = re.compile(r'(\w+)="([^"]*)"')
_UNREACHABLE: Final = "接口没有应答。请检查网址和网络，过一会儿再试。"
_NOT_OURS: Final = "接口的应答看不懂。请检查网址是不是民生问答的，程序版本是否相配。"
M = TypeVar("M", bound=BaseModel)


class ApiError(MinshengError):
    """The API did not do what it was asked."""

    default_code = "api_error"


class ApiProblem(ApiError):
    """The API said why: ``problem`` is its document, ``request_id`` what to name when asking about it."""

    def __init__(self, problem: ProblemOut, request_id: str | None, retry_after: float | None) -> None:
        super().__init__(problem.detail, code=problem.code, detail=f"{problem.status} {problem.code}")
        self.problem = problem
        self.request_id = request_id
        self.retry_after = retry_after
        """Seconds after which it may be tried again, where the API told."""


class ApiUnreachable(ApiError):
    """The API did not answer in time, or with something that is not its own."""

    default_code = "api_unreachable"


@dataclass(frozen=True, slots=True)
class Asked:
    """An answer, its receipt to be replayed later, and what feedback names it by (None: it is not kept)."""

    answer: AnswerOut
    receipt: Receipt
    question_id: str | None


class Client:
    """Calls the API of one server. To be used in one thread.

    Args:
        url: the server's address, such as ``http://127.0.0.1:8000``.
        key: a key, where the operator gave one.
        timeout: seconds to wait for each answer.
        retries: how often to try again where the server is away, or asks to come later.
        patience: the longest wait before trying again, in seconds; if told to wait longer, it is an error.
        transport: another way to the server, for tests.
    """

    def __init__(
        self,
        url: str,
        *,
        key: str | None = None,
        timeout: float = 10.0,
        retries: int = 2,
        patience: float = 30.0,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        headers = {"User-Agent": f"minsheng-qa/{program_version()}"}
        if key is not None:
            headers["Authorization"] = f"Bearer {key}"
        base = f"{url.rstrip('/')}/api/v1/"
        self._http = httpx2.Client(base_url=base, headers=headers, timeout=timeout, transport=transport)
        self._retries = retries
        self._patience = patience

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes the connections."""
        self._http.close()

    def ask(
        self,
        question: str,
        *,
        history: Sequence[str] = (),
        repair: bool = True,
        hits: int = 0,
        id: str | None = None,
    ) -> Asked:
        """The answer to a question of 1 to 300 code points; ``history`` holds at most five earlier ones."""
        asked = {"question": question, "history": list(history), "repair": repair, "hits": hits, "id": id}
        response = self._send("POST", "ask", json=asked)
        told = dict(_FIELD.findall(response.headers.get("minsheng-receipt", "")))
        stripped = question.strip()
        try:
            receipt = Receipt(
                program=told["program"],
                corpus=told["corpus"],
                settings=told["settings"],
                question=mask(stripped),
                history=tuple(map(mask, history)),
                repair=repair,
                hits=hits,
                masked=mask(stripped) != stripped,
                answer=told["answer"],
            )
        except (KeyError, ValidationError) as error:
            raise ApiUnreachable(_NOT_OURS, detail="no receipt") from error
        return Asked(_read(AnswerOut, response), receipt, response.headers.get("question-id"))

    def batch(self, questions: Sequence[LineIn]) -> list[AnswerOut | LineError]:
        """The answers to at most fifty questions, in order; an error line where one cannot be asked."""
        sent = [question.model_dump() for question in questions]
        return _read(BatchOut, self._send("POST", "ask/batch", json={"questions": sent})).answers

    def receipt(
        self, question: str, *, history: Sequence[str] = (), repair: bool = True, hits: int = 0
    ) -> Receipt:
        """The receipt of the answer to a question, without the answer."""
        asked = {"question": question, "history": list(history), "repair": repair, "hits": hits}
        return _read(Receipt, self._send("POST", "receipts", json=asked))

    def suggest(self, typed: str, *, limit: int = 8) -> list[SuggestionOut]:
        """What can be asked that looks like what is being typed, best first."""
        return _read(SuggestOut, self._get("suggest", q=typed, limit=limit)).suggestions

    def topics(self) -> list[TopicOut]:
        """Topics, with questions that are answered."""
        return _read(TopicsOut, self._get("topics")).topics

    def transcripts(self) -> Iterator[TranscriptItem]:
        """Every transcript, the newest first; a page is fetched when it is needed."""
        page = pages = 1
        while page <= pages:
            found = _read(TranscriptsOut, self._get("transcripts", page=page))
            yield from found.transcripts
            page, pages = page + 1, found.pages

    def transcript(self, id: str) -> TranscriptOut:
        """A transcript with its text."""
        return _read(TranscriptOut, self._get(f"transcripts/{url_quote(id, safe='')}"))

    def passages(self, id: str, *, start: int = 0, end: int = 10**9) -> list[PassageOut]:
        """The passages of a transcript that overlap ``[start, end)``."""
        path = f"transcripts/{url_quote(id, safe='')}/passages"
        return _read(PassagesOut, self._get(path, start=start, end=end)).passages

    def feedback(self, question_id: str, *, helpful: bool, reason: str = "") -> bool:
        """Says whether an answer helped; whether that is kept."""
        said = {"question_id": question_id, "helpful": helpful, "reason": reason}
        return _read(FeedbackOut, self._send("POST", "feedback", json=said)).kept

    def version(self) -> VersionOut:
        """What answers: program, version, settings."""
        return _read(VersionOut, self._get("version"))

    def live(self) -> HealthOut:
        """Whether the process answers at all."""
        return _read(HealthOut, self._get("health/live"))

    def ready(self) -> HealthOut:
        """Whether questions are answered, and how the parts are."""
        return _read(HealthOut, self._get("health/ready"))

    def metrics(self) -> str:
        """Counts and times in Prometheus' text format."""
        return self._get("metrics").text

    def _get(self, path: str, **parameters: str | int) -> httpx2.Response:
        return self._send("GET", path, params=parameters)

    def _send(self, method: str, path: str, **how: Any) -> httpx2.Response:
        for left in range(self._retries, -1, -1):
            try:
                response = self._http.request(method, path, **how)
            except httpx2.TransportError as error:
                if not left:
                    raise ApiUnreachable(_UNREACHABLE, detail=type(error).__name__) from error
                time.sleep(min(1.0, self._patience))
                continue
            if response.is_success:
                return response
            wait = _retry_after(response.headers)
            may = left and response.status_code in _AGAIN
            if not may or (wait is not None and wait > self._patience):
                raise _problem(response, wait)
            time.sleep(1.0 if wait is None else wait)
        raise AssertionError("the last try returns or raises")


def _retry_after(headers: Mapping[str, str]) -> float | None:
    told = headers.get("retry-after", "")
    return float(told) if told.isascii() and told.isdigit() else None


def _problem(response: httpx2.Response, wait: float | None) -> ApiError:
    try:
        problem = ProblemOut.model_validate_json(response.content)
    except ValidationError:
        return ApiUnreachable(_NOT_OURS, detail=f"status {response.status_code}")
    return ApiProblem(problem, response.headers.get("x-request-id"), wait)


def _read(kind: type[M], response: httpx2.Response) -> M:
    try:
        return kind.model_validate_json(response.content)
    except ValidationError as error:
        raise ApiUnreachable(_NOT_OURS, detail=str(error)) from error

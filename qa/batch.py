"""Questions in a batch: a line of JSON in, a line of JSON out."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import from_json

from qa import cli_wording as wording
from qa.errors import QuestionError
from qa.model import Answer
from qa.wire import AskIn, answer_out, check_question

__all__ = ["Asks", "Outcome", "answer_line"]

_LONGEST_ID = 200
_TYPE_PREFIX = "/api#"


class Asks(Protocol):
    """What answers questions; ``qa.engine.Engine`` does."""

    def ask(
        self, question: str, *, history: tuple[str, ...] = (), repair: bool = True, hits: int = 0
    ) -> Answer:
        """The answer to a checked question."""


class LineIn(AskIn):
    """A line of a batch: a question as the API takes it, with an id. Other fields are passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    id: Annotated[str, Field(max_length=_LONGEST_ID)]


class LineProblem(BaseModel):
    """What is wrong with a line: the same problem documents (RFC 9457) as the API's."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    type: str
    title: str
    status: int
    detail: str
    code: str


class LineError(BaseModel):
    """A line out for a line in that cannot be asked; ``id`` is null where none can be read."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str | None
    status: Literal["error"] = "error"
    problem: LineProblem


@dataclass(frozen=True, slots=True)
class Outcome:
    """A line out, without its line feed, and whether the line in could not be asked."""

    json: str
    failed: bool


def answer_line(engine: Asks, line: bytes, hits: int = 0) -> Outcome:
    """The line out for a line in, which need not be valid in any way.

    Args:
        hits: how many transcripts to name where the line does not say.
    """
    try:
        asked = LineIn.model_validate_json(line)
    except ValidationError as error:
        return _failed(_id_of(line), "request_invalid", wording.LINE_PROBLEM, _what(error))
    try:
        question = check_question(asked.question)
    except QuestionError as error:
        return _failed(asked.id, error.code, wording.QUESTION_PROBLEM, error.message)
    try:
        for earlier in asked.history:
            check_question(earlier)
    except QuestionError:
        return _failed(asked.id, "request_invalid", wording.LINE_PROBLEM, wording.HISTORY_INVALID)
    answer = engine.ask(
        question,
        history=tuple(asked.history),
        repair=asked.repair,
        hits=asked.hits if "hits" in asked.model_fields_set else hits,
    )
    return Outcome(answer_out(answer, asked.id).to_json(), failed=False)


def _failed(id: str | None, code: str, title: str, detail: str) -> Outcome:
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    problem = LineProblem(type=_TYPE_PREFIX + code, title=title, status=status, detail=detail, code=code)
    return Outcome(LineError(id=id, problem=problem).model_dump_json(), failed=True)


def _id_of(line: bytes) -> str | None:
    """The id of a line that is wrong in something else."""
    try:
        loaded = from_json(line)
    except ValueError:
        return None
    found = loaded.get("id") if isinstance(loaded, dict) else None
    return found if isinstance(found, str) and len(found) <= _LONGEST_ID else None


def _what(error: ValidationError) -> str:
    first = error.errors()[0]
    if not first["loc"]:
        return wording.LINE_NOT_JSON
    field = str(first["loc"][0])
    return (wording.LINE_MISSING if first["type"] == "missing" else wording.LINE_FIELD).format(field=field)

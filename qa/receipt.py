"""Receipts: what was asked of what, and the digest of what was answered, to be replayed later.

A receipt holds no answer. Whoever kept one asks the same question of the same version with the same
settings and program, and compares the digest of the bytes: they are the same, or something has changed.
Personal data is masked in it, as in everything that is kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Final, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from qa.about import program_version
from qa.answering import wording
from qa.errors import MinshengError, QuestionError
from qa.language.personal import mask
from qa.model import Answer, Notice, Status
from qa.wire import MAX_HISTORY, MAX_HITS, answer_out, check_question

__all__ = [
    "FORMAT",
    "Receipt",
    "ReceiptError",
    "Replay",
    "Replayed",
    "answer_digest",
    "read_receipt",
    "receipt_of",
    "replay",
]

FORMAT: Final = 1
"""The format of receipts this program writes."""
_LARGEST: Final = 64 * 1024
_Digest = Annotated[str, Field(pattern="^sha256:[0-9a-f]{64}$")]


class ReceiptError(MinshengError):
    """A receipt cannot be read."""

    default_code = "receipt_invalid"


class Replay(Protocol):
    """What a receipt is made of and replayed on; ``qa.engine.Engine`` is one."""

    @property
    def corpus(self) -> str:
        """The digest of the version."""

    @property
    def settings_digest(self) -> str:
        """The digest of what else decides answers."""

    def ask(
        self, question: str, *, history: tuple[str, ...] = (), repair: bool = True, hits: int = 0
    ) -> Answer:
        """The answer to a checked question."""


class Receipt(BaseModel):
    """What was asked (masked), of which version, with which settings and program, and the answer's digest.

    ``masked`` says that personal data was masked: the answer then has a notice of it. ``answer`` is the
    sha256 of the answer's bytes on the wire in UTF-8, its ``id`` null.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    receipt: Literal[1] = FORMAT
    program: str
    corpus: _Digest
    settings: _Digest
    question: str
    history: Annotated[tuple[str, ...], Field(max_length=MAX_HISTORY)] = ()
    repair: bool = True
    hits: Annotated[int, Field(ge=0, le=MAX_HITS)] = 0
    masked: bool = False
    answer: _Digest

    def to_json(self) -> str:
        """The receipt as one line of JSON."""
        return self.model_dump_json()


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a replay came to: whether the answer is the same to the byte, and the receipt it has now."""

    same: bool
    found: Receipt


def answer_digest(answer: Answer) -> str:
    """The digest of an answer's bytes on the wire, whoever asked."""
    return f"sha256:{hashlib.sha256(answer_out(answer).to_json().encode()).hexdigest()}"


def receipt_of(
    engine: Replay, answer: Answer, question: str, *, history: Sequence[str], repair: bool, hits: int
) -> Receipt:
    """The receipt of an ``answer`` that ``engine`` gave to a question asked like this."""
    return Receipt(
        program=program_version(),
        corpus=answer.corpus,
        settings=engine.settings_digest,
        question=mask(question),
        history=tuple(map(mask, history)),
        repair=repair,
        hits=hits,
        masked=mask(question) != question,
        answer=answer_digest(answer),
    )


def read_receipt(data: bytes) -> Receipt:
    """A receipt from its JSON.

    Raises:
        ReceiptError: if it is none, is of a newer format, or what it asks cannot be asked.
    """
    try:
        read = Receipt.model_validate_json(data[: _LARGEST + 1])
        for question in (read.question, *read.history):
            check_question(question)
    except ValidationError as error:
        field = ".".join(str(part) for part in error.errors()[0]["loc"]) or "JSON"
        raise ReceiptError(
            f"这不是能看懂的回执（{field}）。请使用答复当时得到的回执文件。", detail=field
        ) from error
    except QuestionError as error:
        raise ReceiptError(
            "回执里的问题不能再问一遍。请使用答复当时得到的回执文件。", detail=error.code
        ) from error
    return read


def replay(receipt: Receipt, engine: Replay) -> Replayed:
    """Asks again what ``receipt`` asked and compares."""
    answer = engine.ask(receipt.question, history=receipt.history, repair=receipt.repair, hits=receipt.hits)
    if receipt.masked:
        answer = _told_of_masking(answer)
    found = receipt_of(
        engine, answer, receipt.question, history=receipt.history, repair=receipt.repair, hits=receipt.hits
    )
    return Replayed(found.answer == receipt.answer, found)


def _told_of_masking(answer: Answer) -> Answer:
    """The answer as it was when there was something to mask: what is asked again is masked already."""
    at = int(answer.status is Status.DECLINED)
    told = Notice("personal_data", wording.personal_data)
    return replace(answer, notices=(*answer.notices[:at], told, *answer.notices[at:]))

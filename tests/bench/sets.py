"""The judged questions and public sets that measuring needs, read from the folder given as DATA."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Asked", "is_even", "judged", "public_set"]


@dataclass(frozen=True)
class Asked:
    """A question with what is known of its answer.

    ``gold`` are alternatives, any of which an answer must hold; ``facts`` are facts that are all needed,
    each with its alternatives; ``documents`` hold the answer; ``fit`` says that it is for fitting.
    """

    id: str
    text: str
    answerable: bool
    fit: bool
    gold: tuple[str, ...] = ()
    facts: tuple[tuple[str, ...], ...] = ()
    documents: frozenset[str] = frozenset()


def is_even(document: str) -> bool:
    """Whether a document is for fitting: the sha256 of its id is even."""
    return hashlib.sha256(document.encode()).digest()[-1] % 2 == 0


def _lines(path: Path) -> list[Mapping[str, object]]:
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


def judged(path: Path) -> list[Asked]:
    """Questions in the format of ``questions/README.md``; even numbers and our own (t…) are for fitting."""
    asked = []
    for row in _lines(path):
        quotes = row["quotes"]
        assert isinstance(quotes, list)
        asked.append(
            Asked(
                id=str(row["id"]),
                text=str(row["question"]),
                answerable=bool(row["answerable"]),
                fit=str(row["id"])[0] == "t" or int(str(row["id"])[1:]) % 2 == 0,
                gold=tuple(snippet for fact in quotes for snippet in fact),
                facts=tuple(tuple(fact) for fact in quotes),
                documents=frozenset([str(row["doc"])] if row["doc"] else []),
            )
        )
    return asked


def off_topic(path: Path) -> frozenset[str]:
    """Which of the judged questions of a file are about nothing that was spoken of."""
    return frozenset(str(row["id"]) for row in _lines(path) if is_off_topic(row))


def is_off_topic(row: Mapping[str, object]) -> bool:
    """Whether a judged question is about nothing that was spoken of, by its style or subject."""
    return any(str(row.get(kind)).startswith("off_topic") for kind in ("style", "topic"))


def public_set(folder: Path) -> list[Asked]:
    """The questions of a public set; a question goes with its document into fitting or reporting."""
    relevant: dict[str, set[str]] = {}
    for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines():
        question, document, _ = line.split("\t")
        relevant.setdefault(question, set()).add(document)
    asked = []
    for row in _lines(folder / "queries.jsonl"):
        id = str(row["id"])
        documents = frozenset(relevant.get(id, ()))
        answers = row.get("answers")
        asked.append(
            Asked(
                id=id,
                text=str(row["text"]),
                answerable=bool(row["answerable"]),
                fit=is_even(min(documents) if documents else id),
                gold=tuple(answers) if isinstance(answers, list) else (),
                documents=documents,
            )
        )
    return asked

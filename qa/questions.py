"""The questions offered to residents as examples: ``faq/common.yaml`` beside the corpus, as data.

The other question sets in that folder are for checking, not for offering (:mod:`qa.coverage`).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

from qa.errors import CorpusError

__all__ = ["FaqQuestion", "load_questions"]

_OFFERED = "common.yaml"


@dataclass(frozen=True, slots=True)
class FaqQuestion:
    """A question as a resident would ask it, and what it is about."""

    question: str
    topic: str | None = None


def load_questions(folder: Path) -> tuple[FaqQuestion, ...]:
    """The questions of ``common.yaml`` in ``folder``, in its order; none without the file.

    Raises:
        CorpusError: if a file is not a list of records with a ``question``; the message names it.
    """
    found = []
    path = folder / _OFFERED
    for number, record in enumerate(_records(path) if path.is_file() else (), 1):
        if not isinstance(record, dict) or not str(record.get("question") or "").strip():
            raise CorpusError(
                f"问题集 {path.name} 第 {number} 条缺少 question。请补上后重试。",
                code="faq_invalid",
                detail=f"{path}: record {number}",
            )
        topic = record.get("topic")
        found.append(FaqQuestion(str(record["question"]).strip(), None if topic is None else str(topic)))
    return tuple(found)


def _records(path: Path) -> list[object]:
    try:
        loaded = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise CorpusError(
            f"问题集 {path.name} 不是有效的 YAML，请检查缩进和引号。", code="faq_invalid", detail=str(error)
        ) from error
    return loaded if isinstance(loaded, list) else []

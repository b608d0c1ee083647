"""The staff's question sets: questions kept beside the corpus, as data."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

from qa.errors import CorpusError

__all__ = ["FaqQuestion", "load_questions"]


@dataclass(frozen=True, slots=True)
class FaqQuestion:
    """A question as a resident would ask it, and what it is about."""

    question: str
    topic: str | None = None


def load_questions(folder: Path) -> tuple[FaqQuestion, ...]:
    """The questions of every ``.yaml`` file in ``folder``, in file and list order; none without the folder.

    Raises:
        CorpusError: if a file is not a list of records with a ``question``; the message names it.
    """
    found = []
    for path in sorted(folder.glob("*.yaml")):
        for number, record in enumerate(_records(path), 1):
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

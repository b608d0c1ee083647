"""Cases added to and taken out of a YAML file of records; what people wrote around them stays."""

from __future__ import annotations

from dataclasses import asdict

import yaml

from qa.coverage.cases import FaqCase

__all__ = ["with_case", "without_case"]


def with_case(data: bytes, case: FaqCase) -> bytes:
    """The bytes of a file of cases with one more at its end. The rest stays, comments included."""
    record = {name: _plain(value) for name, value in asdict(case).items() if value and name != "id"}
    written = yaml.safe_dump([record], allow_unicode=True, sort_keys=False, width=1000)
    text = data.decode("utf-8-sig")
    gap = "" if not text or text.endswith("\n") else "\n"
    return f"{text}{gap}{written}".encode()


def without_case(data: bytes, question: str) -> bytes:
    """The bytes of a file that :func:`with_case` wrote, without the case of ``question``.

    A record is a line that begins with ``- `` and the lines indented below it.
    """
    kept: list[str] = []
    record: list[str] = []
    for line in [*data.decode("utf-8-sig").splitlines(keepends=True), ""]:
        if record and line[:1] not in (" ", "\t"):
            kept += [] if _question(record) == question else record
            record = []
        (record if record or line.startswith("- ") else kept).append(line)
    return "".join(kept).encode()


def _question(record: list[str]) -> object:
    loaded = yaml.safe_load("".join(record))
    first = loaded[0] if isinstance(loaded, list) and loaded else None
    return first.get("question") if isinstance(first, dict) else None


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value

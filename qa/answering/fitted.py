"""The fitted numbers: coefficients and thresholds, read from one data file.

``fitted.json`` is written by ``python -m tests.bench.fit`` and says itself how it was fitted.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from operator import mul
from pathlib import Path

from qa.answering.features import FEATURE_NAMES, Features
from qa.errors import SettingsError
from qa.model import Transcript

__all__ = [
    "DECISION_NAMES",
    "DOCUMENT_NAMES",
    "FALLING",
    "RISING",
    "Fitted",
    "Linear",
    "Models",
    "blank",
    "load_fitted",
    "sigmoid",
]

_FORMAT = 3
DECISION_NAMES = (
    *FEATURE_NAMES,
    "reader",
    "reader_margin",
    "reader_margin_document",
    "document_margin",
    "quoted_share",
    "asked",
    "kind_hard",
    "kind_yesno",
    "kind_any",
    "missing_yesno",
    "missing_hard",
    "missing_open",
    "bound_hard",
    "lost_yesno",
    "cover_focus_squared",
    "cover_passage_squared",
)
"""What the decision is made of: the best evidence's features, and how it stands among all that was read."""


RISING = frozenset(
    {
        *("cover", "cover_with_before", "cover_local", "cover_head", "cover_focus", "cover_focus_passage"),
        *("cover_focus_local", "cover_asked", "cover_asked_passage", "cover_focus_squared"),
        *(
            "cover_passage_squared",
            "mass",
            "mass_passage",
            "head",
            "head_passage",
            "substance",
            "same_phrase",
        ),
        *("expected_near", "expected_unit", "expected_bound", "bound_hard", "score", "score_share"),
        *("score_document", "document_margin", "after_lead", "headed", "year_match", "branch_fits"),
        *("numbers", "quoted_share", "reader", "reader_margin", "reader_margin_document"),
    }
)
"""What never makes an answer less likely: agreement between question and evidence.

Questions written for a test tempt a fit to hold agreement against the evidence: their authors reword what is
answered and repeat what is not, as residents do not. What says the same as one of these in another measure
(``overlap``, ``cover_document``) is left free beside it.
"""
FALLING = frozenset(
    {
        *(name for name in DECISION_NAMES if name.endswith(("_conflict", "_conflicts", "_missing"))),
        *(name for name in DECISION_NAMES if name.startswith(("largest_missing", "lost", "missing_"))),
        *("hard_miss", "opposed", "asks", "question_turn", "echo"),
    }
)
"""What never makes an answer more likely: something asked for that is missing, or something else told."""


DOCUMENT_NAMES = (
    *(f"highest_{name}" for name in FEATURE_NAMES),
    *(f"best_{name}" for name in FEATURE_NAMES),
    "reader",
    "passages",
)
"""What documents are ranked by: the highest of each feature, those of the best clause, and its score."""


@dataclass(frozen=True, slots=True)
class Linear:
    """A linear model: ``bias + sum(weight * value)``, names and weights in one order."""

    bias: float
    weights: tuple[float, ...]

    def score(self, values: tuple[float, ...]) -> float:
        """The model's value, a log-odds."""
        total: float = sum(map(mul, self.weights, values), self.bias)
        return total


@dataclass(frozen=True, slots=True)
class Models:
    """``reader`` scores a clause, ``decision`` the best one."""

    reader: Linear
    decision: Linear


@dataclass(frozen=True, slots=True)
class Fitted:
    """The models for spoken briefings and for written documents; one set of thresholds for both.

    What people say and what offices write are asked about in different words: residents paraphrase the
    one and repeat the other. ``answer`` is the probability from which a question is answered, ``near`` the
    nearness (see :func:`qa.answering.decide.nearness`) from which words are shown where nothing answers.
    ``documents`` ranks transcripts.
    """

    spoken: Models
    written: Models
    documents: Linear
    answer: float
    near: float
    digest: str

    def models(self, transcript: Transcript) -> Models:
        """The models for a transcript: spoken where it names who holds an office, written otherwise."""
        return self.spoken if transcript.attributions else self.written

    def rate(self, features: Features, transcript: Transcript) -> float:
        """The reader's log-odds that a clause of ``transcript`` holds the answer."""
        return self.models(transcript).reader.score(features)


def blank() -> Fitted:
    """Numbers that prefer nothing: what fitting starts from."""
    nothing = Models(Linear(0.0, (0.0,) * len(FEATURE_NAMES)), Linear(0.0, (0.0,) * len(DECISION_NAMES)))
    return Fitted(nothing, nothing, Linear(0.0, (0.0,) * len(DOCUMENT_NAMES)), 0.5, 1.0, "blank")


def sigmoid(log_odds: float) -> float:
    """The probability of log-odds, in (0, 1)."""
    if log_odds >= 0:
        return 1.0 / (1.0 + math.exp(-log_odds))
    grown = math.exp(log_odds)
    return grown / (1.0 + grown)


def _linear(record: Mapping[str, object], names: tuple[str, ...]) -> Linear:
    weights = record["weights"]
    if not isinstance(weights, dict) or set(weights) != set(names):
        raise SettingsError(
            "拟合文件与程序版本不符。请重新拟合，或换回随程序发布的文件。", detail="fitted names"
        )
    return Linear(float(str(record["bias"])), tuple(float(weights[name]) for name in names))


def _models(record: Mapping[str, Mapping[str, object]]) -> Models:
    return Models(_linear(record["reader"], FEATURE_NAMES), _linear(record["decision"], DECISION_NAMES))


def load_fitted(path: Path | None = None) -> Fitted:
    """The fitted numbers of ``path``, by default those shipped with the program.

    Raises:
        SettingsError: if the file is of another format or names other features.
    """
    data = (path or Path(__file__).with_name("fitted.json")).read_bytes()
    record = json.loads(data)
    if record.get("format") != _FORMAT:
        raise SettingsError("拟合文件的格式版本不对。请重新拟合。", detail=f"format {record.get('format')}")
    return Fitted(
        _models(record["spoken"]),
        _models(record["written"]),
        _linear(record["documents"], DOCUMENT_NAMES),
        float(record["thresholds"]["answer"]),
        float(record["thresholds"]["near"]),
        hashlib.sha256(data).hexdigest(),
    )

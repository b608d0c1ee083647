"""Which signals spoke for and against an answer, in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from qa.answering.decide import FacetReading, decision_values
from qa.answering.fitted import DECISION_NAMES, Fitted, sigmoid
from qa.coverage import wording
from qa.engine import Explanation

__all__ = ["signals_against", "signals_for", "surest"]

_MOST: Final = 3
_WORTH_TELLING: Final = 0.1
"""Log-odds below which a signal is not told."""


def surest(explanation: Explanation) -> FacetReading | None:
    """The reading whose confidence is the decision's, or None where nothing was read."""
    readings = explanation.decision.readings
    return max(readings, key=lambda reading: reading.confidence) if readings else None


def signals_against(explanation: Explanation, fitted: Fitted) -> tuple[str, ...]:
    """What lowered the confidence, most first, with the log-odds it cost.

    A feature costs what lies between its share and the share at which it would cost nothing.
    """
    reading = surest(explanation)
    if reading is None or reading.best is None or reading.holding is not None:
        return ()
    values = _values(explanation, reading)
    weights = _weights(explanation, reading, fitted)
    costs = [
        (sum(weights[name] * (values[name] - most) for name, most in signal.features), signal.against)
        for signal in wording.SIGNALS
    ]
    order = sorted(pair for pair in costs if pair[0] < -_WORTH_TELLING)
    lowered = [wording.LACKS_THE_FACT] if _is_lowered(explanation, reading, fitted) else []
    return tuple(lowered + [_told(label, cost) for cost, label in order])[:_MOST]


def signals_for(explanation: Explanation, fitted: Fitted) -> tuple[str, ...]:
    """What raised the confidence, most first, with the log-odds it added: to none of a share, or to the
    half of what is one half where nothing of the kind is asked."""
    reading = surest(explanation)
    if reading is None:
        return ()
    if reading.holding is not None:
        span = reading.holding.span
        return (wording.HOLDING.format(words=span.of(reading.holding.passage.transcript.text)),)
    if reading.best is None:
        return ()
    values = _values(explanation, reading)
    weights = _weights(explanation, reading, fitted)
    gains = [
        (sum(weights[name] * (values[name] - most % 1.0) for name, most in signal.features), signal.for_)
        for signal in wording.SIGNALS
    ]
    order = sorted((-gain, label) for gain, label in gains if gain > _WORTH_TELLING)
    return tuple(_told(label, -lost) for lost, label in order)[:_MOST]


def _told(label: str, log_odds: float) -> str:
    return f"{label}（{log_odds:+.1f}）".replace("-", "−")


def _values(explanation: Explanation, reading: FacetReading) -> dict[str, float]:
    inputs = decision_values(reading.rated, reading.facet, explanation.query)
    return dict(zip(DECISION_NAMES, inputs, strict=True))


def _weights(explanation: Explanation, reading: FacetReading, fitted: Fitted) -> dict[str, float]:
    assert reading.best is not None
    models = fitted.models(reading.best.evidence.passage.transcript)
    return dict(zip(DECISION_NAMES, models.decision.weights, strict=True))


def _is_lowered(explanation: Explanation, reading: FacetReading, fitted: Fitted) -> bool:
    assert reading.best is not None
    models = fitted.models(reading.best.evidence.passage.transcript)
    values: Iterator[float] = iter(_values(explanation, reading).values())
    return sigmoid(models.decision.score(tuple(values))) > reading.confidence

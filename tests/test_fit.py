"""Fitting: what the models can learn, what they may not, and how the threshold is set."""

from __future__ import annotations

import numpy as np
import pytest

from qa.answering.features import FEATURE_NAMES
from qa.answering.fitted import DECISION_NAMES, FALLING, RISING, Linear, load_fitted
from tests.bench.fit import OWN, Model, Row, conditional_logit, logistic, set_near, set_threshold
from tests.bench.quality import BLIND
from tests.bench.sets import judged

KINDS = {
    "spoken reader": (load_fitted().spoken.reader, FEATURE_NAMES),
    "spoken decision": (load_fitted().spoken.decision, DECISION_NAMES),
    "written reader": (load_fitted().written.reader, FEATURE_NAMES),
    "written decision": (load_fitted().written.decision, DECISION_NAMES),
}


@pytest.mark.parametrize(("model", "names"), KINDS.values(), ids=KINDS.keys())
def test_agreement_never_makes_an_answer_less_likely(model: Linear, names: tuple[str, ...]) -> None:
    """In the file shipped no agreement has a negative weight, and nothing that is missing a positive one."""
    weights = dict(zip(names, model.weights, strict=True))
    assert all(weight >= 0.0 for name, weight in weights.items() if name in RISING)
    assert all(weight <= 0.0 for name, weight in weights.items() if name in FALLING)


def test_no_question_kept_blind_is_fitted_on() -> None:
    """The files that are fitted on have none of them, and none has a number that says it may be."""
    fitted = {asked.text for path in OWN.glob("fit-*.jsonl") for asked in judged(path)}
    for path in BLIND.values():
        blind = judged(path)
        assert not fitted & {asked.text for asked in blind}
        assert not any(asked.id.startswith("t") for asked in blind)
    assert {path.stem for path in OWN.glob("golden*.jsonl")} == set(BLIND)


def test_every_name_that_has_a_sign_is_one_of_the_decisions() -> None:
    """Signs are demanded of what there is, and of nothing twice."""
    assert set(DECISION_NAMES) >= RISING | FALLING
    assert not RISING & FALLING


def test_the_reader_learns_which_of_a_questions_clauses_is_right() -> None:
    """From groups whose highest row is right, it learns to rank rows by their height."""
    chance = np.random.default_rng(7)
    heights, noise = chance.normal(size=(60, 4)), chance.normal(size=(60, 4))
    matrix = np.column_stack([heights.ravel(), noise.ravel()])
    right = (heights == heights.max(axis=1, keepdims=True)).ravel()
    model = conditional_logit(matrix, right, [4] * 60, np.ones(60), ("length", "position"), 0.03)
    assert model.weights[0] > 1.0
    assert abs(model.weights[1]) < 0.3 * model.weights[0]
    chosen = (heights * model.weights[0] + noise * model.weights[1]).argmax(axis=1)
    assert (chosen == heights.argmax(axis=1)).mean() > 0.9


def test_a_sign_that_is_demanded_is_kept_against_the_data() -> None:
    """Where the data hold agreement against the evidence, the fit learns nothing from it."""
    chance = np.random.default_rng(7)
    against, free = chance.normal(size=200), chance.normal(size=200)
    labels = free - against > 0
    model = logistic(np.column_stack([against, free]), labels, np.ones(200), ("cover", "length"))
    assert model.weights[0] == 0.0
    assert model.weights[1] > 0.1
    open_to_both = logistic(np.column_stack([against, free]), labels, np.ones(200), ("position", "length"))
    assert open_to_both.weights[0] < -0.1


def test_the_threshold_parts_what_is_right_from_what_is_not() -> None:
    """Between right answers that are sure and false ones that are not, the threshold lies in between."""
    read = {
        (source, f"{answerable}{at}"): ((0.8 if answerable else 0.2) + at / 200, True, answerable)
        for source in ("dev", "own", "policy")
        for answerable in (True, False)
        for at in range(20)
    }
    assert 0.3 <= set_threshold(read) <= 0.8


def _unanswered(id: str, cover: float, substance: float) -> Row:
    values = {"cover_passage": cover, "substance": substance}
    clause = np.array([[values.get(name, 0.0) for name in FEATURE_NAMES]])
    wrong = np.array([False])
    return Row("own", id, False, True, "fact", clause, wrong, 1.0, (), 1.0, frozenset(), ())


def test_what_is_near_is_parted_from_what_is_off_topic() -> None:
    """Between near misses and questions on something else lies the nearness from which words are shown."""
    reader = Model(0.0, np.zeros(len(FEATURE_NAMES)))
    near = [_unanswered(f"near{at}", 0.5, 0.8 + at / 100) for at in range(20)]
    far = [_unanswered(f"far{at}", 0.2, 0.2 + at / 100) for at in range(20)]
    off = frozenset(row.id for row in far)
    assert 0.6 < set_near(near + far, off, reader) <= 1.3

"""The records keep what their docstrings promise."""

from __future__ import annotations

import dataclasses
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.model import (
    Answer,
    Basis,
    BriefingDate,
    Citation,
    Precision,
    Source,
    SourceRun,
    SourceUnit,
    Span,
    Speaker,
    Speech,
    Status,
    Turn,
    TurnKind,
)
from qa.settings import seed_corpus
from tests.parts import transcripts
from tests.tiny import BRIEFING, span_of

POINTS = st.integers(0, 40)
SPANS = st.tuples(POINTS, POINTS).map(lambda pair: Span(*sorted(pair)))


@st.composite
def _sources(draw: st.DrawFn) -> tuple[str, str, Source]:
    """A source file, and a reading text made of runs of it that may stand in any order."""
    file = draw(st.text(min_size=1, max_size=40))
    cut = st.tuples(st.integers(0, len(file)), st.integers(0, len(file)))
    reading, runs = "", []
    for start, end in map(sorted, draw(st.lists(cut, max_size=6))):
        if start < end:
            runs.append(SourceRun(len(reading), len(reading) + end - start, start))
            reading += file[start:end]
    return file, reading, Source("file.txt", "0" * 64, SourceUnit.CODEPOINT, tuple(runs))


# --- spans -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("start", "end"), [(-1, 0), (2, 1)])
def test_a_span_runs_forward(start: int, end: int) -> None:
    """A span that is negative or runs backward cannot be made."""
    with pytest.raises(ValueError, match="not a span"):
        Span(start, end)


@given(SPANS, SPANS, st.integers(0, 9))
def test_spans_are_sets_of_positions(one: Span, other: Span, by: int) -> None:
    """Length, containing, overlapping and shifting agree with the positions a span covers."""
    positions, others = set(range(one.start, one.end)), set(range(other.start, other.end))
    assert len(one) == len(positions)
    assert one.overlaps(other) == bool(positions & others) or not (positions and others)
    if others:
        assert one.contains(other) == (others <= positions)
    assert set(range(one.shift(by).start, one.shift(by).end)) == {at + by for at in positions}


def test_a_span_slices_code_points() -> None:
    """A character outside the basic plane counts once."""
    assert Span(1, 3).of("甲\U00020000乙丙") == "\U00020000乙"


# --- the way back to the source ----------------------------------------------------------------------


@given(_sources(), st.data())
def test_source_ranges_read_the_same(made: tuple[str, str, Source], data: st.DataObject) -> None:
    """Any span of a reading text maps to source ranges that, joined, are its words."""
    file, reading, source = made
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(reading))] * 2)))
    ranges = source.ranges(Span(start, end))
    assert "".join(part.of(file) for part in ranges) == reading[start:end]
    assert all(len(part) for part in ranges)
    assert all(before.end != after.start for before, after in pairwise(ranges))


@given(
    st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9)), min_size=1, max_size=9),
    st.sampled_from([SourceUnit.PAGE, SourceUnit.PARAGRAPH]),
    st.data(),
)
def test_source_ranges_are_the_pages_that_hold_a_span(
    placed: list[tuple[int, int]], unit: SourceUnit, data: st.DataObject
) -> None:
    """Of runs of some length on some page, in any order, those that a span touches say where it stands."""
    places = [place for length, place in placed for _ in range(length)]
    runs, at = [], 0
    for length, place in placed:
        runs.append(SourceRun(at, at + length, place))
        at += length
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, at)] * 2)))
    ranges = Source("a.pdf", "0" * 64, unit, tuple(runs)).ranges(Span(start, end))
    assert {place for part in ranges for place in range(part.start, part.end)} == set(places[start:end])
    assert all(before.end < after.start for before, after in pairwise(ranges))


def test_a_quote_on_page_three_is_on_page_three() -> None:
    """A range of pages is half-open, like every range."""
    source = Source("a.pdf", "0" * 64, SourceUnit.PAGE, (SourceRun(0, 9, 2), SourceRun(9, 20, 3)))
    assert source.ranges(Span(10, 12)) == (Span(3, 4),)
    assert source.ranges(Span(8, 12)) == (Span(2, 4),)


@given(st.data())
def test_source_ranges_of_the_briefings_read_the_same(data: st.DataObject) -> None:
    """Any span of a founding briefing maps to ranges of its file, unchanged."""
    transcript = data.draw(st.sampled_from(transcripts()))
    path = seed_corpus() / "transcripts" / transcript.id / transcript.source.name
    file = path.read_bytes().decode("utf-8")
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(transcript.text))] * 2)))
    ranges = transcript.source.ranges(Span(start, end))
    assert "".join(part.of(file) for part in ranges) == transcript.text[start:end]


def test_runs_of_the_briefings_make_up_the_reading_text() -> None:
    """The runs follow one another from the first character of the reading text to the last."""
    for transcript in transcripts():
        runs = transcript.source.runs
        assert [run.start for run in runs] == [0, *(run.end for run in runs[:-1])]
        assert runs[-1].end == len(transcript.text)


# --- dates, turns, transcripts -----------------------------------------------------------------------


def test_an_unknown_date_has_no_year_and_is_the_oldest() -> None:
    """What is not known sorts before what is, and a coarser date before a finer one."""
    known = [BriefingDate(v, Precision.YEAR, Basis.STATED) for v in ("2024", "2021-08", "2021", "2021-08-18")]
    assert BriefingDate().year is None
    assert [date.year for date in known] == [2024, 2021, 2021, 2021]
    ordered = sorted([*known, BriefingDate()], key=lambda date: date.sort_key)
    assert [date.value for date in ordered] == [None, "2021", "2021-08", "2021-08-18", "2024"]


def test_narration_has_no_speaker() -> None:
    """A turn of narration that names a speaker cannot be made."""
    with pytest.raises(ValueError, match="narration"):
        Turn(Span(0, 1), TurnKind.NARRATION, Speech.NARRATION, Speaker("王小明"))


def test_a_turn_finds_its_heading_and_its_question() -> None:
    """A reply knows the question it replies to; a turn without either has None."""
    asked, direct = BRIEFING.turns[0], BRIEFING.turns[1]
    reply = dataclasses.replace(direct, replies_to=0)
    assert BRIEFING.question_of(reply) == asked
    assert BRIEFING.question_of(asked) is None
    assert BRIEFING.section_title(direct) == BRIEFING.sections[0].title
    assert BRIEFING.section_title(dataclasses.replace(direct, section=None)) is None


def test_records_are_frozen() -> None:
    """Nothing about a citation can be changed after it was made."""
    citation = Citation(1, 1, BRIEFING, BRIEFING.turns[1], span_of("上午九点"))
    with pytest.raises(dataclasses.FrozenInstanceError):
        citation.n = 2  # type: ignore[misc]


# --- answers -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", Status)
def test_an_answer_is_answered_exactly_when_it_cites(status: Status) -> None:
    """A status that does not fit the citations cannot be made."""
    citation = Citation(1, 1, BRIEFING, BRIEFING.turns[1], span_of("上午九点"))
    cited, bare = (citation,), ()
    fits, misfits = (cited, bare) if status is Status.ANSWERED else (bare, cited)
    assert Answer("几点？", status, 0.5, "sha256:0", citations=fits).citations == fits
    with pytest.raises(ValueError, match="exactly when it cites"):
        Answer("几点？", status, 0.5, "sha256:0", citations=misfits)


@pytest.mark.parametrize("confidence", [-0.01, 1.01, float("nan")])
def test_a_confidence_is_a_probability(confidence: float) -> None:
    """A confidence outside [0, 1] cannot be made."""
    with pytest.raises(ValueError, match="confidence"):
        Answer("几点？", Status.NO_ANSWER, confidence, "sha256:0")


@given(st.data())
def test_a_quote_is_the_slice_it_names(data: st.DataObject) -> None:
    """A citation's quote is its span of the transcript's text, whatever the span."""
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(BRIEFING.text))] * 2)))
    citation = Citation(1, 1, BRIEFING, BRIEFING.turns[1], Span(start, end))
    assert citation.quote == BRIEFING.text[start:end]

"""A quote to take along: what its code says is bounded, and tells where it comes from."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from qa.engine import Engine
from qa.model import Citation, Source, SourceRun, Span, Transcript
from tests.tiny import BRIEFING
from web import wording
from web.qr import MOST_BYTES, carried, qr_svg


def _cited(text: str) -> Citation:
    source = Source("s.txt", "0" * 64, BRIEFING.source.unit, (SourceRun(0, len(text), 0),))
    turn = replace(BRIEFING.turns[1], span=Span(0, len(text)), section=None)
    return Citation(1, 1, Transcript("t", "便民服务", text, (turn,), source), turn, Span(0, len(text)))


@settings(deadline=None, max_examples=40)
@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=600))
def test_a_code_is_never_too_large_to_read(text: str) -> None:
    said = carried(_cited(text), None, "sha256:0")
    assert len(said.encode()) <= MOST_BYTES
    assert "王小明" in said
    assert text in said or wording.CUT in said
    assert "<svg" in qr_svg(said)


def test_a_short_quote_is_carried_whole_with_its_source(engine: Engine) -> None:
    for known in engine.known:
        citation = known.citations[0]
        said = carried(citation, None, engine.corpus)
        assert wording.short_source(citation) in said
        if len(citation.quote) < 250:
            assert citation.quote in said


def test_where_the_site_has_an_address_the_code_leads_to_the_words(engine: Engine) -> None:
    citation = engine.known[0].citations[0]
    link = carried(citation, "https://wen.example.org", engine.corpus)
    assert link.startswith(f"https://wen.example.org/transcripts/{citation.transcript.id}?start=")
    assert citation.quote not in link


def test_a_code_is_dark_on_white_and_carries_no_style() -> None:
    drawn = str(qr_svg("大足"))
    assert 'fill="#fff"' in drawn
    assert 'stroke="#000"' in drawn
    assert "style" not in drawn
    assert "xmlns" not in drawn

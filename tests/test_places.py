"""Where in its file words stand, told to people: on the answer, in the reader, at a terminal, on a kiosk."""

from __future__ import annotations

from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from qa.model import Answer, Source, SourceRun, SourceUnit, Span, Transcript
from qa.printed import answer_text
from qa.transcripts.places import place_in_file
from tests.tiny import BRIEFING, TEXT, TinyEngine, span_of
from web.app import create_app
from web.ports import FixedEngine
from web.reader import blocks
from web.site import Site

TURNED = span_of("有急事的")


def _source(unit: SourceUnit, name: str) -> Source:
    """A file in which a page ends, or a paragraph, before ``TURNED``."""
    at = TURNED.start
    return Source(name, BRIEFING.source.sha256, unit, (SourceRun(0, at, 3), SourceRun(at, len(TEXT), 4)))


def _in(unit: SourceUnit, name: str) -> Transcript:
    return replace(BRIEFING, source=_source(unit, name))


@pytest.mark.parametrize(
    ("unit", "name", "span", "told"),
    [
        (SourceUnit.PAGE, "a.pdf", Span(0, 3), "第3页"),
        (SourceUnit.PAGE, "a.pdf", Span(0, len(TEXT)), "第3至4页"),
        (SourceUnit.PARAGRAPH, "a.docx", TURNED, "第4段"),
        (SourceUnit.PARAGRAPH, "a.html", TURNED, None),
        (SourceUnit.CODEPOINT, "a.txt", Span(0, 3), None),
    ],
)
def test_a_place_is_told_where_somebody_can_count_it(
    unit: SourceUnit, name: str, span: Span, told: str | None
) -> None:
    assert place_in_file(_source(unit, name), span) == told


def test_the_reader_says_where_pages_begin() -> None:
    found = blocks(_in(SourceUnit.PAGE, "a.pdf"), None)
    assert [block.place for block in found][:4] == ["第3页", None, "第3至4页", None]


def test_the_reader_says_which_paragraph_of_a_word_file_is_cited() -> None:
    transcript = _in(SourceUnit.PARAGRAPH, "a.docx")
    assert {block.place for block in blocks(transcript, None)} == {None}
    assert [block.place for block in blocks(transcript, TURNED) if block.place] == ["第3至4段"]


class _Paged(TinyEngine):
    """The tiny engine, its briefing a PDF."""

    def ask(
        self, question: str, *, history: tuple[str, ...] = (), repair: bool = True, hits: int = 0
    ) -> Answer:
        answer = super().ask(question, history=history, repair=repair, hits=hits)
        paged = tuple(replace(c, transcript=_in(SourceUnit.PAGE, "a.pdf")) for c in answer.citations)
        return replace(answer, citations=paged)


def test_an_answer_says_the_page_on_the_site_on_a_kiosk_and_at_a_terminal() -> None:
    engine = _Paged(transcripts={BRIEFING.id: _in(SourceUnit.PAGE, "a.pdf")})
    client = TestClient(create_app(FixedEngine(engine), Site()), base_url="http://localhost")
    answered = client.post("/", data={"question": "没带证件怎么办？"}).text
    assert answered.count('<span class="place">原文件第4页</span>') == 2
    assert "《便民服务发布会》（原文件第4页）" in answered  # as it is copied
    assert "<p>原文件第4页</p>" in client.post("/kiosk/ask", data={"question": "没带证件怎么办？"}).text
    assert "原文件第4页" in str(answer_text(engine.ask("没带证件怎么办？")))
    cited = f"?start={TURNED.start}&end={TURNED.end}"
    reader = client.get(f"/transcripts/tiny%2F2022{cited}").text
    assert "原文件第4页。" in reader
    assert '<p class="place">第3页</p>' in reader

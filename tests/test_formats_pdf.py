"""PDFs printed by a browser: the founding briefings there and back, in one column and in two."""

from __future__ import annotations

import io
from pathlib import Path

import pypdfium2
import pytest

from qa.errors import TranscriptError
from qa.model import Source, SourceUnit, Span
from qa.text import squash
from qa.transcripts.description import LeftOutKind
from qa.transcripts.formats import read_source
from qa.transcripts.reading import Reading
from qa.transcripts.turns import turns
from tests.rendered import ARTICLE, FOUNDING, founding, page_of, pdf_of, print_page_of, scanned


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Each founding briefing in one column, with what a browser prints around a page, and one in two."""
    made = {
        id: pdf_of(print_page_of(founding(id)), tmp_path_factory.mktemp(id), header=True) for id in FOUNDING
    }
    for id in FOUNDING:
        folder = tmp_path_factory.mktemp(f"{id}-two")
        made[f"{id}-two"] = pdf_of(print_page_of(founding(id), columns=2), folder)
    return made


def _print(page: str, folder: Path) -> Reading:
    return read_source(pdf_of(page, folder), "a.pdf")


@pytest.mark.parametrize("id", FOUNDING)
def test_a_briefing_comes_back_from_a_pdf_as_it_was(printed: dict[str, bytes], id: str) -> None:
    """The same words, paragraphs and turns, over all page breaks; headers and page numbers left out."""
    expected = read_source(founding(id).encode(), "a.txt")
    found = read_source(printed[id], "a.pdf")
    assert found.text == expected.text
    assert found.blocks == expected.blocks
    assert turns(found) == turns(expected)


@pytest.mark.parametrize("id", FOUNDING)
def test_two_columns_are_read_one_after_the_other(printed: dict[str, bytes], id: str) -> None:
    """Only a space that stood where a line ends is lost: it is printed nowhere."""
    expected = read_source(founding(id).encode(), "a.txt")
    found = read_source(printed[f"{id}-two"], "a.pdf")
    assert squash(found.text) == squash(expected.text)
    assert len(expected.text) - len(found.text) <= 3
    assert [block.kind for block in found.blocks] == [block.kind for block in expected.blocks]
    assert [(t.kind, t.speech) for t in turns(found)] == [(t.kind, t.speech) for t in turns(expected)]


@pytest.mark.parametrize("id", FOUNDING)
def test_a_span_leads_to_its_page(printed: dict[str, bytes], id: str) -> None:
    """The words of every sentence stand on the pages its ranges name."""
    pdf = pypdfium2.PdfDocument(printed[id])
    pages = [squash(page.get_textpage().get_text_range()) for page in pdf]
    found = read_source(printed[id], "a.pdf")
    source = Source("a.pdf", "0" * 64, found.unit, found.runs)
    assert found.unit is SourceUnit.PAGE
    assert source.ranges(Span(0, len(found.text))) == (Span(1, len(pages) + 1),)
    crossing = 0
    for block in found.blocks:
        (held,) = source.ranges(block.span)
        crossing += len(held) > 1
        words = squash(block.span.of(found.text))
        assert words[:6] in pages[held.start - 1]
        assert words[-6:] in pages[held.end - 2]
    assert crossing


@pytest.mark.parametrize("id", FOUNDING)
def test_what_a_browser_prints_around_a_page_is_left_out(printed: dict[str, bytes], id: str) -> None:
    """Date, title, address and page number of every page are told, with their pages."""
    known = read_source(printed[id], "a.pdf").description
    around = [one for one in known.left_out if one.kind is not LeftOutKind.CAPTION]
    assert {one.place for one in around} == set(range(1, known.size + 1))
    assert {one.kind for one in around} == {LeftOutKind.PAGE_HEADER, LeftOutKind.PAGE_NUMBER}
    assert "甲县政务公开" in {one.text for one in around}


def test_a_document_with_its_own_header_and_page_numbers(tmp_path: Path) -> None:
    """A line that comes back at the edge of pages is a header, whatever figures are in it."""
    style = (
        "<style>@page { size: A4; margin: 30mm 25mm; @top-center { content: '甲县新闻发布会文字实录' }"
        " @bottom-center { content: '— ' counter(page) ' —' } } p { text-indent: 2em }</style>"
    )
    words = "个窗口周一到周五上午九点开门，下午五点半关门，中午不休息。" + "请带好身份证件。" * 4
    body = "".join(f"<p>大厅第{n}{words}</p>" for n in range(60))
    found = _print(f'<!doctype html><meta charset="utf-8">{style}{body}', tmp_path)
    assert found.description.size > 1
    assert "文字实录" not in found.text
    assert "—" not in found.text
    assert found.text.split("\n") == [f"大厅第{n}{words}" for n in range(60)]


def test_columns_under_a_title_across_the_page(tmp_path: Path) -> None:
    """What stands across both columns is read before what stands below it."""
    told = "大厅周一到周五上午九点开门，下午五点半关门，中午也不休息。"
    words = "".join(f"<p>第{n}条，{told}</p>" for n in range(40))
    across = "<p>这一段横跨整个页面，写在两栏的上面，所以要先读；后面的两栏先读左边，再读右边。</p>"
    page = (
        '<!doctype html><meta charset="utf-8"><h1>便民服务发布会</h1>'
        f'{across}<div style="columns: 2">{words}</div>'
    )
    found = _print(page, tmp_path).text.split("\n")
    assert found[0] == "便民服务发布会"
    assert found[1].startswith("这一段横跨")
    assert [int(line[1 : line.index("条")]) for line in found[2:]] == list(range(40))


def test_a_table_is_read_row_by_row(tmp_path: Path) -> None:
    """The cells of a row are one line, set apart by ideographic spaces."""
    rows = "".join(f"<tr><td>{a}</td><td>{b}</td></tr>" for a, b in (("事项", "电话"), ("低保", "12345")))
    table = f'<table style="width: 100%">{rows}</table>'
    lines = _print(f'<!doctype html><meta charset="utf-8">{page_of(ARTICLE)}{table}', tmp_path).text
    assert lines.split("\n")[-2:] == ["事项\u3000电话", "低保\u300012345"]


def test_letters_and_figures_keep_their_spaces(tmp_path: Path) -> None:
    """Words of letters stay apart, also over the end of a line; no space comes between Chinese characters."""
    english = "The service hall opens at nine on weekdays and closes at half past five in the afternoon"
    chinese = "大厅周一到周五上午九点开门，下午五点半关门，接种135.35万人次，占101.5%，咨询电话12345。" * 6
    words = f'<p>{english}, {english}.</p><p style="text-align:justify">{chinese}</p>'
    page = f'<!doctype html><meta charset="utf-8">{words}'
    found = _print(page, tmp_path).text.split("\n")
    assert found == [f"{english}, {english}.", chinese]


def test_radicals_are_the_characters_they_look_like(tmp_path: Path) -> None:
    """Kangxi and CJK radicals, and compatibility ideographs, are folded one to one."""
    page = '<!doctype html><meta charset="utf-8"><p>⼈⺠⽣活、⻓者⾷堂、⽼年⼈優惠、⾏動⽅便、⼾籍。</p>'
    assert _print(page, tmp_path).text == "人民生活、长者食堂、老年人優惠、行動方便、户籍。"


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_that_lies_on_its_side_is_read(tmp_path: Path, turn: int) -> None:
    """A page's rotation, as scanners and landscape pages have it, changes nothing."""
    data = pdf_of(print_page_of(ARTICLE), tmp_path)
    pdf = pypdfium2.PdfDocument(data)
    for page in pdf:
        page.set_rotation(turn)
    held = io.BytesIO()
    pdf.save(held)
    assert read_source(held.getvalue(), "a.pdf").text == read_source(data, "a.pdf").text


def test_a_watermark_is_left_out(tmp_path: Path) -> None:
    """What stands askew over the page is not read."""
    mark = '<div style="position: fixed; top: 40%; transform: rotate(-45deg)">内部资料请勿外传</div>'
    assert "内部资料" not in _print(f"{print_page_of(ARTICLE)}{mark}", tmp_path).text


def test_a_scan_is_refused_and_a_picture_among_pages_is_told(tmp_path: Path) -> None:
    """Without a text layer, OCR is what helps; a page without text among others is named."""
    data = pdf_of(print_page_of(ARTICLE), tmp_path)
    picture = scanned(data)
    with pytest.raises(TranscriptError, match=r"扫描.*OCR") as caught:
        read_source(picture, "a.pdf")
    assert caught.value.code == "transcript_scanned"
    both = pypdfium2.PdfDocument(data)
    both.import_pages(pypdfium2.PdfDocument(picture))
    held = io.BytesIO()
    both.save(held)
    left = read_source(held.getvalue(), "a.pdf").description.left_out
    assert [(one.kind, one.place) for one in left] == [(LeftOutKind.PICTURE, 2)]


def test_footnotes_are_left_out_and_sentences_go_on_over_them(tmp_path: Path) -> None:
    """Small print with a note's mark at a column's foot, in two columns below a title across both."""
    source = Path(__file__).parent / "data" / "styles" / "columns.pdf.html"
    found = _print(source.read_text("utf-8"), tmp_path)
    assert "数据截至" not in found.text
    assert "都可以申请。需要说明的是，年龄不是条件" in found.text
    left = found.description.left_out
    assert [(one.kind, one.text[:5], one.place) for one in left] == [
        (LeftOutKind.NOTE, "①数据截至", 1),
        (LeftOutKind.NOTE, "②目录见东", 1),
    ]

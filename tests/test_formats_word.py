"""Word files: the founding briefings there and back, and what Word files hold beside paragraphs."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from qa.errors import TranscriptError
from qa.model import Source, SourceUnit, Span
from qa.transcripts.description import LeftOutKind
from qa.transcripts.formats import described, read_source
from qa.transcripts.reading import Reading
from qa.transcripts.turns import turns
from tests.rendered import ARTICLE, FOUNDING, docx_of, founding


def _read(body: str) -> Reading:
    """The reading of a Word file whose body is this XML."""
    document = docx.Document()
    for element in parse_xml(f"<w:body {nsdecls('w', 'wp', 'a')} {_MORE}>{body}</w:body>"):
        document.element.body.append(element)
    held = io.BytesIO()
    document.save(held)
    return read_source(held.getvalue(), "a.docx")


_MORE = (
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:v="urn:schemas-microsoft-com:vml"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)


def _p(words: str) -> str:
    return f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p>"


@pytest.mark.parametrize("id", FOUNDING)
def test_a_briefing_comes_back_from_word_as_it_was(id: str) -> None:
    """The same words, paragraphs and turns as the text file, and nothing of header and footer."""
    text = founding(id)
    expected = read_source(text.encode(), "a.txt")
    found = read_source(docx_of(text), "a.docx")
    assert found.text == expected.text
    assert found.blocks == expected.blocks
    assert turns(found) == turns(expected)


def test_a_span_leads_to_its_paragraph() -> None:
    """Ranges are half-open ranges of paragraphs with text, from 1."""
    found = read_source(docx_of(ARTICLE), "a.docx")
    source = Source("a.docx", "0" * 64, found.unit, found.runs)
    assert found.unit is SourceUnit.PARAGRAPH
    start = found.text.index("没带证件")
    assert source.ranges(Span(start, start + 4)) == (Span(4, 5),)
    assert source.ranges(Span(0, len(found.text))) == (Span(1, 5),)


def test_a_table_of_short_cells_is_read_row_by_row() -> None:
    """Each row is one line; each cell with text counts as a paragraph."""
    table = [("事项", "电话"), ("低保", "12345"), ("医保", "")]
    found = read_source(docx_of(ARTICLE, table), "a.docx")
    assert found.text.split("\n")[-3:] == ["事项\u3000电话", "低保\u300012345", "医保"]
    assert found.description.size == 4 + 5


def test_a_table_of_long_cells_is_read_cell_by_cell() -> None:
    """Cells with sentences are paragraphs: many transcripts are laid out in a table."""
    long = "大厅周一到周五上午九点开门。"
    assert read_source(docx_of("", [("问", long), ("答", long)]), "a.docx").text.count(long) == 2


def test_tracked_changes_are_read_as_accepted() -> None:
    """What was struck out is left out and said to be; what was put in is read."""
    found = _read(
        "<w:p><w:r><w:t>下午</w:t></w:r>"
        "<w:del w:id='1' w:author='a'><w:r><w:delText>五点</w:delText></w:r></w:del>"
        "<w:ins w:id='2' w:author='a'><w:r><w:t>六点</w:t></w:r></w:ins><w:r><w:t>关门。</w:t></w:r></w:p>"
    )
    assert found.text == "下午六点关门。"
    assert [(one.kind, one.text) for one in found.description.left_out] == [(LeftOutKind.DELETED, "五点")]


def test_a_text_box_is_read_once_after_its_paragraph() -> None:
    """Word keeps a text box twice, for itself and for older programs."""
    box = f"<w:txbxContent>{_p('框里的话。')}</w:txbxContent>"
    drawn = (
        "<mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx>"
        f"{box}</wps:txbx></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent>"
    )
    found = _read(f"<w:p><w:r><w:t>前面的话。</w:t></w:r><w:r>{drawn}</w:r></w:p>{_p('后面的话。')}")
    assert found.text == "前面的话。\n框里的话。\n后面的话。"


def test_what_word_wraps_paragraphs_in_is_read() -> None:
    """Content controls, links, breaks and tabs hold words like any other."""
    found = _read(
        f"<w:sdt><w:sdtContent>{_p('控件里的话。')}</w:sdtContent></w:sdt>"
        "<w:p><w:hyperlink><w:r><w:t>链接里的话</w:t></w:r></w:hyperlink>"
        "<w:r><w:t>。第一行。</w:t><w:br/><w:t>第二行。</w:t>"
        "<w:br w:type='page'/><w:t>下一页。</w:t></w:r></w:p>"
        "<w:p><w:r><w:fldChar w:fldCharType='begin'/><w:instrText>PAGE</w:instrText></w:r>"
        "<w:r><w:t>域。</w:t></w:r></w:p>"
    )
    assert found.text.split("\n") == ["控件里的话。", "链接里的话。第一行。", "第二行。下一页。", "域。"]


def test_a_heading_is_one_by_its_style_or_its_level() -> None:
    """The names of the styles Word and WPS use in Chinese count."""
    level = "<w:p><w:pPr><w:outlineLvl w:val='1'/></w:pPr><w:r><w:t>二、办理时间。</w:t></w:r></w:p>"
    found = _read(f"{level}{_p('大厅九点开门。')}")
    assert [block.kind.value for block in found.blocks] == ["heading", "body"]


def test_what_a_word_file_says_of_itself() -> None:
    """The first heading is the title where a program filled the property in; header and footer are told."""
    known = described(docx_of(ARTICLE), "a.docx")
    assert (known.title, known.published, known.size) == ("便民服务发布会", None, 4)
    assert {(one.kind, one.text) for one in known.left_out} == {
        (LeftOutKind.PAGE_HEADER, "甲县人民政府办公室"),
        (LeftOutKind.PAGE_HEADER, "第 1 页 共 1 页"),
    }


def _with_entities(declared: str, used: str) -> bytes:
    """A Word file whose document declares entities and uses one."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(docx_of(ARTICLE))) as good, zipfile.ZipFile(made, "w") as bad:
        for name in good.namelist():
            data = good.read(name)
            if name == "word/document.xml":
                head, body = data.decode().split("?>", 1)
                data = f"{head}?><!DOCTYPE x [{declared}]>{body.replace('上午', used, 1)}".encode()
            bad.writestr(name, data)
    return made.getvalue()


def test_a_file_of_the_servers_does_not_come_into_the_text() -> None:
    """An entity that names a file is not followed."""
    data = _with_entities('<!ENTITY f SYSTEM "file:///etc/passwd">', "上&f;午")
    assert "root:" not in read_source(data, "a.docx").text


def test_entities_that_grow_without_end_are_refused() -> None:
    """A billion laughs: refused as damaged, at once."""
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "哈" * 10}">' for n in range(9))
    with pytest.raises(TranscriptError, match=r"已损坏.*请") as caught:
        read_source(_with_entities(laughs, "上&l8;午"), "a.docx")
    assert caught.value.code == "transcript_damaged"

"""Web pages as they are saved: the article without its surroundings, and what the page says of itself."""

from __future__ import annotations

import pytest

from qa.errors import TranscriptError
from qa.model import Source, SourceUnit, Span
from qa.transcripts.description import LeftOutKind
from qa.transcripts.formats import described, read_source
from qa.transcripts.turns import turns
from tests.rendered import ARTICLE, FOUNDING, founding, web_page_of

BODY = "<p>大厅周一到周五上午九点开门，下午五点半关门，中午不休息，请带好证件。</p>" * 3


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-16"])
@pytest.mark.parametrize("id", FOUNDING)
def test_a_briefing_comes_back_from_a_web_page_as_it_was(id: str, encoding: str) -> None:
    """The words, kinds and turns are those of the text file below the page's title, whatever is declared."""
    text = founding(id)
    expected = read_source(text.encode(), "a.txt")
    page = web_page_of(text)
    found = read_source(page.encode(encoding), "a.html")
    title, *words = found.text.split("\n")
    assert title == "便民服务发布会"
    assert words == expected.text.split("\n")
    assert [b.kind for b in found.blocks[1:]] == [b.kind for b in expected.blocks]
    said = [(t.kind, t.speech, t.speaker, t.span.of(found.text)) for t in turns(found)]
    assert said == [(t.kind, t.speech, t.speaker, t.span.of(expected.text)) for t in turns(expected)]


def test_what_a_page_says_of_itself() -> None:
    """Title, date, publisher and address, by the names government sites use, and what is not read."""
    known = described(web_page_of(ARTICLE).encode("gb18030"), "a.html")
    assert known.title == "便民服务发布会"
    assert known.published is not None
    assert (known.published.value, known.published.words) == ("2024-03-05", "2024-03-05")
    assert known.publisher == "甲县融媒体中心"
    assert known.url == "http://www.example.gov.cn/zwgk/xwfb/1.html"
    assert known.encoding == "gb18030"
    assert {one.kind for one in known.left_out} == {LeftOutKind.NAVIGATION}
    left = " ".join(one.text for one in known.left_out)
    for words in ("政务公开", "当前位置", "分享到", "上一篇", "相关新闻", "ICP备"):
        assert words in left
    assert "这不是正文" not in left
    assert "这里看不见" not in left


def test_a_span_leads_to_its_paragraph() -> None:
    """Paragraphs are counted over everything the page shows, so that a person can find them."""
    found = read_source(web_page_of(ARTICLE).encode(), "a.html")
    source = Source("a.html", "0" * 64, found.unit, found.runs)
    assert found.unit is SourceUnit.PARAGRAPH
    start = found.text.index("没带证件")
    (place,) = source.ranges(Span(start, start + 4))
    (below,) = source.ranges(Span(start - 2, start - 1))
    assert (len(place), below.end) == (1, place.start)
    assert place.start > len(["今天", *["菜单"] * 6, "位置", "标题", "信息"])


def test_a_page_of_line_breaks_is_read_by_its_lines() -> None:
    """Old pages set paragraphs apart by line breaks: each is one, and a sentence broken in two is healed."""
    page = (
        "<html><body><div>&nbsp;&nbsp;大厅周一到周五上午九点开门，下午五点半关门，中午不休息，<br>请带好身份证件。<br><br>"
        "没带证件的，可以当场补办；行动不便的老人，可以打电话预约上门服务。<br/>不收任何费用，也不用另外申请。</div></body></html>"
    )
    assert read_source(page.encode(), "a.htm").text.split("\n") == [
        "大厅周一到周五上午九点开门，下午五点半关门，中午不休息，请带好身份证件。",
        "没带证件的，可以当场补办；行动不便的老人，可以打电话预约上门服务。",
        "不收任何费用，也不用另外申请。",
    ]


def test_a_table_of_data_is_read_row_by_row() -> None:
    """A row of short cells is one line."""
    table = "<table><tr><th>事项</th><th>电话</th></tr><tr><td>低保</td><td>12345</td></tr></table>"
    text = read_source(f"<html><body><div>{BODY}{table}{BODY}</div></body></html>".encode(), "a.html").text
    assert "\n事项\u3000电话\n低保\u300012345\n" in text


def test_entities_are_the_characters_they_stand_for() -> None:
    """Named and numbered entities read as characters; white space of the file is not read."""
    words = "<p>&ldquo;一网&#36890;办&rdquo;\n  已&nbsp;开通&hellip;&hellip;请 大家使用。</p>"
    page = f"<html><body><div>{BODY}{words}</div></body></html>"
    assert "“一网通办” 已 开通……请 大家使用。" in read_source(page.encode(), "a.html").text


def test_captions_and_links_in_an_article_are_left_out() -> None:
    """What stands under a photo, and what leads elsewhere, is not quoted."""
    page = (
        f"<html><body><article>{BODY}"
        "<figure><img src='a.jpg'><figcaption>办事大厅（资料图片）</figcaption></figure>"
        f"<p class='share'><a href='#'>微信</a></p>{BODY}</article></body></html>"
    )
    found = read_source(page.encode(), "a.html")
    assert "资料图片" not in found.text
    assert "微信" not in found.text
    assert (LeftOutKind.CAPTION, "办事大厅（资料图片）") in {
        (one.kind, one.text) for one in found.description.left_out
    }


@pytest.mark.parametrize(
    "page",
    [
        "<html><body></body></html>",
        "<html><head><title>空</title></head><frameset><frame src='a.html'></frameset></html>",
        "<html><body><ul><li><a href='/a'>首页</a></li><li><a href='/b'>政务公开</a></li></ul></body></html>",
        "<!doctype html><html><body><div id='app'></div><script src='app.js'></script></body></html>",
    ],
)
def test_a_page_without_an_article_is_refused(page: str) -> None:
    """Frames, menus and pages that a script would fill: the message says how to save the article."""
    with pytest.raises(TranscriptError, match=r"找不到正文.*请") as caught:
        read_source(page.encode(), "a.html")
    assert caught.value.code == "transcript_no_article"


@pytest.mark.parametrize(
    ("inner", "code"),
    [
        ("<div>" * 5000 + BODY + "</div>" * 5000, "transcript_no_article"),
        ("<p>a<b>b</b></p>" * 30_000, "transcript_too_large"),
    ],
)
def test_a_page_made_to_keep_us_busy_is_refused(inner: str, code: str) -> None:
    """Neither depth nor number of elements costs more than a moment."""
    with pytest.raises(TranscriptError, match="请") as caught:
        read_source(f"<html><body>{inner}</body></html>".encode(), "a.html")
    assert caught.value.code == code


def test_a_table_of_questions_and_answers_is_read_as_such() -> None:
    """The columns' headings say who asks and who replies; numbers and units are nobody's words."""
    rows = [("序号", "问题", "答复内容", "答复单位"), ("1", "几点开门？", "上午九点开门。", "县民政局")]
    rows.append(("2", "没带证件怎么办？", "可以当场补办。<br>不收任何费用。", "县公安局"))
    cells = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    page = f"<html><body><h1>热点问题答复</h1>{BODY}<table>{cells}</table>{BODY}</body></html>"
    reading = read_source(page.encode(), "a.html")
    said = [turn for turn in turns(reading) if turn.speaker or turn.kind == "question"]
    assert [(t.kind.value, t.speaker and t.speaker.name, t.span.of(reading.text)) for t in said] == [
        ("question", None, "几点开门？"),
        ("reply", "县民政局", "上午九点开门。"),
        ("question", None, "没带证件怎么办？"),
        ("reply", "县公安局", "可以当场补办。\n不收任何费用。"),
    ]

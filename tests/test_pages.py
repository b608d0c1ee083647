"""The residents' pages as HTML: they work without JavaScript, escape everything and say what they must."""

from __future__ import annotations

import hashlib
import html
import re
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from qa.engine import Engine
from qa.model import Basis, BriefingDate, Expired, Place, Precision, Span, Speaker, Speech
from tests.tiny import BRIEFING, TEXT, TinyEngine, span_of
from web import about_wording, problems, wording
from web.app import create_app
from web.ports import FixedEngine
from web.reader import MOST_FOUND, blocks, find_words, parse_span
from web.site import Site
from web.views import split_by_marks

MOBILE = "13812345678"
ADDRESSES = (
    "/",
    "/topics",
    "/topics/ban-shi-da-ting",
    "/transcripts",
    "/transcripts/tiny%2F2022",
    "/display",
    "/about",
    "/accessibility",
    "/deleted",
    "/api",
    "/a/unknown",
    "/nothing",
)
ATTACK = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


class _Page(HTMLParser):
    """The text of every element, and what a check of structure needs."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self._open: list[str] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("input", "meta", "link", "br"):
            self._open.append(tag)
            self.texts.setdefault(tag, []).append("")

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        for tag in set(self._open):
            self.texts[tag][-1] += data

    def with_id(self, wanted: str) -> dict[str, str | None]:
        (found,) = [attrs for _, attrs in self.tags if attrs.get("id") == wanted]
        return found

    def next_history(self) -> list[str | None]:
        """What the form to go on carries: the fields right before the box."""
        until = next(i for i, (_, attrs) in enumerate(self.tags) if attrs.get("id") == "question")
        begun = max(i for i, (tag, _) in enumerate(self.tags[:until]) if tag == "form")
        return [a.get("value") for _, a in self.tags[begun:until] if a.get("name") == "history"]

    def fields(self, name: str) -> list[str | None]:
        return [a.get("value") for _, a in self.tags if a.get("name") == name and "value" in a]


def _ask(client: TestClient, question: str, **more: str | list[str]) -> _Page:
    response = client.post("/", data={"question": question, **more})
    assert response.status_code == 200
    return _Page(response.text)


# --- every page --------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_page_has_its_landmarks_one_heading_and_no_foreign_part(tiny: TestClient, address: str) -> None:
    response = tiny.get(address)
    page = _Page(response.text)
    names = [tag for tag, _ in page.tags]
    for landmark in ("main", "footer", "h1", "title"):
        assert names.count(landmark) == 1, landmark
    labels = [attrs.get("aria-label") for tag, attrs in page.tags if tag == "nav"]
    assert labels[0] == wording.NAV_LABEL
    assert labels[-1] == wording.FOOTER_LABEL
    assert None not in labels
    assert dict(page.tags)["html"]["lang"] == "zh-CN"
    for tag, attrs in page.tags:
        assert tag != "style"
        assert not {name for name in attrs if name == "style" or name.startswith("on")}
        if tag in ("script", "link", "img"):
            assert (attrs.get("src") or attrs.get("href") or "").startswith("/static/")
            assert tag != "script" or "src" in attrs


@pytest.mark.parametrize("address", ["/", "/transcripts", "/nothing", "/static/app.css", "/healthz"])
def test_every_response_carries_the_security_headers(tiny: TestClient, address: str) -> None:
    headers = tiny.get(address).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert policy == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "connect-src": "'self'",
        "worker-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "permissions-policy" in headers


def test_static_files_may_be_kept_exactly_as_long_as_their_address_holds(tiny: TestClient) -> None:
    page = _Page(tiny.get("/").text)
    (style,) = [a["href"] for tag, a in page.tags if tag == "link" and a["rel"] == "stylesheet"]
    assert style is not None
    assert "immutable" in tiny.get(style).headers["cache-control"]
    assert tiny.get("/static/app.css?v=old").headers["cache-control"] == "no-cache"
    assert tiny.get("/static/../app.py").status_code == 404


def test_the_service_says_that_it_is_up(tiny: TestClient) -> None:
    assert tiny.get("/healthz").text == "ok\n"
    assert tiny.head("/healthz").status_code == 200


def test_an_unknown_address_is_a_page_in_the_same_voice(tiny: TestClient) -> None:
    response = tiny.get("/nothing")
    assert response.status_code == 404
    assert wording.NOT_FOUND[0] in response.text


def test_a_failure_inside_is_a_page_that_says_nothing_of_the_question(tiny: TestClient) -> None:
    response = tiny.post("/", data={"question": "炸" + MOBILE})
    assert response.status_code == 500
    assert wording.INTERNAL_ERROR[1] in response.text
    assert MOBILE not in response.text
    assert "content-security-policy" in response.headers


def test_too_large_a_form_is_a_page(tiny: TestClient) -> None:
    response = tiny.post("/", data={"question": "问" * 70_000})
    assert response.status_code == 413
    assert wording.BODY_TOO_LARGE[0] in response.text


def test_a_file_in_place_of_a_question_is_a_page(tiny: TestClient) -> None:
    response = tiny.post("/", files={"question": ("a.txt", b"x")})
    assert response.status_code == 422
    assert response.headers["content-type"].startswith("text/html")


# --- asking ------------------------------------------------------------------------------------------


def test_every_suggestion_is_answered_on_the_page(client: TestClient, engine: Engine) -> None:
    for question in engine.suggestions:
        page = _ask(client, question)
        assert page.texts["blockquote"], question
        assert page.texts["h1"][0].endswith(question)


def test_the_page_quotes_what_the_engine_cites(client: TestClient, engine: Engine) -> None:
    question = engine.suggestions[0]
    quotes = [
        text.strip().removesuffix(wording.SHORTENED) for text in _ask(client, question).texts["blockquote"]
    ]
    assert sorted(quotes) == sorted(cited.quote for cited in engine.ask(question).citations)


def test_the_weather_is_refused_in_plain_words_and_something_else_is_offered(client: TestClient) -> None:
    page = _ask(client, "今天天气怎么样")
    assert "blockquote" not in page.texts or wording.RELATED_TITLE in page.texts["main"][0]
    text = page.texts["main"][0]
    assert "发布会实录里没有找到答案" in text
    assert "12345" in text
    offered = [question for question in page.fields("question") if "天气" not in str(question)]
    assert offered
    assert _ask(client, str(offered[0])).texts["blockquote"]


def test_questions_are_never_in_an_address(tiny: TestClient) -> None:
    for question in ("没带证件好久", "大厅在哪里", "天气"):
        page = _ask(tiny, question, history=["几点"])
        assert {a["method"] for tag, a in page.tags if tag == "form"} == {"post"}
        for _, attrs in page.tags:
            for name in ("href", "src", "action", "formaction"):
                address = html.unescape(attrs.get(name) or "")
                assert question not in address
                assert "%" not in address.replace("%2F", "")
        assert question not in page.texts["title"][0]


def test_a_question_in_an_address_is_not_looked_at(tiny: TestClient) -> None:
    assert tiny.get("/?question=几点").text == tiny.get("/").text


def test_an_answer_shows_quote_speaker_manner_briefing_date_and_link(tiny: TestClient) -> None:
    page = _ask(tiny, "几点开门")
    assert page.texts["blockquote"] == ["\n    大厅周一到周五上午九点开门。\n  "]
    assert page.texts["mark"] == ["上午九点"]
    (caption,) = page.texts["figcaption"]
    for words in (
        "王小明",
        "大厅主任",
        "王小明的原话",
        "便民服务发布会",
        "2022年8月（根据原文“今年八月”推定）",
    ):
        assert words in caption
    (link,) = [a["href"] for tag, a in page.tags if tag == "a" and "start=" in (a.get("href") or "")]
    assert link is not None
    assert tiny.get(link).status_code == 200


def test_citations_of_one_group_stand_in_one_figure_in_order(tiny: TestClient) -> None:
    page = _ask(tiny, "没带证件")
    assert len(page.texts["figure"]) == 1
    first, second = (text.strip() for text in page.texts["blockquote"])
    assert (first, second) == ("有急事的，可以先打电话；（节选）", "没带证件的，可以当场补办。")


def test_sources_of_one_group_that_differ_are_each_named_at_their_words(tiny: TestClient) -> None:
    page = _ask(tiny, "两段")
    parts = [tag for tag, _ in page.tags if tag in ("figure", "blockquote", "figcaption")]
    assert parts == ["figure", *["figure", "blockquote", "figcaption"] * 2]
    own, reported = page.texts["figcaption"]
    assert "王小明的原话" in own
    assert "记者转述" in reported


def test_reported_speech_is_not_shown_as_somebodys_own_words(tiny: TestClient) -> None:
    (caption,) = _ask(tiny, "新大厅").texts["figcaption"]
    assert "记者转述王小明的话，不是逐字原话" in caption
    assert "王小明的原话" not in caption


def test_related_passages_come_after_the_refusal_and_say_what_they_are(tiny: TestClient) -> None:
    text = _ask(tiny, "大厅在哪里").texts["main"][0]
    order = ["发布会实录里没有找到答案", "相关原文，不是答案", "排队的人不多", "12345", "大厅几点开门？"]
    assert sorted(order, key=text.index) == order


def test_what_is_declined_quotes_nothing(tiny: TestClient) -> None:
    page = _ask(tiny, "骂人")
    assert wording.DECLINED_LEAD in page.texts["main"][0]
    assert "figure" not in page.texts


def test_a_repair_is_shown_and_can_be_undone(tiny: TestClient) -> None:
    page = _ask(tiny, "好久开门")
    assert "我们把“好久”理解为“几点”。" in page.texts["main"][0]
    assert "0" in page.fields("repair")
    undone = _ask(tiny, "好久开门", repair="0")
    assert "理解为" not in undone.texts["main"][0]
    assert wording.UNDO_REPAIRS not in undone.texts["main"][0]


def test_words_the_briefing_does_not_mention_are_named(tiny: TestClient) -> None:
    assert "原文未提到：周末" in _ask(tiny, "周末几点开门").texts["main"][0]


def test_a_follow_up_carries_what_was_asked_before_and_can_be_asked_alone(tiny: TestClient) -> None:
    page = _ask(tiny, "几点", history=["没带证件", "新大厅"])
    assert wording.follows("新大厅") in page.texts["main"][0]
    assert wording.UNDO_FOLLOWS in page.texts["main"][0]
    assert page.next_history() == ["没带证件", "新大厅", "几点"]


def test_no_more_than_five_earlier_questions_are_carried(tiny: TestClient) -> None:
    page = _ask(tiny, "几点", history=["一", "二", "三", "四", "五", "六", "", "问" * 301])
    assert page.next_history() == ["三", "四", "五", "六", "几点"]


def test_markup_in_a_question_is_text(tiny: TestClient) -> None:
    for address, sent in (("/", {"question": ATTACK}), ("/", {"question": ATTACK * 9, "history": [ATTACK]})):
        response = tiny.post(address, data=sent)
        assert "<script>" not in response.text.replace('<script src="/static/', "")
        assert "<img" not in response.text
        assert html.escape("<script>alert(1)", quote=False) in response.text


def test_the_partial_page_is_the_part_of_the_page_that_changes(tiny: TestClient) -> None:
    whole = tiny.post("/", data={"question": "几点"}).text
    part = tiny.post("/", data={"question": "几点"}, headers={"X-Partial": "1"}).text
    assert "<html" not in part
    assert part.strip() in whole


def test_an_answer_page_is_not_stored(tiny: TestClient) -> None:
    assert tiny.post("/", data={"question": "几点"}).headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("question", "says"),
    [("", "请先写下"), (" \n ", "请先写下"), ("问" * 301, "最多 300 个字"), ("社\x00保", wording.CLEANED)],
)
def test_what_cannot_be_asked_is_told_at_the_field(tiny: TestClient, question: str, says: str) -> None:
    response = tiny.post("/", data={"question": question})
    assert response.status_code == 422
    page = _Page(response.text)
    field = page.with_id("question")
    assert "question-error" in str(field["aria-describedby"]).split()
    assert field["aria-invalid"] == "true"
    assert "autofocus" in field
    assert says in page.texts["main"][0]
    page.with_id("question-error")


def test_what_was_typed_stays_in_the_field_without_personal_data(tiny: TestClient) -> None:
    page = _Page(tiny.post("/", data={"question": f"我是{MOBILE}" + "问" * 300}).text)
    assert page.texts["textarea"][0].strip() == "我是" + "*" * 11 + "问" * 300


# --- transcripts -------------------------------------------------------------------------------------


def test_the_list_names_every_transcript(client: TestClient, engine: Engine) -> None:
    text = _Page(client.get("/transcripts").text).texts["main"][0]
    for transcript in engine.transcripts.values():
        assert transcript.title in text


def test_a_long_list_has_pages() -> None:
    many = {f"t{n:03}": BRIEFING for n in range(7)}
    with TestClient(create_app(FixedEngine(TinyEngine(transcripts=many)), Site(page_size=3))) as client:
        assert "第 3 页，共 3 页" in client.get("/transcripts?page=3").text
        for page in ("0", "4", "x", "-1", "9" * 40):
            assert client.get(f"/transcripts?page={page}").status_code == 404


def test_the_words_of_every_citation_are_marked_in_their_transcript(
    client: TestClient, engine: Engine
) -> None:
    for question in engine.suggestions:
        for cited in client.post("/api/v1/ask", json={"question": question}).json()["citations"]:
            response = client.get(cited["href"])
            page = _Page(response.text)
            assert "".join(page.texts["mark"]) == cited["quote"].replace("\n", "")
            page.with_id("cite")
            assert wording.UPDATED not in response.text


def test_the_reader_loses_no_word_of_a_transcript(engine: Engine) -> None:
    for transcript in (*engine.transcripts.values(), BRIEFING):
        shown = "".join(piece.text for block in blocks(transcript, None) for piece in block.pieces)
        assert "".join(shown.split()) == "".join(transcript.text.split())


def test_any_span_is_marked_to_the_character() -> None:
    for start in range(len(TEXT)):
        for end in range(start + 1, len(TEXT) + 1, 7):
            shown = blocks(BRIEFING, Span(start, end))
            marked = "".join(p.text for block in shown for p in block.pieces if p.marked)
            assert marked == TEXT[start:end].replace("\n", "")
            anchors = sum(p.anchor for block in shown for p in block.pieces)
            assert anchors == (1 if marked else 0)


def test_speakers_and_headings_are_named_where_they_change(tiny: TestClient) -> None:
    page = _Page(tiny.get("/transcripts/tiny%2F2022").text)
    text = page.texts["article"][0]
    assert page.texts["h2"] == ["便民服务<b>那些事</b>"]
    for label in ("提问", "王小明（大厅主任） · 原话", "王小明 · 记者转述", "记者叙述"):
        assert text.count(label) == 1


def test_an_unknown_transcript_is_a_404(tiny: TestClient) -> None:
    for name in ("nothing", "", "../app", "tiny", "%00"):
        assert tiny.get(f"/transcripts/{name}").status_code == 404


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("5", "5"),
        ("9", "3"),
        ("-1", "4"),
        ("0", "99999"),
        ("a", "b"),
        ("٣", "٤"),
        ("1", ""),
        ("9" * 5000, "1"),
    ],
)
def test_a_span_that_is_none_is_told_and_the_transcript_is_shown(
    tiny: TestClient, start: str, end: str
) -> None:
    response = tiny.get("/transcripts/tiny%2F2022", params={"start": start, "end": end})
    assert response.status_code == 200
    assert wording.BAD_SPAN in response.text
    assert "<mark" not in response.text
    assert "排队的人不多" in response.text


def test_an_address_of_another_version_says_that_the_transcripts_changed(tiny: TestClient) -> None:
    short = TinyEngine().corpus.removeprefix("sha256:")[:12]
    address = "/transcripts/tiny%2F2022?start=31&end=45"
    assert wording.UPDATED in tiny.get(f"{address}&v=0123456789ab").text
    for same in ("", f"&v={short}"):
        assert wording.UPDATED not in tiny.get(address + same).text


# --- the small functions -----------------------------------------------------------------------------


def test_marks_cut_a_text_and_lose_nothing() -> None:
    text = "甲乙丙丁戊"
    marks = [Span(3, 9), Span(0, 2), Span(1, 2), Span(4, 4), Span(7, 8)]
    pieces = split_by_marks(text, marks)
    assert "".join(piece.text for piece in pieces) == text
    assert [(piece.text, piece.marked) for piece in pieces] == [("甲乙", True), ("丙", False), ("丁戊", True)]
    assert split_by_marks("", [Span(0, 1)]) == ()


def test_only_plain_numbers_name_a_span() -> None:
    assert parse_span("0", "3", 3) == Span(0, 3)
    for start, end in ((None, "1"), ("0", None), ("+1", "2"), ("1_0", "20"), ("1", "4")):
        assert parse_span(start, end, 3) is None


@pytest.mark.parametrize(
    ("date", "shown"),
    [
        (BriefingDate(), "日期不详"),
        (BriefingDate("2021", Precision.YEAR, Basis.STATED), "2021年"),
        (BriefingDate("2021-08-18", Precision.DAY, Basis.STATED), "2021年8月18日"),
        (BriefingDate("2021", Precision.YEAR, Basis.INFERRED, "今年初"), "2021年（根据原文“今年初”推定）"),
    ],
)
def test_a_date_says_how_it_is_known(date: BriefingDate, shown: str) -> None:
    assert wording.date(date) == shown


def test_only_direct_speech_is_called_somebodys_words() -> None:
    speaker = Speaker("王小明")
    assert wording.speech(Speech.DIRECT, speaker) == "王小明的原话"
    assert "不是逐字原话" in wording.speech(Speech.REPORTED, speaker)
    assert "不是官员的话" in wording.speech(Speech.NARRATION, None)


def test_templates_and_scripts_hold_no_words_of_their_own() -> None:
    folder = Path(wording.__file__).parent
    for path in (*folder.glob("templates/*.html"), *folder.glob("static/*.js")):
        assert not re.search("[\u4e00-\u9fff]", path.read_text("utf-8")), path.name


# --- searching a transcript, and the file behind it ------------------------------------------------------


def test_what_is_looked_for_is_marked_everywhere_and_stands_in_no_address(
    client: TestClient, engine: Engine
) -> None:
    found = client.post("/transcripts/dazu-2024-minsheng", data={"find": "老旧小区"})
    page = _Page(found.text)
    marked = [attrs for tag, attrs in page.tags if tag == "mark"]
    text = client.get("/transcripts/dazu-2024-minsheng").text
    places = find_words(engine.transcripts["dazu-2024-minsheng"].text, "老旧小区")
    assert "".join(page.texts["mark"]) == "老旧小区" * len(places)
    assert marked[0]["id"] == "hit-0"
    assert "hit-0" not in text
    links = [a["href"] for tag, a in page.tags if tag == "a" and str(a.get("href")).startswith("#hit-")]
    for link in links:
        page.with_id(str(link)[1:])
    assert "find=" not in found.text


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("没有这个词", "没有找到"),
        ("", wording.FIND_EMPTY),
        ("  ", wording.FIND_EMPTY),
        ("词" * 101, wording.FIND_TOO_LONG),
    ],
)
def test_a_search_that_finds_nothing_says_what_to_do(client: TestClient, words: str, says: str) -> None:
    found = client.post("/transcripts/dazu-2024-minsheng", data={"find": words})
    assert found.status_code == (200 if "没有找到" in says else 422)
    assert says in found.text
    assert "<mark" not in found.text


def test_a_search_is_regardless_of_width_and_bounded() -> None:
    assert find_words("ＡＢ与ab", "aB") == (Span(0, 2), Span(3, 5))
    assert len(find_words("一" * 1000, "一")) == MOST_FOUND
    assert find_words("一", "") == ()


def test_cited_and_found_words_are_both_marked_to_the_character() -> None:
    hits = find_words(TEXT, "大厅")
    shown = blocks(BRIEFING, Span(30, 60), hits)
    whole = "".join(piece.text for block in shown for piece in block.pieces)
    assert "".join(whole.split()) == "".join(TEXT.split())
    assert "".join(p.text for b in shown for p in b.pieces if p.hit is not None) == "大厅" * len(hits)
    leads = [p.hit for b in shown for p in b.pieces if p.leads]
    assert leads == list(range(len(hits)))


def test_headings_and_speakers_can_be_jumped_to(client: TestClient) -> None:
    page = _Page(client.get("/transcripts/dazu-2021-faburen").text)
    links = [
        str(a["href"])[1:] for tag, a in page.tags if tag == "a" and str(a.get("href", "")).startswith("#")
    ]
    jumps = [link for link in links if link.startswith(("section-", "speaker-"))]
    assert len(jumps) >= 8
    for jump in jumps:
        page.with_id(jump)
    assert "石朝勇" in page.texts["details"][0]


def test_the_original_file_comes_byte_for_byte(client: TestClient, engine: Engine) -> None:
    for transcript in engine.transcripts.values():
        page = client.get(f"/transcripts/{transcript.id}").text
        assert f'href="/sources/{transcript.id}"' in page
        file = client.get(f"/sources/{transcript.id}")
        assert hashlib.sha256(file.content).hexdigest() == transcript.source.sha256
        assert file.headers["content-disposition"].startswith("attachment")
        assert file.headers["content-type"] == "application/octet-stream"


def test_a_file_that_is_gone_or_changed_is_not_offered_under_its_name(tmp_path: Path) -> None:
    changed = tmp_path / "source.txt"

    @dataclass(frozen=True)
    class Moved(TinyEngine):
        def source_file(self, transcript_id: str) -> Path | None:
            return changed

    with TestClient(create_app(FixedEngine(Moved()), Site())) as client:
        assert client.get("/sources/tiny%2F2022").status_code == 404
        changed.write_text("something else", "utf-8")
        assert client.get("/sources/tiny%2F2022").status_code == 404
        changed.write_text(TEXT, "utf-8")
        assert client.get("/sources/tiny%2F2022").text == TEXT


def test_without_a_file_no_download_is_offered(tiny: TestClient) -> None:
    assert wording.SOURCE_DOWNLOAD not in tiny.get("/transcripts/tiny%2F2022").text
    for name in ("tiny%2F2022", "nothing", "../app"):
        assert tiny.get(f"/sources/{name}").status_code == 404


# --- the pages about the site ---------------------------------------------------------------------------


def test_the_page_about_privacy_says_what_is_kept_how_long_and_how_to_delete_it() -> None:
    site = Site(keeps=True, token_hours=24, question_days=90)
    with TestClient(create_app(FixedEngine(TinyEngine()), site)) as client:
        text = _Page(client.get("/about").text).texts["main"][0]
    for words in ("24 小时", "90 天", wording.FORGET, "Cookie", "12345"):
        assert words in text
    with TestClient(create_app(FixedEngine(TinyEngine()), Site())) as client:
        assert about_wording.NOT_KEPT in client.get("/about").text


def test_pages_of_errors_speak_in_the_same_voice(tiny: TestClient) -> None:
    for status in (403, 404, 405, 413, 429, 503):
        problem = problems.on_page(problems.problem_of(status))
        for words in (problem.title, problem.detail):
            assert re.fullmatch(r"[\u3000-\u9fff\uff00-\uffef“”0-9 KB]+", words)


def test_another_briefing_on_the_same_thing_is_named_with_its_date(tiny: TestClient) -> None:
    page = _ask(tiny, "几点开门，别处怎么说")
    text = page.texts["main"][0]
    told = text[text.index(wording.MENTIONS_TITLE) :]
    assert "2022年8月" in told
    assert "预计明年开放" in told


def test_programs_get_what_is_not_compressed_and_pages_are(tiny: TestClient) -> None:
    assert tiny.get("/transcripts/tiny%2F2022").headers["content-encoding"] == "gzip"
    asked = tiny.post("/api/v1/ask", json={"question": "几点"})
    assert "content-encoding" not in asked.headers


def test_expired_words_stay_readable_and_are_told_with_what_took_their_place() -> None:
    opened = span_of("上午九点开门")
    place = Place("tiny/2022", span_of("预计明年开放"))
    gone = Expired(opened, "改了时间", "2023-01-01", place, "上午八点半开门")
    briefing = replace(BRIEFING, expired=(gone,))
    shown = blocks(briefing, span_of("周五上午九点"))
    assert "".join(p.text for b in shown for p in b.pieces if p.expired) == "上午九点开门"
    engine = TinyEngine(transcripts={"tiny/2022": briefing})
    with TestClient(create_app(FixedEngine(engine), Site())) as client:
        page = _Page(client.get("/transcripts/tiny%2F2022").text)
    assert page.texts["s"] == ["上午九点开门"]
    (told,) = [text for text in page.texts["p"] if "已经失效" in text]
    for words in ("2023-01-01起", "改了时间", "上午八点半开门", wording.EXPIRED_NOW):
        assert words in told

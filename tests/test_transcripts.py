"""Reading transcripts: the two founding briefings turn by turn, and the rules on small texts."""

from __future__ import annotations

import hashlib
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import CorpusError, TranscriptError
from qa.model import Basis, Precision, Span, Speech, Transcript, Turn, TurnKind
from qa.transcripts.catalogue import load_corpus, read_transcript
from qa.transcripts.lines import ParagraphKind
from qa.transcripts.people import attributions, offices
from qa.transcripts.plain import read_plain
from qa.transcripts.turns import sections, turns

TESTS = Path(__file__).resolve().parent
CORPUS = TESTS.parent / "corpus" / "transcripts"
FABUREN = "dazu-2021-faburen"
MINSHENG = "dazu-2024-minsheng"
FOUNDING = {transcript.id: transcript for transcript in load_corpus(CORPUS)}
SOURCES = {id: (CORPUS / id / "source.txt").read_bytes().decode("utf-8") for id in FOUNDING}

DIRECTOR = "甲县民政局局长王小明"


def _said(transcript: Transcript, turn: Turn) -> str:
    return turn.span.of(transcript.text)


def _read(text: str) -> list[tuple[str, str, str | None, str]]:
    """Kind, speech, speaker's name and words of every turn of a small text."""
    reading = read_plain(text.encode(), "small.txt")
    return [
        (
            turn.kind.value,
            turn.speech.value,
            turn.speaker.name if turn.speaker else None,
            turn.span.of(reading.text),
        )
        for turn in turns(reading)
    ]


def _spoken(text: str) -> list[tuple[str, str, str | None, str]]:
    return [row for row in _read(text) if row[1] != "narration"]


# --- the founding briefings --------------------------------------------------------------------------


@pytest.mark.parametrize("id", sorted(FOUNDING))
def test_turns_of_the_founding_briefings(id: str) -> None:
    """Every turn has the kind, speech, speaker, section and question that the source gives it."""
    transcript = FOUNDING[id]
    expected = yaml.safe_load((TESTS / "data" / "turns" / f"{id}.yaml").read_text(encoding="utf-8"))
    found = []
    for turn, (*_, begins, ends) in zip(transcript.turns, expected, strict=True):
        said = _said(transcript, turn)
        name = turn.speaker.name if turn.speaker else None
        known = [turn.kind.value, turn.speech.value, name, turn.section, turn.replies_to]
        found.append([*known, said[: len(begins)], said[-len(ends) :]])
    assert found == expected


@pytest.mark.parametrize("id", sorted(FOUNDING))
def test_nothing_but_headings_and_marks_lies_outside_the_turns(id: str) -> None:
    """No word of a briefing is lost between its turns."""
    transcript = FOUNDING[id]
    outside = set(range(len(transcript.text)))
    for span in [turn.span for turn in transcript.turns] + [found.span for found in transcript.sections]:
        outside -= set(range(span.start, span.end))
    assert {transcript.text[at] for at in outside} <= set("“”\n")


def test_headings_of_2021() -> None:
    """Short lines without a sentence's end are headings, two in a row included."""
    assert [section.title for section in FOUNDING[FABUREN].sections] == [
        "谋思路清台账 明确任务解决问题见成效",
        "“创文”工作有九项重点",
        "大足办好“民生实事”用数据说话",
        "养老、就业、医疗问题 大足“发言人”现场解答",
    ]


def test_headings_of_2024() -> None:
    """Marked headings lose their marks; the guests' label is no heading."""
    titles = [section.title for section in FOUNDING[MINSHENG].sections]
    assert titles[0] == "民生无小事 枝叶总关情"
    assert [title.split("：")[0][-3:] for title in titles[1:]] == [
        "薛千勇",
        "蒋仕惠",
        "叶小龙",
        "记、主任谢洪"[-3:],
    ]


@pytest.mark.parametrize("id", sorted(FOUNDING))
def test_a_section_is_its_own_words(id: str) -> None:
    """A section's title is sliced from the reading text."""
    transcript = FOUNDING[id]
    assert all(section.span.of(transcript.text) == section.title for section in transcript.sections)


@pytest.mark.parametrize(
    ("id", "words"),
    [
        (FABUREN, "及时纳入救助范围;此外"),
        (FABUREN, "行政村实现养老服务设施全覆盖"),
        (MINSHENG, "它包括了“发现干预"),
        (MINSHENG, "困境儿童绘画3204份"),
        (MINSHENG, "建立大学生就业服务中心"),
        (MINSHENG, "获人民日报专题报道"),
        (MINSHENG, "2万余人；加快政务服务速度"),
        (MINSHENG, "累计加装电梯280余部"),
        (MINSHENG, "经导管主动脉瓣置换术"),
        (MINSHENG, "《重庆探索乡村医生“县聘乡用”引用。"),
        (MINSHENG, "全面推进健康中国建设"),
    ],
)
def test_broken_sentences_are_healed(id: str, words: str) -> None:
    """A sentence cut by the end of a page reads whole, and maps to two ranges of the source."""
    transcript = FOUNDING[id]
    start = transcript.text.index(words)
    assert words not in SOURCES[id]
    assert len(transcript.source.ranges(Span(start, start + len(words)))) == 2


def test_captions_and_marks_are_left_out() -> None:
    """Photo captions, asterisks, number signs and trailing spaces are not read."""
    text = FOUNDING[MINSHENG].text
    paragraphs = text.split("\n")
    assert not {"薛千勇", "蒋仕惠", "叶小龙", "谢洪"} & set(paragraphs)
    assert "*" not in text
    assert "#" not in text
    assert all(paragraph == paragraph.strip() != "" for paragraph in paragraphs)


def test_offices_of_2021() -> None:
    """Every place where office and name stand together is found, the place included."""
    transcript = FOUNDING[FABUREN]
    assert [found.span.of(transcript.text) for found in transcript.attributions] == [
        "大足区委常委、宣传部长蒋朝彬",
        "大足区委宣传部副部长、创文办副主任段云奎",
        "大足区民政局党委书记、局长石朝勇",
        "大足区人力社保局党委书记、局长蒋仕惠",
        "大足区卫生健康委党委书记、主任石山",
        "大足区委宣传部副部长、创文办副主任段云奎",
        "大足区民政局党委书记、局长石朝勇",
        "大足区人力社保局党委书记、局长蒋仕惠",
        "大足区卫生健康委党委书记、主任石山",
    ]


def test_offices_of_2024() -> None:
    """A speaker's office is the one stated most often, not the one misprinted in a heading."""
    transcript = FOUNDING[MINSHENG]
    assert {turn.speaker.name: turn.speaker.office for turn in transcript.turns if turn.speaker} == {
        "薛千勇": "大足区民政局党委书记、局长",
        "蒋仕惠": "大足区人社局党委书记、局长",
        "叶小龙": "大足区住房城乡建委党委书记、主任",
        "谢洪": "大足区卫健委党委书记、主任",
    }
    guest = transcript.attributions[0]
    assert guest.span.of(transcript.text) == "大足区民政局党委书记、局长 薛千勇"


def test_what_is_known_of_the_founding_briefings() -> None:
    """Titles, dates and publisher come from transcript.yaml; a date names the words it rests on."""
    first, second = FOUNDING[FABUREN], FOUNDING[MINSHENG]
    assert (first.title_basis, second.title_basis) == (Basis.INFERRED, Basis.STATED)
    assert [(one.date.year, one.date.precision, one.date.basis) for one in (first, second)] == [
        (2021, Precision.YEAR, Basis.INFERRED),
        (2024, Precision.YEAR, Basis.INFERRED),
    ]
    assert all(one.date.source_words and one.date.source_words in one.text for one in (first, second))
    assert (first.publisher, second.publisher) == (None, "新渝报")


# --- the way back to the source ----------------------------------------------------------------------


@given(data=st.data(), id=st.sampled_from(sorted(FOUNDING)))
def test_every_span_maps_to_the_source(data: st.DataObject, id: str) -> None:
    """The source ranges of any span read like the span."""
    transcript = FOUNDING[id]
    start = data.draw(st.integers(0, len(transcript.text)))
    span = Span(start, data.draw(st.integers(start, len(transcript.text))))
    read = "".join(found.of(SOURCES[id]) for found in transcript.source.ranges(span))
    assert read == span.of(transcript.text)


_WORDS = (
    "民政局局长王小明 王小明 表示， 说。 据 同时 请问 有市民提问 针对 值得一提的是 养老设施 28个 （记者 摄 𠮷"
)
_MARKS = "“ ” ‘ ’ 。 ？ ? ， ； … 《 》 ） # ## ** \ufeff"
_SPACES = ("\n", "\n\n", "\r\n", "\r", "  \n", "\n\u3000\u3000", "\t", "\x0c", " ")
_BITS = st.sampled_from([*_WORDS.split(), *_MARKS.split(), *_SPACES])


@given(text=st.lists(_BITS, max_size=60).map("".join))
def test_any_text_reads_as_runs_of_itself(text: str) -> None:
    """Whatever the text, runs lead back to it, and turns are in order and within one paragraph."""
    reading = read_plain(f"好{text}".encode(), "any.txt")
    text = f"好{text}"
    pieces = [text[run.source_start : run.source_start + run.end - run.start] for run in reading.runs]
    assert "".join(pieces) == reading.text
    assert [run.start for run in reading.runs] == [0, *(run.end for run in reading.runs[:-1])]
    assert all(a.source_start < b.source_start for a, b in pairwise(reading.runs))
    assert [block.span.of(reading.text) for block in reading.blocks] == reading.text.split("\n")
    found = turns(reading)
    assert all(a.span.end <= b.span.start for a, b in pairwise(found))
    assert all(
        turn.span.of(reading.text).strip() and "\n" not in turn.span.of(reading.text) for turn in found
    )
    assert all(
        found[turn.replies_to].kind is TurnKind.QUESTION for turn in found if turn.replies_to is not None
    )
    assert len(sections(reading)) == sum(block.kind is ParagraphKind.HEADING for block in reading.blocks)


def test_byte_order_mark_and_windows_line_ends() -> None:
    """A byte order mark is not read but counted; carriage returns are not read."""
    reading = read_plain("\ufeff第一句。\r\n\r\n第二句。\r\n".encode(), "windows.txt")
    assert reading.text == "第一句。\n第二句。"
    assert reading.runs[0].source_start == 1


# --- rules of prose ----------------------------------------------------------------------------------


def test_half_width_punctuation_counts_as_full_width() -> None:
    """Commas and full stops of either width attribute alike."""
    assert _spoken(f"{DIRECTOR}表示,今年新建十个食堂。") == _spoken(f"{DIRECTOR}表示，今年新建十个食堂。")


def test_a_term_in_quotation_marks_is_not_speech() -> None:
    """Quoted terms stay within the sentence they stand in."""
    assert [row[1] for row in _read(f"{DIRECTOR}介绍，“一老一小”服务点有十个。")] == ["narration", "reported"]


def test_a_resident_is_not_taken_for_the_official() -> None:
    """A quotation attributed to somebody without an office is nobody's of note."""
    rows = _spoken(f"“吃饭方便多了。”居民刘大爷说。{DIRECTOR}表示，今年再建十个食堂。")
    assert [row[1:3] for row in rows] == [("direct", None), ("reported", "王小明")]


def test_a_question_before_the_words_that_answer_it() -> None:
    """A question quoted before 针对…提问 is the asker's, and what follows replies to it."""
    rows = _spoken(f"“食堂什么时候开？”针对居民的提问，{DIRECTOR}表示，下月就开。")
    assert [row[:3] for row in rows] == [("question", "direct", None), ("reply", "reported", "王小明")]


def test_an_attribution_at_the_end_of_a_sentence() -> None:
    """What stands before …，X说。 without quotation marks is reported; the sentence before is not."""
    rows = _read("县里办了一场会。甲县民政局局长王小明到场。食堂下月就开，王小明说。")
    assert [row[1] for row in rows] == ["narration", "reported", "narration"]
    assert rows[1][3] == "食堂下月就开，"


def test_the_reporter_takes_the_floor() -> None:
    """值得一提的是 ends reported speech."""
    rows = _read(f"{DIRECTOR}表示，食堂下月就开。值得一提的是，这是县里第一家。")
    assert [row[1] for row in rows] == ["narration", "reported", "narration"]


def test_a_connective_carries_reported_speech_on() -> None:
    """A paragraph that opens with 此外 goes on with the speaker before; another one does not."""
    opening = f"{DIRECTOR}表示，食堂下月就开。"
    assert _spoken(f"{opening}\n\n此外，老人有优惠。")[1][1:3] == ("reported", "王小明")
    assert len(_spoken(f"{opening}\n\n县里的老人很高兴。")) == 1
    assert len(_spoken(f"{opening}\n\n## 新的一节\n\n此外，老人有优惠。")) == 1


def test_a_reply_ends_where_another_official_speaks() -> None:
    """Only the first official to speak after a question replies to it."""
    text = f"“请问食堂什么时候开？”\n\n{DIRECTOR}表示，下月就开。\n\n甲县教育局局长李大伟表示，学校九月开学。"
    assert [row[0] for row in _spoken(text)] == ["question", "reply", "statement"]


def test_a_reply_ends_where_the_official_turns_to_another_matter() -> None:
    """针对…问题 by the same official opens a matter of its own."""
    text = f"“请问食堂什么时候开？”\n\n{DIRECTOR}表示，下月就开。\n\n针对低保问题，王小明表示，标准提高了。"
    assert [row[0] for row in _spoken(text)] == ["question", "reply", "statement"]


def test_a_rhetorical_question_of_the_reporter_is_narration() -> None:
    """A question nobody is said to have asked is the reporter's prose."""
    assert [row[0] for row in _read("养老服务怎么办？县里一直在想办法。")] == ["narration"]


@pytest.mark.parametrize(
    ("text", "name", "office"),
    [
        ("据甲县民政局党组书记、局长王小明介绍，好。", "王小明", "甲县民政局党组书记、局长"),
        ("会上，请乙市教育局副局长欧阳明华发言。", "欧阳明华", "乙市教育局副局长"),
        ("对和平区民政局局长李伟表示感谢。", "李伟", "和平区民政局局长"),
        ("和平区民政局局长李伟也表示，好。", "李伟", "和平区民政局局长"),
        ("乙市卫健委主任\u3000张三", "张三", "乙市卫健委主任"),
        ("记者来到重庆市长江大桥，桥很长。", None, None),
        ("儿童主任、督导员都来了。", None, None),
    ],
)
def test_an_office_and_a_name(text: str, name: str | None, office: str | None) -> None:
    """An office with a name after it is found, and a title without a name is not."""
    found = [(one.speaker.name, one.speaker.office) for one in attributions(text)]
    assert found == ([] if name is None else [(name, office)])


def test_a_short_office_counts_for_the_full_one() -> None:
    """A speaker first called 局长 keeps the office stated in full elsewhere."""
    found = attributions("局长王小明说，好。局长王小明说，行。据甲县民政局局长王小明介绍，可以。")
    assert offices(found)["王小明"].office == "甲县民政局局长"


# --- folders and what can be wrong with them ---------------------------------------------------------


TEXT = "甲县民政局局长王小明表示，食堂下月就开。"


def _folder(tmp_path: Path, data: bytes = TEXT.encode(), name: str = "source.txt", **extra: object) -> Path:
    folder = tmp_path / "jia-2022"
    folder.mkdir()
    (folder / name).write_bytes(data)
    source = {"name": name, "sha256": hashlib.sha256(data).hexdigest()}
    known = {"title": "甲县发布会", "source": source, **extra}
    (folder / "transcript.yaml").write_text(yaml.safe_dump(known, allow_unicode=True), encoding="utf-8")
    return folder


def test_a_folder_is_a_transcript(tmp_path: Path) -> None:
    """The folder's name is the id; what is not stated is unknown."""
    folder = _folder(tmp_path, aliases={"民政": "民政局"})
    (transcript,) = load_corpus(tmp_path)
    assert transcript == read_transcript(folder)
    assert (transcript.id, transcript.date.basis, transcript.url) == ("jia-2022", Basis.UNKNOWN, None)
    assert transcript.aliases == {"民政": "民政局"}
    assert transcript.turns[1].speech is Speech.REPORTED


def test_a_changed_byte_is_found(tmp_path: Path) -> None:
    """A source that is not the registered one is refused, and the message names the file."""
    folder = _folder(tmp_path)
    data = (folder / "source.txt").read_bytes()
    (folder / "source.txt").write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    with pytest.raises(TranscriptError, match=r"jia-2022/source\.txt.*请恢复原文件") as caught:
        read_transcript(folder)
    assert caught.value.code == "transcript_changed"


@pytest.mark.parametrize("missing", ["transcript.yaml", "source.txt"])
def test_a_missing_file_is_named(tmp_path: Path, missing: str) -> None:
    """A missing file is named, with what to do."""
    folder = _folder(tmp_path)
    (folder / missing).unlink()
    with pytest.raises(TranscriptError, match=rf"缺少文件 jia-2022/{missing}.*请"):
        read_transcript(folder)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (TEXT.encode("gb18030")[:-1], "transcript_garbled"),
        (b"", "transcript_empty"),
        (b"\n \r\n", "transcript_empty"),
    ],
)
def test_a_source_that_cannot_be_read(tmp_path: Path, data: bytes, code: str) -> None:
    """Another encoding and an empty file are refused, with what to do."""
    with pytest.raises(TranscriptError, match=r"jia-2022/source\.txt.*请") as caught:
        read_transcript(_folder(tmp_path, data))
    assert caught.value.code == code


def test_an_unknown_format_is_refused(tmp_path: Path) -> None:
    """A file with an ending nobody reads is refused, and the message lists the endings."""
    with pytest.raises(TranscriptError, match=r"source\.xyz.*\.txt"):
        read_transcript(_folder(tmp_path, name="source.xyz"))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("title: [", "不是有效的 YAML"),
        ("just words", "名称: 值"),
        ("title: 甲县发布会", "缺少 source"),
        ("title: 甲县发布会\nsource: {name: source.txt, sha256: abc}", "source.sha256"),
        (f"title: 甲\nsource: {{name: ../source.txt, sha256: '{'0' * 64}'}}", "只写文件名"),
        (f"title: 甲\ncolour: red\nsource: {{name: a.txt, sha256: '{'0' * 64}'}}", "不认识 colour"),
        (f"title: 甲\ndate: {{value: 2022}}\nsource: {{name: a.txt, sha256: '{'0' * 64}'}}", "日期"),
    ],
)
def test_wrong_metadata(tmp_path: Path, text: str, says: str) -> None:
    """What is wrong in transcript.yaml is named in Chinese, with the file."""
    folder = _folder(tmp_path)
    (folder / "transcript.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(TranscriptError) as caught:
        read_transcript(folder)
    assert "jia-2022/transcript.yaml" in caught.value.message
    assert says in caught.value.message
    assert "请" in caught.value.message


def test_metadata_in_another_encoding(tmp_path: Path) -> None:
    """A transcript.yaml that is not UTF-8 is refused like any that cannot be read."""
    folder = _folder(tmp_path)
    (folder / "transcript.yaml").write_bytes("title: 甲县发布会".encode("gb18030"))
    with pytest.raises(TranscriptError, match="UTF-8"):
        read_transcript(folder)


def test_an_unquoted_date_is_understood(tmp_path: Path) -> None:
    """YAML's own dates and numbers are taken for what they look like."""
    folder = _folder(tmp_path)
    with (folder / "transcript.yaml").open("a", encoding="utf-8") as file:
        file.write("date: {value: 2022-08-18, precision: day, basis: stated}\n")
    assert read_transcript(folder).date.value == "2022-08-18"


def test_a_date_rests_on_words_of_the_text(tmp_path: Path) -> None:
    """Words a date was inferred from must stand in the text."""
    date = {"value": "2022", "precision": "year", "basis": "inferred", "from": "今年八月"}
    with pytest.raises(TranscriptError, match="原文中找不到"):
        read_transcript(_folder(tmp_path, date=date))


def test_a_corpus_without_transcripts(tmp_path: Path) -> None:
    """An empty and a missing folder are refused."""
    with pytest.raises(CorpusError, match="没有实录"):
        load_corpus(tmp_path)
    with pytest.raises(CorpusError, match="找不到"):
        load_corpus(tmp_path / "nowhere")

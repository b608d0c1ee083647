"""Transcripts whose speakers are named by labels: every style on small invented dialogues."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.errors import TranscriptError
from qa.model import Speech
from qa.transcripts.plain import read_plain
from qa.transcripts.presented import stated_offices
from qa.transcripts.turns import conversation

Row = tuple[str, str | None, str]
Said = tuple[str, str, str]


def _read(text: str) -> list[Row]:
    """Kind, speaker's name and words of every turn but narration."""
    reading = read_plain(text.encode(), "small.txt")
    found = conversation(reading)[1]
    return [
        (turn.kind.value, turn.speaker.name if turn.speaker else None, turn.span.of(reading.text))
        for turn in found
        if turn.speech is not Speech.NARRATION
    ]


def _offices(text: str) -> dict[str, str | None]:
    reading = read_plain(text.encode(), "small.txt")
    return {turn.speaker.name: turn.speaker.office for turn in conversation(reading)[1] if turn.speaker}


ASKED, TOLD = "食堂什么时候开？", "下月就开。"
EXCHANGE = [("question", "记者", ASKED), ("reply", "王小明", TOLD)]


@pytest.mark.parametrize(
    "text",
    [
        "记者：食堂什么时候开？\n王小明：下月就开。",
        "记者:食堂什么时候开？\n王小明:下月就开。",
        "### 记者：\n食堂什么时候开？\n\n### 王小明：\n下月就开。",
        "**记者**：食堂什么时候开？\n\n**王小明**：下月就开。",
        "**记者：** 食堂什么时候开？\n\n**王小明：** 下月就开。",
        "【记者】食堂什么时候开？\n【王小明】下月就开。",
        "[记者] 食堂什么时候开？\n[王小明] 下月就开。",
        "【记者】：食堂什么时候开？\n【王小明】：下月就开。",
        "11:02 记者：食堂什么时候开？\n11:05 王小明：下月就开。",
        "[11:02] 记者：食堂什么时候开？\n[11:05] 王小明：下月就开。",
        "记者 11:02:33\n食堂什么时候开？\n王小明 11:05:10\n下月就开。",
        "11:02:33 记者\n食堂什么时候开？\n11:05:10 王小明\n下月就开。",
        "[记者] 食堂什么时候开？ [11:02:33]\n[王小明] 下月就开。 [11:05:10]",
        "记者：\n食堂什么时候开？\n\n王小明：\n下月就开。",
        "记者：食堂什么时候开？\n王 小 明：下月就开。",
        "记者：食堂什么时候开？\n王小明（县民政局局长）：下月就开。",
        "记者：食堂什么时候开？\n县民政局局长王小明：下月就开。",
        "记者：食堂什么时候开？\n\n县民政局局长王小明：\n\n下月就开。",
        "记者：食堂什么时候开？\n县民政局局长 王小明：下月就开。",
        "记者：食堂什么时候开？\n王小明局长：下月就开。",
        "> 记者：食堂什么时候开？\n\n> 王小明：下月就开。",
        "- 记者：食堂什么时候开？\n- 王小明：下月就开。",
        "\u3000\u3000记者：食堂什么时候开？\n\u3000\u3000王小明：下月就开。",
        "记者：食堂什么时候开？王小明：下月就开。记者：食堂什么时候开？王小明：下月就开。",
    ],
)
def test_every_form_of_a_label(text: str) -> None:
    """Whatever the form of the labels, question and reply are told apart and the words are theirs."""
    assert _read(text)[:2] == EXCHANGE
    assert _read(text)[2:] in ([], EXCHANGE)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("问：食堂什么时候开？\n答：下月就开。", [("question", None), ("reply", None)]),
        ("Q1：食堂什么时候开？\nA1：下月就开。", [("question", None), ("reply", None)]),
        (
            "Q\n食堂什么时候开？\n\nA\n下月就开。\n\nQ\n贵不贵？\n\nA\n不贵。",
            [("question", None), ("reply", None)] * 2,
        ),
        (
            "记者\n开吗？\n王小明\n开\n记者\n贵吗？\n王小明\n不贵",
            [("question", "记者"), ("reply", "王小明")] * 2,
        ),
        ("一、问：食堂什么时候开？\n答：下月就开。", [("question", None), ("reply", None)]),
        ("一、问：食堂什么时候开？答：下月就开。", [("question", None), ("reply", None)]),
        ("《甲县日报》记者：开吗？\n王小明：开。", [("question", "《甲县日报》记者"), ("reply", "王小明")]),
        ("新华社：开吗？\n王小明：开。", [("question", "新华社"), ("reply", "王小明")]),
        (
            "某某卫视：开吗？\n王小明：开。\n某某卫视：贵吗？\n王小明：不贵。",
            [("question", "某某卫视"), ("reply", "王小明")] * 2,
        ),
        ("甲县日报记者李四：开吗？\n王小明：开。", [("question", "李四"), ("reply", "王小明")]),
        ("网友3：开吗？\n王小明：开。", [("question", "网友3"), ("reply", "王小明")]),
        ("市民王女士：开吗？\n县民政局：开。", [("question", "市民王女士"), ("reply", "县民政局")]),
        (
            "记者：开吗？\n王小明：开。\n追问：贵吗？\n答：不贵。",
            [("question", "记者"), ("reply", "王小明"), ("question", None), ("reply", "王小明")],
        ),
        (
            "媒體提問：開嗎？\n陳美玲：開。\n媒體提問：貴嗎？\n陳美玲：不貴。",
            [("question", None), ("reply", "陳美玲")] * 2,
        ),
        (
            "記者：請問部長，開嗎？\n唐鳳：開。\n司儀：謝謝部長。",
            [("question", "記者"), ("reply", "唐鳳"), ("statement", "司儀")],
        ),
        (
            "记者：开吗？\n记者：贵吗？\n王小明：开，不贵。",
            [("question", "记者"), ("question", "记者"), ("reply", "王小明")],
        ),
        (
            "记者：开吗？\n王小明：开。\n陈芳：我补充，不贵。",
            [("question", "记者"), ("reply", "王小明"), ("reply", "陈芳")],
        ),
        ("主持人：请问王局长，开吗？\n王小明：开。", [("question", "主持人"), ("reply", "王小明")]),
        (
            "记者：开吗？\n王小明：开。\n主持人：还有没有问题？\n记者：贵吗？\n王小明：不贵。",
            [
                ("question", "记者"),
                ("reply", "王小明"),
                ("statement", "主持人"),
                ("question", "记者"),
                ("reply", "王小明"),
            ],
        ),
        (
            "阿卜杜拉·买买提：大家好。\n主持人：好。\n阿卜杜拉·买买提：谢谢。",
            [("statement", "阿卜杜拉·买买提"), ("statement", "主持人"), ("statement", "阿卜杜拉·买买提")],
        ),
    ],
)
def test_who_asks_and_who_replies(text: str, rows: list[tuple[str, str | None]]) -> None:
    """Askers, hosts and officials are told apart; 答 is the last official named."""
    assert [row[:2] for row in _read(text)] == rows


def test_a_reply_is_bound_to_its_question() -> None:
    """The last question before it, over a host who only hands it on."""
    text = (
        "记者：开吗？\n主持人：请王小明局长回答。\n王小明：开。\n主持人：谢谢。\n王小明：下面我介绍第二件事。"
    )
    reading = read_plain(text.encode(), "small.txt")
    assert [turn.replies_to for turn in conversation(reading)[1]] == [None, None, 0, None, None]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("县民政局局长王小明接受了采访。\n\n记者：开吗？\n答：开。", "王小明"),
        ("县民政局有关负责人就此答记者问。\n\n记者：开吗？\n答：开。", "县民政局有关负责人"),
        ("县民政局局长王小明、县教育局局长陈芳出席。\n\n记者：开吗？\n答：开。", None),
        ("县民政局局长王小明、县教育局局长陈芳出席。\n\n记者：请问陈局长，开吗？\n答：开。", "陈芳"),
        ("县民政局局长王小明接受了采访。\n\n记者：开吗？\n主持人：请消防队回答。\n答：开。", None),
    ],
)
def test_whom_an_answer_without_a_name_is_by(text: str, name: str | None) -> None:
    """The official spoken of or called upon; nobody where that is not certain."""
    assert _read(text)[-1][:2] == ("reply", name)


@pytest.mark.parametrize(
    "people",
    [
        "出席人员：\n王小明 县民政局党委书记、局长\n陈芳 县教育局副局长",
        "出席人员：\n县民政局党委书记、局长 王小明\n县教育局副局长 陈芳",
        "嘉宾：王小明（县民政局党委书记、局长）、陈芳（县教育局副局长）",
        "- 王小明，县民政局党委书记、局长\n- 陈芳，县教育局副局长",
        "| 王小明 | 县民政局党委书记、局长 |\n| 陈芳 | 县教育局副局长 |",
        "王小明\t县民政局党委书记、局长\n陈芳\t县教育局副局长",
        "县民政局党委书记、局长王小明，县教育局副局长陈芳出席发布会。",
        "王 小 明　县民政局党委书记、局长\n陈　芳　县教育局副局长",
    ],
)
def test_an_office_stated_in_front_goes_wherever_they_speak(people: str) -> None:
    """Lists of those present, in either order, give the office to the speaker."""
    text = f"发布会\n\n{people}\n\n记者：开吗？\n王小明：开。\n记者：贵吗？\n陈芳：不贵。"
    assert _offices(text) == {"记者": None, "王小明": "县民政局党委书记、局长", "陈芳": "县教育局副局长"}
    assert {one.speaker.name for one in stated_offices(text.replace(" 小 ", "小").replace("　芳", "芳"))} == {
        "王小明",
        "陈芳",
    }


@pytest.mark.parametrize(
    ("said", "office"),
    [
        ("請莊人祥副署長說明。", "副署長"),
        ("請衛生局莊副署長人祥說明。", "衛生局副署長"),
        ("請莊署長說明。", "署長"),
        ("感謝澎湖縣莊縣長的協助。", None),
        ("感謝縣長莊光復。請莊縣長放心。", None),
    ],
)
def test_forms_of_address_state_an_office(said: str, office: str | None) -> None:
    """Name and title, or a title within the name; another person of that surname gives nothing."""
    assert _offices(f"司儀：{said}\n莊人祥：大家好。\n記者：開嗎？\n莊人祥：開。")["莊人祥"] == office


@pytest.mark.parametrize(
    "text",
    [
        "各位好。\n一是：修路。\n二是：建桥。\n三是：种树。",
        "时间：3月18日\n地点：县政府\n联系电话：12345\n网址：example.org",
        "上午9:30开会。\n下午2:15散会。\n晚上8:00放电影。",
        "他说：好。\n她说：行。\n他说：走。",
        "方法：加水。\n原料：大米。\n方法：加盐。\n原料：小麦。",
        "注意事项如下：\n第一：带身份证。\n第二：带户口本。",
        "王小明指出：要修路。\n会议强调：要快。\n会议强调：要好。",
        "来源：甲县发布\n编辑：小李\n审核：老王",
        "主持人：李明\n记者：王五\n通讯员：赵六",
        "问题一：路不平。\n问题二：灯不亮。",
    ],
)
def test_ordinary_words_before_a_colon_are_no_labels(text: str) -> None:
    """Lists, facts, times, credits and reports of speech make no dialogue."""
    assert [row for row in _read(text) if row[0] != "statement" or row[1] is None] == []
    assert all(row[1] != "方法" for row in _read(text))


@pytest.mark.parametrize(
    "words",
    ["一是：修路；二是：建桥。", "时间：明天。", "会议强调：要快。", "有人问：为什么？我说：因为穷。"],
)
def test_colons_within_a_reply_stay_within_it(words: str) -> None:
    """What is said may hold colons, lists and other people's words."""
    assert (
        _read(f"记者：开吗？\n王小明：我们这样做。\n{words}\n记者：贵吗？\n王小明：不贵。")[1][2]
        == f"我们这样做。\n{words}"
    )


def test_a_long_reply_is_one_turn() -> None:
    """Paragraphs under one label are one turn, a quoted document and a list in them included."""
    text = "记者：凭什么？\n\n王小明：有三条。\n\n> 《办法》第五条：高龄老人免费。\n\n（一）本县户籍。\n\n"
    text += "以上\n\n记者：好。"
    assert _read(text)[1] == (
        "reply",
        "王小明",
        "有三条。\n《办法》第五条：高龄老人免费。\n（一）本县户籍。\n以上",
    )


def test_what_the_editors_add_is_narration() -> None:
    """Stage directions, notes, ends and credits are nobody's speech."""
    text = (
        "编者按：最近大家关心食堂。\n\n记者：开吗？\n\n（播放短片）\n\n王小明：开。（完）\n\n"
        "据了解，这是第一家。\n\n（记者 李四）\n\n责任编辑：王五"
    )
    assert _read(text) == [("question", "记者", "开吗？"), ("reply", "王小明", "开。")]


def test_the_reporters_prose_after_the_answers_is_prose() -> None:
    """Words in quotation marks are direct, the rest of what X表示 reported, the attribution narrated."""
    text = "县民政局局长王小明接受采访。\n\n问：开吗？\n\n答：开。\n\n“大家放心。”王小明表示，价格不贵。"
    reading = read_plain(text.encode(), "small.txt")
    speeches = [turn.speech.value for turn in conversation(reading)[1]]
    assert speeches == ["narration", "direct", "direct", "direct", "narration", "reported"]


def test_prose_in_traditional_characters() -> None:
    """表示 and 說 in traditional characters attribute like 表示 and 说, with corner brackets."""
    text = "衛生局局長陳美玲表示，食堂下月就開。「價格不貴。」陳美玲說。"
    assert _read(text) == [("statement", "陳美玲", "食堂下月就開。"), ("statement", "陳美玲", "價格不貴。")]


def test_a_short_reply_without_a_stop_is_no_headline() -> None:
    """An office, a name and a few words are a reply where nothing reports what he says."""
    text = "发布会\n\n记者：开吗？\n\n县民政局局长王小明：可以\n\n记者：贵吗？\n\n县民政局局长王小明：不贵"
    assert [row[0] for row in _read(text)] == ["question", "reply"] * 2


def test_headings_among_the_questions() -> None:
    """A heading is a section, no turn; a label set as a heading is no section."""
    text = "# 发布会\n\n## 关于食堂\n\n记者：开吗？\n\n王小明：开。\n\n## 关于公交\n\n"
    text += "### 记者：\n有车吗？\n\n### 王小明：\n有。"
    reading = read_plain(text.encode(), "small.md")
    sections, turns = conversation(reading)
    assert [section.title for section in sections] == ["发布会", "关于食堂", "关于公交"]
    assert [turn.section for turn in turns] == [1, 1, 2, 2]


def test_a_quoted_headline_is_no_label() -> None:
    """A heading that names whom it quotes heads prose."""
    text = "# 发布会\n\n## 县民政局局长王小明：让老人吃好饭\n\n王小明表示，食堂下月就开。\n\n"
    text += "## 县教育局局长陈芳：办好学校\n\n陈芳表示，学校九月开学。"
    reading = read_plain(text.encode(), "small.md")
    assert len(conversation(reading)[0]) == 3
    assert [row[1] for row in _read(text)] == ["王小明", "陈芳"]


# --- generated dialogues -----------------------------------------------------------------------------

OFFICIALS = ("王小明", "陈芳", "欧阳明华", "李大伟", "陳美玲", "龐一鳴")
ASKERS = ("记者", "《甲县日报》记者", "新华社记者", "网友", "市民", "提問者")
HOSTS = ("主持人", "司儀")
QUESTIONS = ("食堂什么时候开？", "請問怎麼申請？", "这个问题怎么看？谢谢。", "价格是多少，贵不贵？")
REPLIES = (
    "下月就开。",
    "主要有两条：一是快；二是好。",
    "目前有30个，上午9:30开门。",
    "大家放心。「價格不貴」，這點很清楚。",
)
WORDS_OF_HOSTS = ("谢谢。", "好，謝謝各位。")

FORMS: dict[str, Callable[[str, str], str]] = {
    "colon": lambda who, said: f"{who}：{said}\n",
    "half-width colon": lambda who, said: f"{who}: {said}\n",
    "blank lines": lambda who, said: f"{who}：{said}\n\n",
    "own line": lambda who, said: f"{who}：\n{said}\n\n",
    "heading": lambda who, said: f"### {who}：\n{said}\n\n",
    "bold": lambda who, said: f"**{who}**：{said}\n\n",
    "brackets": lambda who, said: f"【{who}】{said}\n",
    "time before": lambda who, said: f"11:02 {who}：{said}\n",
    "time after": lambda who, said: f"{who} 11:02:33\n{said}\n",
    "indent": lambda who, said: f"\t\u3000\u3000{who}：{said}\n",
    "one line": lambda who, said: f"{who}：{said}",
}

_QUESTION = st.tuples(st.just("question"), st.sampled_from(ASKERS), st.sampled_from(QUESTIONS))
_REPLY = st.tuples(st.just("reply"), st.sampled_from(OFFICIALS), st.sampled_from(REPLIES))
_HOST = st.tuples(st.just("statement"), st.sampled_from(HOSTS), st.sampled_from(WORDS_OF_HOSTS))
_EXCHANGES = st.tuples(
    st.lists(_QUESTION, min_size=1, max_size=2),
    st.lists(_REPLY, min_size=1, max_size=3),
    st.lists(_HOST, max_size=1),
).map(lambda parts: [row for part in parts for row in part])
_DIALOGUES = st.lists(_EXCHANGES, min_size=2, max_size=5).map(
    lambda parts: [row for part in parts for row in part]
)


@pytest.mark.parametrize("form", sorted(FORMS))
@settings(deadline=None, max_examples=30)
@given(dialogue=_DIALOGUES)
def test_every_turn_of_a_generated_dialogue(form: str, dialogue: list[Said]) -> None:
    """In any form and any order of speakers, every turn comes back with its kind, speaker and words."""
    known = "、".join(f"县{name[0]}局局长{name}" for name in OFFICIALS)
    text = f"出席：{known}。\n\n" + "".join(FORMS[form](who, said) for _, who, said in dialogue)
    assert _read(text) == list(dialogue)


@pytest.mark.parametrize("form", sorted(FORMS))
@settings(deadline=None, max_examples=30)
@given(dialogue=_DIALOGUES)
def test_turns_and_labels_tile_a_dialogue(form: str, dialogue: list[Said]) -> None:
    """Turns are in order and do not overlap; outside them are only labels and white space."""
    reading = read_plain("".join(FORMS[form](who, said) for _, who, said in dialogue).encode(), "small.txt")
    sections, turns = conversation(reading)
    assert all(a.span.end <= b.span.start for a, b in pairwise(turns))
    outside = list(reading.text)
    for span in [turn.span for turn in turns] + [section.span for section in sections]:
        outside[span.start : span.end] = " " * len(span)
    allowed = set("".join((*OFFICIALS, *ASKERS, *HOSTS)) + "：:【】0123456789 \n")
    assert set(outside) <= allowed


_BITS = st.one_of(
    st.sampled_from([*OFFICIALS, *ASKERS, *HOSTS, *QUESTIONS, *REPLIES, "问", "答", "Q", "A"]),
    st.sampled_from(
        [
            "：",
            ":",
            "\n",
            "\n\n",
            "【",
            "】",
            "[",
            "]",
            "# ",
            "> ",
            "- ",
            "| ",
            "11:02 ",
            "（",
            "）",
            "“",
            "”",
            " ",
            "\u3000",
        ]
    ),
    st.sampled_from(
        [
            "局长",
            "县民政局",
            "出席人员",
            "编者按",
            "（完）",
            "表示，",
            "一、",
            "请",
            "回答",
            "\u2028",
            "\ufeff",
            "𠮷",
        ]
    ),
    st.text(st.characters(exclude_categories=("Cs", "Cc", "Co", "Cn")), max_size=6),
)


@settings(deadline=None)
@given(text=st.lists(_BITS, max_size=50).map("".join))
def test_any_text_is_read(text: str) -> None:
    """Whatever the text, turns are in order, hold words, and reply to a question before them."""
    # Plain words in front: what has none is refused as damaged before it is read.
    text = f"{'我们大家今天在这里说的是这件事。' * 20}{text}"
    try:
        reading = read_plain(text.encode(), "any.txt")
    except TranscriptError as error:
        if error.code != "transcript_garbled":
            raise
        return
    sections, turns = conversation(reading)
    assert all(a.span.end <= b.span.start for a, b in pairwise(turns))
    assert all(turn.span.of(reading.text).strip() for turn in turns)
    assert all(turn.section is None or turn.section < len(sections) for turn in turns)
    for at, turn in enumerate(turns):
        assert turn.replies_to is None or (turn.replies_to < at and turns[turn.replies_to].kind == "question")
    for one in stated_offices(reading.text):
        assert one.speaker.name
        assert one.speaker.office


@pytest.mark.parametrize(
    "unit",
    [
        "记者：请问食堂什么时候开？县民政局局长王小明：下月就开，请大家放心。",
        "县民政局局长王小明表示，食堂下月就开。“吃饭方便多了。”居民刘大爷说。",
        "“好。”",
        "：",
        "局长、",
        "（记者",
        "【",
        "。甲乙丙：",
        " ",
        "# ",
        "王小明：好\n",
        "王小明\n",
    ],
    ids=range(12),
)
def test_time_grows_no_faster_than_the_text(unit: str) -> None:
    """Twice the text takes about twice the time, whatever it is made of."""

    def seconds(length: int) -> float:
        # A seventh of it is plain words: what has none is refused as damaged before it is read.
        text = "我们大家今天在这里说的是这件事。" * (length // 100) + unit * (length // len(unit))
        start = time.process_time()
        conversation(read_plain(text.encode(), "long.txt"))
        return time.process_time() - start

    seconds(1_000)  # what is made once is made
    assert seconds(80_000) < 8 * seconds(20_000) + 0.5


# --- invented transcripts, whole ---------------------------------------------------------------------

INVENTED = Path(__file__).resolve().parent / "data" / "invented"


@pytest.mark.parametrize("table", sorted(INVENTED.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_turn_of_an_invented_transcript(table: Path) -> None:
    """Live reports, interviews, hotlines, inquiries, policy answers, headlines: every turn is right."""
    (source,) = (path for path in INVENTED.glob(f"{table.stem}.*") if path != table)
    reading = read_plain(source.read_bytes(), source.name)
    expected = yaml.safe_load(table.read_text("utf-8"))
    found = []
    for turn, row in zip(conversation(reading)[1], expected, strict=True):
        said = turn.span.of(reading.text)
        name, office = (turn.speaker.name, turn.speaker.office) if turn.speaker else (None, None)
        known = [turn.kind.value, turn.speech.value, name, office, turn.section, turn.replies_to]
        found.append([*known, said[: len(row[-2])], said[-len(row[-1]) :]])
    assert found == expected

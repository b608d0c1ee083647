"""The lexicon in the room: a word looked up, a change tried before it is kept, kept in the draft."""

from __future__ import annotations

import fcntl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.engine import Engine
from qa.errors import LexiconError
from qa.language.lexicon_edit import edited, lines_with
from qa.settings import Settings, seed_corpus
from qa.versions.draft import Draft
from qa.versions.layout import now
from qa.versions.lock import changing
from tests.staff import QUESTION
from tests.staff_room import Desk, Hall
from web.staff import corpus_wording, trial
from web.staff import lexicon_wording as wording
from web.staff.trial import Edit, Trials

PAGE = "/staff/lexicon"


def _tried(hall: Hall, file: str, add: str = "", remove: str = "") -> str:
    """A change tried without a process of its own; the page that says what came of it."""
    edit = Edit(who="editor", when=now(), file=file, add=_lines(add), remove=_lines(remove))
    (hall.data.root / "room").mkdir(exist_ok=True)
    Trials(hall.data.root).begin(edit)
    trial.main([str(hall.data.root)])
    return hall.client.get(PAGE).text


def _lines(text: str) -> tuple[str, ...]:
    return tuple(text.split("\n")) if text else ()


def test_a_word_is_looked_up_where_it_stands_and_how_it_is_read(desk: Desk) -> None:
    page = desk.sign_in("viewer").send(PAGE, on=PAGE, word="加强针")
    for words in ("synonyms-social.txt", wording.WHOLE, "加强免疫", wording.READ_AS, wording.CUT):
        assert words in page
    page = desk.send(PAGE, on=PAGE, word="啷个办社保卡，要三百块钱不")
    for words in ("怎么办", "社会保障卡", wording.NUMERALS, "300"):
        assert words in page
    page = desk.send(PAGE, on=PAGE, word="没有这样的词条<b>")
    assert wording.WHERE_NONE in page
    assert "&lt;b&gt;" in page
    assert wording.TRY_HINT not in page


def test_a_word_that_cannot_be_asked_is_told(hall: Hall) -> None:
    hall.sign_in("viewer")
    for word in ("", "长" * 301):
        assert 'aria-invalid="true"' in hall.refused(PAGE, on=PAGE, word=word)


def test_a_change_is_tried_shown_kept_in_the_draft_and_published(hall: Hall) -> None:
    hall.sign_in("editor")
    fields = {"file": "words.txt", "add": "办事大厅 n\n# 说明\n", "remove": "便民服务"}
    hall.send(f"{PAGE}/try", on=PAGE, **fields)
    page = hall.until(PAGE, wording.RUNNING)
    assert wording.COUNTS.format(asked=1) in page
    assert wording.NOTHING_CHANGED in page
    assert "办事大厅 n" in page
    page = hall.send(f"{PAGE}/keep", on=PAGE)
    assert "words.txt" in page
    path = Draft.opened(hall.data).folder / "lexicon" / "words.txt"
    assert path.read_text("utf-8") == "办事大厅 n\n"
    entry = hall.last()
    assert (entry.action, entry.target, entry.detail) == (
        "draft.lexicon",
        "words.txt",
        "+办事大厅 n；-便民服务",
    )
    assert entry.before != entry.after
    hall.publish()
    assert "办事大厅" in hall.live.current.lexicon.words


def test_what_a_change_breaks_is_shown_before_it_is_kept(hall: Hall) -> None:
    hall.sign_in("editor")
    with changing(hall.data, "editor", "测试"):
        draft = Draft.begun(hall.data, Settings(data=hall.data.root), "editor")
    (draft.folder / "lexicon" / "dialect.txt").write_text("# 方言\n", "utf-8")
    # A rule that turns what is asked into something nobody spoke of.
    page = _tried(hall, "dialect.txt", "大厅 -> 游泳馆 : 事物\n开门 -> 卖票 : 动作")
    assert corpus_wording.CHANGES["broken"] in page  # type: ignore[index]
    assert QUESTION in page
    hall.send(f"{PAGE}/drop", on=PAGE)
    assert wording.FOUND not in hall.client.get(PAGE).text
    assert wording.KEEP_GONE in hall.refused(f"{PAGE}/keep", on=PAGE)


def test_what_cannot_hold_is_told_in_the_words_of_the_check(hall: Hall) -> None:
    hall.sign_in("editor")
    for add, remove, told in (
        ("便民服务", "", "已经有"),
        ("", "没有这行", "去不掉"),
        ("ＡＢＣ", "", "要写成"),
    ):
        page = _tried(hall, "words.txt", add, remove)
        assert wording.PROBLEM in page
        assert told in page
        assert add + remove in page
        assert wording.KEEP_GONE in hall.refused(f"{PAGE}/keep", on=PAGE)


def test_what_is_typed_wrongly_is_told_and_stays(hall: Hall) -> None:
    hall.sign_in("editor")
    for fields, told in (
        ({"file": "../draft.json", "add": "新词条"}, wording.TRY_FILE_UNKNOWN),
        ({"file": "expectations.yaml", "add": "新词条"}, wording.TRY_FILE_UNKNOWN),
        ({"file": "words.txt", "add": "  \n# 只有说明"}, wording.TRY_EMPTY),
        ({"file": "words.txt", "add": "\n".join(f"新词{n}" for n in range(60))}, "一次最多"),
    ):
        page = hall.refused(f"{PAGE}/try", on=PAGE, **fields)
        assert told in page
        assert fields["add"].strip().splitlines()[-1] in page


def test_a_result_is_kept_only_on_what_it_was_tried_on(hall: Hall) -> None:
    _tried(hall.sign_in("editor"), "words.txt", "办事大厅")
    with changing(hall.data, "王小明", "测试"):
        assert "王小明" in hall.refused(f"{PAGE}/keep", on=PAGE)
        draft = Draft.begun(hall.data, Settings(data=hall.data.root), "王小明")
    draft.write("lexicon/words.txt", "便民服务\n别人加的\n".encode(), lambda: None)
    assert wording.KEEP_OLD in hall.refused(f"{PAGE}/keep", on=PAGE)


def test_there_is_one_trial_at_a_time(hall: Hall) -> None:
    room = hall.data.root / "room"
    room.mkdir()
    with (room / ".trial.lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        Trials(hall.data.root).begin(Edit(who="wang", when=now(), file="words.txt", add=("新词条",)))
        assert "refresh" in hall.sign_in("editor").client.get(PAGE).text
        assert "refresh" not in hall.client.get(f"{PAGE}?still=1").text
        page = hall.refused(f"{PAGE}/try", on="/staff/try", file="words.txt", add="办事大厅")
    assert wording.TRY_BUSY in page
    assert "办事大厅" in page


def test_everything_a_question_may_ask_for_has_a_name(engine: Engine) -> None:
    assert {one.kind for one in engine.lexicon.expectations} <= wording.ASKS.keys()


def test_lines_are_found_whatever_the_width_those_that_are_the_word_first() -> None:
    found = lines_with(seed_corpus() / "lexicon", "社保卡")
    assert found[0].whole
    assert any(not line.whole for line in found)
    assert lines_with(seed_corpus() / "lexicon", " ") == ()


_LINE = st.text(st.characters(categories=("L", "N")), min_size=1, max_size=8)


@given(st.lists(_LINE, min_size=1, max_size=6, unique=True))
def test_lines_that_were_added_are_taken_out_again_and_the_rest_stays(lines: list[str]) -> None:
    before = "# 说明\n\n原有的词 n  # 为什么\n".encode()
    added = edited(before, "words.txt", lines, ())
    assert added.decode().splitlines()[3:] == lines
    assert edited(added, "words.txt", (), lines) == before
    with pytest.raises(LexiconError):
        edited(added, "words.txt", lines[:1], ())
    with pytest.raises(LexiconError):
        edited(before, "words.txt", (), lines[:1])

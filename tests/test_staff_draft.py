"""The draft in the room: what it changes, the check before publishing, publishing, going back."""

from __future__ import annotations

import fcntl
from pathlib import Path

import pytest

from qa.engine import build_engine
from qa.settings import Settings
from qa.versions.draft import Draft
from qa.versions.lock import changing
from tests.staff import HALL, HOURS, NOON, QUESTION, described, tiny_corpus
from tests.staff_room import Hall
from web.staff import corpus_wording as wording
from web.staff.examination import Examinations

REFRESHES = 'http-equiv="refresh"'
# Of nothing that the question set asks.
PARK = "公园改造发布会。\n公园处处长李小红介绍，今年新种了三百棵银杏树。湖边的步道也修好了，全长两公里。\n"


def _draft(hall: Hall, id: str, text: str) -> Draft:
    """A draft with one transcript more, or another text of one."""
    settings = Settings(data=hall.data.root)
    with changing(hall.data, "editor", "测试"):
        draft = Draft.begun(hall.data, settings, "editor")
    place = draft.transcripts / id
    place.mkdir(exist_ok=True)
    (place / "source.txt").write_text(text, "utf-8")
    (place / "transcript.yaml").write_text(described(text, f"{id}发布会"), "utf-8")
    return draft


def test_a_draft_is_checked_published_followed_and_rolled_back(hall: Hall) -> None:
    first = hall.current
    _draft(hall, "park-2025", PARK)
    page = hall.sign_in("editor").checked()
    assert wording.EXAMINED_ALLOWED in page
    assert wording.PUBLISH_ADMINS in page
    assert "park-2025发布会" in page
    page = hall.sign_in("admin").send("/staff/draft/publish", on="/staff/draft", why="加<b>公园</b>")
    assert "加&lt;b&gt;公园" in page
    assert wording.SWITCHING.format(name=hall.current[:12]) in page
    assert REFRESHES in page
    assert REFRESHES not in hall.client.get("/staff/versions?still=1").text
    assert not Draft.exists(hall.data)
    entry = hall.last()
    assert (entry.action, entry.before, entry.after) == ("corpus.publish", first, hall.current)
    hall.live.look()
    assert "park-2025" in hall.live.current.transcripts
    assert "正在换上" not in hall.client.get("/staff/versions").text

    confirm = f"/staff/versions/rollback?to={first}"
    assert "park-2025发布会" in hall.client.get(confirm).text
    assert wording.ROLL_BACK_NEEDS_WHY in hall.refused("/staff/versions/rollback", on=confirm, to=first)
    published = hall.current
    hall.send("/staff/versions/rollback", on=confirm, to=first, why="有错字")
    assert hall.current == first
    entry = hall.last()
    assert (entry.action, entry.before, entry.after) == ("corpus.rollback", published, first)
    assert entry.detail == "有错字"
    hall.told(404, "/staff/versions/rollback", to=first, why="再退一次")


def test_answers_that_get_worse_stop_it_until_an_admin_says_why(hall: Hall) -> None:
    first = hall.current
    _draft(hall, "hall-2022", HALL.replace(HOURS, NOON))
    page = hall.sign_in("editor").examined()
    assert wording.EXAMINED_STOPPED.format(worse=1) in page
    assert "九点" in page
    assert "十二点" in page
    table = hall.client.get("/staff/draft/answers.csv").text
    assert QUESTION in table
    assert hall.client.get("/staff/draft/answers.xlsx").content.startswith(b"PK")
    hall.sign_in("admin")
    wrong: tuple[dict[str, str], ...] = (
        {},
        {"why": "时间改了"},
        {"overrule": "1"},
        {"overrule": "1", "why": "  "},
    )
    for fields in wrong:
        page = hall.refused("/staff/draft/publish", on="/staff/draft", **fields)
        assert wording.PUBLISH_NEEDS_WHY in page
        assert fields.get("why", "") in page
    assert hall.current == first
    hall.send("/staff/draft/publish", on="/staff/draft", why="时间改了", overrule="1")
    entry = hall.last()
    assert (entry.action, entry.before, entry.after) == ("corpus.overrule", first, hall.current)
    assert "时间改了" in entry.detail


def test_what_was_changed_after_the_check_is_not_published(hall: Hall) -> None:
    first = hall.current
    draft = _draft(hall, "park-2025", PARK)
    hall.sign_in("admin")
    assert wording.PUBLISH_UNCHECKED in hall.refused("/staff/draft/publish", on="/staff/draft")
    hall.examined()
    (draft.folder / "faq" / "more.yaml").write_text("- question: 公园几点关门？\n", "utf-8")
    assert wording.EXAMINATION_OLD in hall.client.get("/staff/draft").text
    assert wording.PUBLISH_UNCHECKED in hall.refused("/staff/draft/publish", on="/staff/draft")
    assert hall.current == first


def test_damage_and_what_cannot_be_checked_are_told(hall: Hall) -> None:
    draft = _draft(hall, "park-2025", PARK)
    (draft.transcripts / "park-2025" / "source.txt").write_text("别的", "utf-8")
    page = hall.sign_in("editor").examined()
    assert wording.DAMAGED in page
    assert "park-2025" in page
    assert wording.PUBLISH_WHY not in hall.sign_in("admin").client.get("/staff/draft").text
    with changing(hall.data, "王小明", "上传"):
        assert "王小明" in hall.checked()


def test_changes_are_taken_back_one_by_one_or_all_at_once(hall: Hall) -> None:
    draft = _draft(hall, "park-2025", PARK)
    draft = _draft(hall, "hall-2022", HALL.replace(HOURS, NOON))
    (draft.folder / "lexicon" / "words.txt").write_text("便民服务\n新大厅\n", "utf-8")
    (draft.folder / "faq" / "more.yaml").write_text("- question: 公园几点关门？\n", "utf-8")
    hall.sign_in("editor")
    page = ""
    for part, name in (
        ("transcripts", "park-2025"),
        ("transcripts", "hall-2022"),
        ("lexicon", "words.txt"),
        ("faq", "more.yaml"),
    ):
        page = hall.send("/staff/draft/revert", on="/staff/draft", part=part, name=name)
    assert wording.DRAFT_SAME in page
    assert hall.last().before != hall.last().after
    for part, name in (("transcripts", "../draft.json"), ("..", "current.json"), ("", "")):
        assert wording.REVERTED_ALREADY in hall.refused("/staff/draft/revert", part=part, name=name)
    assert wording.NOTHING_CHANGES in hall.examined()
    assert wording.DISCARD_TICK in hall.refused("/staff/draft/discard", on="/staff/draft")
    assert wording.NO_DRAFT in hall.send("/staff/draft/discard", on="/staff/draft", sure="1")


def test_there_is_one_check_at_a_time_and_one_that_was_killed_is_told(hall: Hall) -> None:
    _draft(hall, "park-2025", PARK)
    examinations = Examinations(hall.data.root)
    room = hall.data.root / "room"
    room.mkdir(exist_ok=True)
    with (room / ".examination.lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert not examinations.start("wang")
        page = hall.sign_in("editor").client.get("/staff/draft").text
        assert wording.EXAMINE_RUNNING in page
        assert REFRESHES in page
        # Whoever needs time to read stops it (WCAG 2.2.1).
        assert wording.STAND_STILL in page
        assert REFRESHES not in hall.client.get("/staff/draft?still=1").text
    (room / "examination.started").touch()
    assert wording.EXAMINATION_FAILED in hall.client.get("/staff/draft").text


def test_a_draft_of_an_older_version_says_so(hall: Hall) -> None:
    draft = _draft(hall, "park-2025", PARK)
    record = draft.folder / "draft.json"
    record.write_text(record.read_text("utf-8").replace(hall.current, "0" * 64), "utf-8")
    assert "0" * 12 in hall.sign_in("viewer").client.get("/staff/draft").text


def test_while_somebody_is_at_work_the_reason_typed_is_kept(hall: Hall) -> None:
    _draft(hall, "park-2025", PARK)
    hall.sign_in("admin")
    with changing(hall.data, "王小明", "上传"):
        page = hall.refused("/staff/draft/publish", on="/staff/draft", why="加公园")
    assert "王小明" in page
    for address in ("/staff/draft/revert", "/staff/draft/discard"):
        with changing(hall.data, "王小明", "上传"):
            assert "王小明" in hall.refused(address, on="/staff/draft", sure="1")


def test_a_server_that_follows_nothing_says_so(hall: Hall, tmp_path: Path) -> None:
    corpus = tiny_corpus(tmp_path / "named")
    hall.live.current = build_engine(Settings(corpus=corpus, data=hall.data.root))
    hall.sign_in("viewer")
    for address in ("/staff/draft", "/staff/versions"):
        assert wording.NOT_FOLLOWED in hall.client.get(address).text


def test_nobody_publishes_who_may_only_draft(hall: Hall) -> None:
    _draft(hall, "park-2025", PARK)
    hall.sign_in("editor")
    hall.told(403, "/staff/draft/publish", why="x")
    hall.told(403, "/staff/versions/rollback", to=hall.current)


@pytest.mark.parametrize("name", ["..", "", "draft", "0" * 64])
def test_only_a_version_that_is_there_is_gone_back_to(hall: Hall, name: str) -> None:
    hall.sign_in("admin").told(404, "/staff/versions/rollback", to=name, why="x")
    assert hall.client.get("/staff/versions/rollback", params={"to": name}).status_code == 404

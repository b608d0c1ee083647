"""Words that no longer hold: chosen in the room's reader, marked in the draft, and taken back."""

from __future__ import annotations

import re
from html import unescape

from qa.engine import load_transcripts
from qa.settings import Settings, seed_corpus
from qa.versions.draft import Draft
from qa.versions.lock import changing
from tests.staff import HOURS, quotes
from tests.staff_room import Hall
from web.staff import corpus_wording as wording
from web.staff.sentences import sentences

READER = "/staff/transcripts/hall-2022"
OTHER = "没带证件的，可以当场补办。"


def _chosen(hall: Hall, words: str = HOURS) -> str:
    """The page to mark a sentence on, by the link beside it."""
    page = hall.sign_in("editor").client.get(READER).text
    found = re.search(rf'{words}\s*<a href="([^"]+)"', page)
    assert found, page
    return unescape(found[1])


def _fields(hall: Hall, form: str, **more: str) -> dict[str, str]:
    page = hall.client.get(form).text
    hidden = dict(re.findall(r'type="hidden" name="(transcript|start|end)" value="([^"]*)"', page))
    words = re.search(r'name="words"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    assert words
    return {**hidden, "words": words[1], "act": "mark", **more}


def test_a_sentence_is_chosen_marked_published_no_longer_quoted_and_taken_back(hall: Hall) -> None:
    form = _chosen(hall)
    found = hall.send("/staff/expire", on=form, **_fields(hall, form, act="find", find="证件", reason="换了"))
    assert OTHER in found
    assert 'value="换了"' in found
    place = re.search(r'name="place" value="([^"]+)"', found)
    assert place
    fields = _fields(hall, form, reason="改期<b>", since="2024-03-18", instead="words", place=place[1])
    draft = hall.send("/staff/expire", on=form, **fields)
    assert wording.FIELDS["expired"] in draft
    entry = hall.last()
    assert (entry.action, entry.target, entry.detail) == ("draft.expire", "hall-2022", HOURS)
    assert entry.before != entry.after
    hall.publish()
    assert quotes(hall.live.current) == ""
    page = hall.client.get(READER).text
    for words in ("改期&lt;b&gt;", "2024-03-18", f"“{OTHER}”", wording.MARKED):
        assert words in page
    span = dict(re.findall(r'type="hidden" name="(start|end)" value="([^"]*)"', page))
    hall.send("/staff/unexpire", on=READER, transcript="hall-2022", **span)
    assert hall.last().action == "draft.unexpire"
    assert wording.MARK_GONE in hall.refused("/staff/unexpire", on=READER, transcript="hall-2022", **span)
    hall.publish()
    assert quotes(hall.live.current) == HOURS


def test_part_of_a_sentence_can_be_marked_and_what_took_its_place_described(hall: Hall) -> None:
    form = _chosen(hall)
    fields = _fields(hall, form, words="上午九点开门", reason="改期", instead="text", text="改为八点半")
    hall.send("/staff/expire", on=form, **fields)
    (mark,) = Draft.opened(hall.data).expired("hall-2022")
    assert (mark.words, mark.replaced_text) == ("上午九点开门", "改为八点半")
    assert wording.ALREADY_EXPIRED in hall.refused(
        "/staff/expire", on=form, **_fields(hall, form, reason="再标")
    )


def test_what_is_wrong_is_told_at_its_field_and_what_was_typed_stays(hall: Hall) -> None:
    form = _chosen(hall)
    place = "0-5:hall-2022"
    for fields, told in (
        ({"words": "", "reason": "改期"}, wording.WORDS_EMPTY),
        ({"words": "没有这句话"}, wording.WORDS_GONE[-10:]),
        ({"reason": "  "}, wording.REASON_EMPTY),
        ({"reason": "改期", "since": "三月"}, wording.SINCE_BAD),
        ({"reason": "改期", "instead": "text"}, wording.INSTEAD_EMPTY),
        ({"reason": "改期", "instead": "words"}, wording.INSTEAD_UNCHOSEN),
        ({"reason": "改期", "instead": "words", "place": "0-9999:hall-2022"}, wording.INSTEAD_UNCHOSEN),
    ):
        page = hall.refused("/staff/expire", on=form, **_fields(hall, form, **fields))
        assert told in page
        assert 'aria-invalid="true"' in page
        assert "since" not in fields or f'value="{fields["since"]}"' in page
    own = {**_fields(hall, form, reason="改期", instead="words"), "words": "便民服务", "place": place}
    assert wording.INSTEAD_SELF in hall.refused("/staff/expire", on=form, **own)
    assert not Draft.exists(hall.data) or not Draft.opened(hall.data).expired("hall-2022")


def test_a_search_that_finds_nothing_says_so(hall: Hall) -> None:
    form = _chosen(hall)
    for find in ("没有的字", ""):
        page = hall.send("/staff/expire", on=form, **_fields(hall, form, act="find", find=find))
        assert wording.FOUND_NOTHING in page


def test_while_somebody_is_at_work_what_was_typed_stays(hall: Hall) -> None:
    form = _chosen(hall)
    fields = _fields(hall, form, reason="改期了")
    with changing(hall.data, "王小明", "发布"):
        page = hall.refused("/staff/expire", on=form, **fields)
    assert "王小明" in page
    assert 'value="改期了"' in page


def test_a_transcript_whose_source_changed_in_the_draft_is_not_marked(hall: Hall) -> None:
    form = _chosen(hall)
    with changing(hall.data, "editor", "测试"):
        Draft.begun(hall.data, Settings(data=hall.data.root), "editor").remove("hall-2022")
    assert wording.NOT_IN_DRAFT in hall.refused("/staff/expire", on=form, **_fields(hall, form, reason="改"))


def test_a_transcript_is_taken_out_once_that_is_ticked(hall: Hall) -> None:
    hall.sign_in("editor")
    fields = {"transcript": "hall-2022"}
    assert wording.REMOVE_TICK in hall.refused("/staff/draft/remove", on=READER, **fields)
    hall.send("/staff/draft/remove", on=READER, sure="1", **fields)
    assert Draft.opened(hall.data).ids() == frozenset()
    assert hall.last().action == "draft.remove"
    assert wording.REMOVED_ALREADY in hall.refused("/staff/draft/remove", on=READER, sure="1", **fields)


def test_transcripts_are_listed_found_and_only_those_that_are_there_open(hall: Hall) -> None:
    hall.sign_in("viewer")
    assert READER in hall.client.get("/staff/transcripts?find=ＨＡＬＬ").text
    assert wording.TRANSCRIPTS_NONE in hall.client.get("/staff/transcripts?find=没有").text
    for page in ("0", "x", "99"):
        assert hall.client.get(f"/staff/transcripts?page={page}").status_code == 200
    assert wording.MARK not in hall.client.get(READER).text.replace(wording.TRANSCRIPTS_INTRO, "")
    hall.sign_in("editor")
    for address in ("/staff/transcripts/nothing", "/staff/expire?transcript=hall-2022&start=5&end=1"):
        assert hall.client.get(address).status_code == 404


def test_every_word_of_every_turn_stands_in_a_sentence() -> None:
    for transcript in load_transcripts(seed_corpus()):
        covered = "".join(sentence.words for sentence in sentences(transcript))
        turns = "".join(turn.span.of(transcript.text) for turn in transcript.turns)
        assert "".join(covered.split()) == "".join(turns.split())

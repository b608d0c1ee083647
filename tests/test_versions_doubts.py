"""What a person should look at: copies, speakers nobody knows, text decoded wrongly, what is missing."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.model import (
    Attribution,
    Basis,
    BriefingDate,
    Precision,
    Source,
    SourceRun,
    SourceUnit,
    Span,
    Speaker,
    Speech,
    Transcript,
    Turn,
    TurnKind,
)
from qa.versions.checking import DamageKind, check_corpus
from qa.versions.difference import Difference, What, differences
from qa.versions.doubts import DoubtKind, doubts_of, known_speakers, own_doubts, speakers_without_office
from qa.versions.intake import Given, proposal
from qa.versions.shingles import alike, nearest, resemblance, shingles
from tests.parts import transcripts
from tests.staff import HALL, HOURS, NOON, described, tiny_corpus

_WANG = Speaker("王小明", "大厅主任")
_TEXT = "大厅主任王小明介绍，大厅周一到周五上午九点开门，办理居住证、身份证和社保卡。" * 8


def _source(text: str) -> Source:
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Source("a.txt", digest, SourceUnit.CODEPOINT, (SourceRun(0, len(text), 0),))


def _transcript(text: str = _TEXT, *turns: Turn, id: str = "one", **more: object) -> Transcript:
    made = Transcript(
        id=id,
        title="便民服务发布会",
        text=text,
        turns=turns or (Turn(Span(0, len(text)), TurnKind.STATEMENT, Speech.DIRECT, _WANG),),
        source=_source(text),
        date=BriefingDate("2022-08", Precision.MONTH, Basis.STATED),
    )
    return replace(made, **more)  # type: ignore[arg-type]


def _kinds(transcript: Transcript, known: frozenset[str] = frozenset()) -> set[DoubtKind]:
    return {doubt.kind for doubt in own_doubts(transcript, known)}


# --- how alike two texts are --------------------------------------------------------------------------


@given(st.text(max_size=200), st.text(max_size=200))
def test_resemblance_is_the_share_of_common_five_grams(one: str, other: str) -> None:
    def grams(text: str) -> set[str]:
        plain = "".join(c for c in text if c.isalnum())
        size = min(5, len(plain))
        return {plain[at : at + size] for at in range(len(plain) - size + 1)} if plain else set()

    either = grams(one) | grams(other)
    expected = len(grams(one) & grams(other)) / len(either) if grams(one) and grams(other) else 0.0
    assert resemblance(shingles(one), shingles(other)) == pytest.approx(expected)


@given(st.text(max_size=300))
def test_a_text_is_like_itself_whatever_its_white_space_and_punctuation(text: str) -> None:
    if any(c.isalnum() for c in text):
        assert resemblance(shingles(text), shingles(f"  {'，'.join(text)}\n。")) == 1.0


def test_copies_with_small_changes_are_found_among_many_and_others_are_not() -> None:
    texts = [transcript.text for transcript in transcripts()]
    copies = [text.replace("大足", "双桥").replace("2021年", "2022年") for text in texts]
    others = [text[at : at + 400] for text in texts for at in range(0, len(text) - 400, 400)]
    found = list(alike([*texts, *others, *copies]))
    assert [(one, other) for one, other, _ in found] == [
        (0, len(texts) + len(others)),
        (1, len(texts) + len(others) + 1),
    ]
    assert all(0.6 <= share < 1.0 for _, _, share in found)


def test_the_nearest_is_named_only_when_it_is_near() -> None:
    held = {"a": _TEXT, "b": transcripts()[0].text}
    assert nearest(_TEXT.replace("九", "八"), held) is not None
    assert nearest(transcripts()[1].text, held) is None
    assert nearest("", held) is None


# --- doubts -------------------------------------------------------------------------------------------


def test_what_is_in_order_raises_no_doubt() -> None:
    assert _kinds(_transcript()) == set()


def test_what_is_missing_is_doubted() -> None:
    assert _kinds(_transcript(date=BriefingDate())) == {DoubtKind.UNDATED}
    inferred = BriefingDate("2022", Precision.YEAR, Basis.INFERRED, "今年")
    assert _kinds(_transcript(date=inferred)) == {DoubtKind.DATE_INFERRED}
    assert _kinds(_transcript(title_basis=Basis.INFERRED)) == {DoubtKind.TITLE_INFERRED}
    short = "大厅九点开门。"
    assert _kinds(_transcript(short)) == {DoubtKind.SHORT}
    nobody = Turn(Span(0, len(_TEXT)), TurnKind.NARRATION, Speech.NARRATION)
    assert _kinds(_transcript(_TEXT, nobody)) == {DoubtKind.NO_SPEAKER}


@pytest.mark.parametrize("garbled", ["锟斤拷", "\ufffd", "\ue123", "鈥滃ぇ鍘"])
def test_text_decoded_wrongly_is_doubted(garbled: str) -> None:
    assert DoubtKind.GARBLED in _kinds(_transcript(_TEXT + garbled * 5))
    assert DoubtKind.GARBLED not in _kinds(_transcript(_TEXT))


def test_a_question_without_a_reply_is_doubted() -> None:
    asked = Turn(Span(0, 10), TurnKind.QUESTION, Speech.DIRECT)
    told = Turn(Span(10, len(_TEXT)), TurnKind.REPLY, Speech.DIRECT, _WANG)
    assert DoubtKind.UNANSWERED in _kinds(_transcript(_TEXT, asked, told))
    assert DoubtKind.UNANSWERED not in _kinds(_transcript(_TEXT, asked, replace(told, replies_to=0)))


def test_whoever_speaks_without_an_office_anywhere_is_named() -> None:
    li = Speaker("李大山")
    spoken = _transcript(_TEXT, Turn(Span(0, len(_TEXT)), TurnKind.STATEMENT, Speech.DIRECT, li))
    assert speakers_without_office(spoken, frozenset()) == ("李大山",)
    asked = replace(spoken.turns[0], kind=TurnKind.QUESTION)
    assert speakers_without_office(replace(spoken, turns=(asked,)), frozenset()) == ()
    host = replace(spoken.turns[0], speaker=Speaker("主持人"))
    assert speakers_without_office(replace(spoken, turns=(host,)), frozenset()) == ()
    stated = replace(spoken, attributions=(Attribution(Speaker("李大山", "站长"), Span(0, 5)),))
    assert speakers_without_office(stated, frozenset()) == ()
    assert speakers_without_office(spoken, known_speakers([stated])) == ()


def test_the_same_file_and_a_copy_are_told_apart() -> None:
    held = {"old": _transcript(id="old")}
    assert [d.kind for d in doubts_of(_transcript(), held, frozenset())] == [DoubtKind.SAME_FILE]
    changed = _transcript(_TEXT.replace("九", "八"))
    assert [d.kind for d in doubts_of(changed, held, frozenset())] == [DoubtKind.NEAR_DUPLICATE]


# --- what a check finds -------------------------------------------------------------------------------


def test_every_kind_of_damage_is_found(tmp_path: Path) -> None:
    corpus = tiny_corpus(tmp_path / "corpus", {"hall-2022": HALL, "bus-2023": HALL.replace(HOURS, NOON)})
    assert check_corpus(corpus).damage == ()
    (corpus / "lexicon" / "synonyms.txt").write_text("没有等号\n", "utf-8")
    (corpus / "faq" / "common.yaml").write_text("- {topic: 没有问题}\n", "utf-8")
    (corpus / "transcripts" / "bus-2023" / "source.txt").write_text("改过了", "utf-8")
    found = {(damaged.kind, damaged.where) for damaged in check_corpus(corpus).damage}
    assert found == {
        (DamageKind.LEXICON, "lexicon"),
        (DamageKind.QUESTIONS, "questions"),
        (DamageKind.TRANSCRIPT, "bus-2023"),
    }
    for folder in (corpus / "transcripts").iterdir():
        folder.rename(folder.with_name(f".{folder.name}"))
    assert DamageKind.EMPTY in {damaged.kind for damaged in check_corpus(corpus).damage}


def test_spans_that_do_not_fit_the_text_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus = tiny_corpus(tmp_path / "corpus")
    bad = _transcript("短", Turn(Span(0, 9), TurnKind.STATEMENT, Speech.DIRECT), id="hall-2022")
    source = corpus / "transcripts" / "hall-2022" / "source.txt"
    named = replace(bad, source=Source(source.name, "0" * 64, SourceUnit.CODEPOINT, ()))
    monkeypatch.setattr("qa.versions.checking.read_transcript", lambda folder: named)
    told = [damaged.what for damaged in check_corpus(corpus).damage if damaged.kind is DamageKind.SPANS]
    assert told == ["outside", "source", "sha256"]


# --- what differs -------------------------------------------------------------------------------------


def test_differences_name_what_was_added_removed_and_changed(tmp_path: Path) -> None:
    before = tiny_corpus(tmp_path / "before", {"hall-2022": HALL, "old-2020": NOON})
    after = tiny_corpus(tmp_path / "after", {"hall-2022": HALL, "new-2023": NOON})
    assert differences(before, before) == ()
    dated = "date: {value: '2022', precision: year, basis: stated}\n"
    described_now = described(HALL, "hall-2022发布会", dated)
    (after / "transcripts" / "hall-2022" / "transcript.yaml").write_text(described_now, "utf-8")
    (after / "lexicon" / "words.txt").write_text("公交线路\n", "utf-8")
    (after / "transcripts" / "new-2023" / ".swp").write_text("an editor's", "utf-8")
    assert differences(before, after) == (
        Difference(What.CHANGED, "lexicon", "words.txt"),
        Difference(What.CHANGED, "transcripts", "hall-2022", "hall-2022发布会", ("date",)),
        Difference(What.ADDED, "transcripts", "new-2023", "new-2023发布会"),
        Difference(What.REMOVED, "transcripts", "old-2020", "old-2020发布会"),
    )


# --- a file to be added -------------------------------------------------------------------------------


def _file(tmp_path: Path, name: str = "发布会.txt") -> Path:
    path = tmp_path / name
    path.write_text(HALL, "utf-8")
    return path


def test_ids_are_made_of_date_and_title_and_never_taken_twice(tmp_path: Path) -> None:
    path = _file(tmp_path)
    given = Given(title="2022年8月3日便民服务新闻发布会", date="2022-08-03")
    first = proposal(path, given, {}, frozenset())
    assert first.id == "2022-08-03-bianminfuwuxinwenfabuhui"
    assert proposal(path, given, {}, {first.id}).id == f"{first.id}-2"
    assert proposal(path, given, {}, {first.id, f"{first.id}-2"}).id == f"{first.id}-3"
    assert proposal(path, Given(title="Q&A"), {}, frozenset()).id == "transcript"


def test_the_file_keeps_its_name_where_it_can(tmp_path: Path) -> None:
    for name, kept in (
        ("发布会 8月3日.txt", "发布会 8月3日.txt"),
        (".hidden.txt", "source.txt"),
        (f"{'长' * 60}.txt", "source.txt"),
    ):
        assert proposal(_file(tmp_path, name), Given(), {}, frozenset()).metadata.source.name == kept


def test_what_is_given_goes_before_what_the_file_says(tmp_path: Path) -> None:
    given = Given("hall", "便民发布会", "2022-08", "https://example.org/1", "大厅报")
    made = proposal(_file(tmp_path), given, {}, frozenset())
    known = (made.id, made.transcript.title, made.transcript.url, made.transcript.publisher)
    assert known == ("hall", "便民发布会", "https://example.org/1", "大厅报")
    assert made.transcript.date == BriefingDate("2022-08", Precision.MONTH, Basis.STATED)
    assert made.transcript.title_basis is Basis.STATED

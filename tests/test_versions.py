"""Versions: each whole or not at all, never changed, and one of them current."""

from __future__ import annotations

import errno
import json
import os
import shutil
import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pytest

from qa.errors import CorpusError, TranscriptError, VersionError
from qa.model import Transcript
from qa.retrieval.store import load_index
from qa.settings import Settings, seed_corpus
from qa.transcripts.metadata import ExpiredWords
from qa.versions.draft import Draft
from qa.versions.files import storing
from qa.versions.intake import Given, proposal
from qa.versions.inventory import INDEX, damage, inventory, read_manifest
from qa.versions.layout import DataDirectory, read_state, short
from qa.versions.lock import changing
from qa.versions.publishing import find_version, prepare, roll_back, roll_back_to, switch
from qa.versions.serving import in_force, open_engine, open_version
from qa.versions.storing import clear_leftovers, current_folder, ensure_seeded, store
from tests.staff import HALL, HOURS, NOON, begun, quotes, tiny_corpus

BUS = "公交集团负责人李大山介绍，新增的公交线路每天早上六点发车，晚上十点收车。\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with one version, to be copied."""
    root = tmp_path_factory.mktemp("versions")
    begun(DataDirectory(root / "data"), tiny_corpus(root / "corpus"))
    return root / "data"


@pytest.fixture
def data(made: Path, tmp_path: Path) -> DataDirectory:
    return DataDirectory(shutil.copytree(made, tmp_path / "data"))


@pytest.fixture
def settings(data: DataDirectory) -> Settings:
    return Settings(data=data.root)


def _bus(tmp_path: Path, text: str = BUS) -> Path:
    path = tmp_path / "公交发布会.txt"
    path.write_text(text, "utf-8")
    return path


def _with_bus(data: DataDirectory, settings: Settings, tmp_path: Path) -> Draft:
    draft = Draft.begun(data, settings, "王某")
    found = proposal(_bus(tmp_path), Given(id="bus-2023", date="2023"), {}, draft.ids())
    draft.add(found.id, found.metadata, found.data)
    return draft


def _published(data: DataDirectory, settings: Settings, tmp_path: Path) -> str:
    _with_bus(data, settings, tmp_path)
    name = prepare(data, settings).name
    switch(data, name, "王某", "新增公交")
    Draft.discard(data)
    return name


# --- what a version is --------------------------------------------------------------------------------


def test_a_version_is_named_by_the_digest_its_answers_carry(data: DataDirectory, settings: Settings) -> None:
    state = read_state(data)
    assert state is not None
    engine = open_engine(settings)
    assert engine.corpus == f"sha256:{state.current}"
    assert engine.ask("大厅几点开门？").corpus == engine.corpus
    assert quotes(engine) == HOURS


def test_with_no_data_directory_the_seed_is_asked_and_becomes_version_one(tmp_path: Path) -> None:
    data = DataDirectory(tmp_path / "data")
    settings = Settings(data=data.root)
    assert in_force(settings) == settings
    assert current_folder(data) == seed_corpus()
    assert not data.root.exists()
    seeded = ensure_seeded(data, settings)
    assert [done.kind for done in seeded.state.history] == ["seed"]
    assert inventory(seeded.folder) == inventory(seed_corpus())
    assert in_force(settings).corpus == seeded.folder
    assert ensure_seeded(data, settings).state == seeded.state


def test_the_same_corpus_is_one_version_and_a_change_another(
    data: DataDirectory, settings: Settings, tmp_path: Path
) -> None:
    before = data.names()
    assert store(data, current_folder(data), settings) == before[0]
    draft = _with_bus(data, settings, tmp_path)
    after = store(data, draft.folder, settings)
    assert data.names() == tuple(sorted({*before, after}))
    assert read_manifest(data.version(after)).transcripts == 2


def test_what_decides_no_answer_makes_another_version_of_the_same_digest(
    data: DataDirectory, settings: Settings
) -> None:
    draft = Draft.begun(data, settings, "王某")
    (draft.folder / "faq" / "more.yaml").write_text("- {question: 大厅周末开门吗？, refuse: true}\n", "utf-8")
    before = data.names()[0]
    assert store(data, draft.folder, settings) == f"{before}-2"
    assert open_version(data.version(f"{before}-2"), settings).corpus == f"sha256:{before}"


def test_a_version_costs_what_changed_and_nobody_writes_to_it(
    data: DataDirectory, settings: Settings, tmp_path: Path
) -> None:
    before = current_folder(data)
    after = data.version(_published(data, settings, tmp_path))
    for name in read_manifest(before).files:
        assert (before / name).samefile(after / name), name
        assert not (after / name).stat().st_mode & 0o222
    draft = Draft.begun(data, settings, "王某")
    for name in read_manifest(after).files:
        assert not (after / name).samefile(draft.folder / name), "a draft is edited by hand, too"


def test_a_corpus_without_a_lexicon_takes_the_seeds_into_its_version(tmp_path: Path) -> None:
    corpus = tiny_corpus(tmp_path / "corpus")
    shutil.rmtree(corpus / "lexicon")
    data = DataDirectory(tmp_path / "data")
    folder = data.version(begun(data, corpus))
    seed = {path.name for path in (seed_corpus() / "lexicon").iterdir()}
    assert {path.name for path in (folder / "lexicon").iterdir()} == seed


# --- damage -------------------------------------------------------------------------------------------


def test_a_damaged_source_is_refused_with_what_to_do(data: DataDirectory, settings: Settings) -> None:
    folder = current_folder(data)
    source = folder / "transcripts" / "hall-2022" / "source.txt"
    source.chmod(0o644)
    source.write_text(HALL.replace("九", "八"), "utf-8")
    with pytest.raises(VersionError, match=r"source\.txt.*备份.*rollback") as refused:
        open_engine(settings)
    assert refused.value.code == "version_damaged"
    name = folder.name
    with pytest.raises(VersionError, match="已损坏"):
        switch(data, name, "王某", "")


@pytest.mark.parametrize("part", ["transcripts/hall-2022/transcript.yaml", "lexicon/words.txt"])
def test_a_missing_file_is_refused(data: DataDirectory, settings: Settings, part: str) -> None:
    (current_folder(data) / part).unlink()
    with pytest.raises(VersionError, match=Path(part).name):
        open_engine(settings)


def test_a_file_too_many_is_refused(data: DataDirectory, settings: Settings) -> None:
    (current_folder(data) / "lexicon" / "words-more.txt").write_text("大厅\n", "utf-8")
    with pytest.raises(VersionError, match="words-more"):
        open_engine(settings)


@pytest.mark.parametrize("broken", ["gone", "cut", "older"])
def test_an_index_that_does_not_fit_is_made_again(
    data: DataDirectory, settings: Settings, broken: str
) -> None:
    index = current_folder(data) / INDEX
    manifest = index / "manifest.json"
    if broken == "gone":
        shutil.rmtree(index)
    elif broken == "cut":
        passages = next(index.glob("*/passages.jsonl"))
        passages.write_bytes(passages.read_bytes()[:-3])
    else:
        manifest.write_text(manifest.read_text("utf-8").replace("minsheng-qa ", "minsheng-qa 0.0."), "utf-8")
    assert quotes(open_engine(settings)) == HOURS
    assert json.loads(manifest.read_text("utf-8"))["corpus"] == f"sha256:{current_folder(data).name}"
    load_index(index)


def test_passages_of_another_length_than_the_index_has_are_cut_anew(data: DataDirectory) -> None:
    assert quotes(open_engine(Settings(data=data.root, passage_chars=60))) == HOURS


def test_a_record_that_cannot_be_read_is_told_and_a_named_version_mends_it(
    data: DataDirectory, settings: Settings
) -> None:
    name = current_folder(data).name
    data.current_file.write_text('{"current": "../../etc"}', "utf-8")
    with pytest.raises(VersionError, match="rollback") as refused:
        open_engine(settings)
    assert refused.value.code == "current_damaged"
    before, after = roll_back_to(data, name[:8])
    assert (before, after) == (None, name)
    roll_back(data, after, "王某", "记录坏了")
    assert quotes(open_engine(settings)) == HOURS
    assert (data.root / "current.json.damaged").exists()


# --- the draft ----------------------------------------------------------------------------------------


def test_a_draft_changes_nothing_until_it_is_published(
    data: DataDirectory, settings: Settings, tmp_path: Path
) -> None:
    before = {path: path.read_bytes() for path in data.versions.rglob("*") if path.is_file()}
    draft = _with_bus(data, settings, tmp_path)
    draft.remove("hall-2022")
    assert draft.ids() == {"bus-2023"}
    assert {path: path.read_bytes() for path in data.versions.rglob("*") if path.is_file()} == before
    assert quotes(open_engine(settings)) == HOURS
    Draft.discard(data)
    assert not Draft.exists(data)


def test_publishing_and_going_back_change_what_is_answered(
    data: DataDirectory, settings: Settings, tmp_path: Path
) -> None:
    before = current_folder(data).name
    after = _published(data, settings, tmp_path)
    assert set(open_engine(settings).transcripts) == {"hall-2022", "bus-2023"}
    assert roll_back_to(data, None) == (after, before)
    roll_back(data, before, "李某", "发现错字")
    assert set(open_engine(settings).transcripts) == {"hall-2022"}
    state = read_state(data)
    assert state is not None
    told = [(done.kind, done.who, done.before, done.after, done.why) for done in state.history[1:]]
    assert told == [
        ("publish", "王某", before, after, "新增公交"),
        ("rollback", "李某", after, before, "发现错字"),
    ]
    roll_back(data, after, "李某", "")
    assert current_folder(data).name == after


def test_a_transcript_is_replaced_whole_and_an_interrupted_replacement_is_put_back(
    data: DataDirectory, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = _with_bus(data, settings, tmp_path)
    found = proposal(_bus(tmp_path, BUS.replace("六", "五")), Given(id="bus-2023"), {}, frozenset())

    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("qa.versions.draft.place", stopped)
        with pytest.raises(KeyboardInterrupt):
            draft.add(found.id, found.metadata, found.data)
    again = Draft.begun(data, settings, "王某")
    assert "六点" in (again.transcripts / "bus-2023" / "公交发布会.txt").read_text("utf-8")
    assert again.ids() == {"hall-2022", "bus-2023"}
    again.add(found.id, found.metadata, found.data)
    assert "五点" in (again.transcripts / "bus-2023" / "公交发布会.txt").read_text("utf-8")
    assert {path.name for path in again.transcripts.iterdir()} == {"hall-2022", "bus-2023"}


def test_expired_words_are_published_and_no_longer_answered(data: DataDirectory, settings: Settings) -> None:
    draft = Draft.begun(data, settings, "王某")
    text = open_engine(settings).transcripts["hall-2022"].text
    at = text.index(HOURS)
    draft.mark("hall-2022", [ExpiredWords(start=at, end=at + len(HOURS), words=HOURS, reason="改期")])
    switch(data, prepare(data, settings).name, "王某", "改期")
    engine = open_engine(settings)
    assert HOURS not in quotes(engine)
    assert [expired.reason for expired in engine.transcripts["hall-2022"].expired] == ["改期"]
    assert HOURS in engine.transcripts["hall-2022"].text


def test_marks_that_do_not_fit_the_text_are_not_kept(data: DataDirectory, settings: Settings) -> None:
    draft = Draft.begun(data, settings, "王某")
    with pytest.raises(TranscriptError):
        draft.mark("hall-2022", [ExpiredWords(start=0, end=4, words="没有的话", reason="改期")])
    assert draft.expired("hall-2022") == ()


def test_a_draft_that_cannot_be_read_is_not_published(data: DataDirectory, settings: Settings) -> None:
    draft = Draft.begun(data, settings, "王某")
    (draft.transcripts / "hall-2022" / "source.txt").write_text(NOON, "utf-8")
    before = data.current_file.read_bytes()
    with pytest.raises(CorpusError, match="校验值"):
        prepare(data, settings)
    assert data.current_file.read_bytes() == before
    clear_leftovers(data)
    assert data.names() == (current_folder(data).name,)


def test_there_is_nothing_to_publish_without_a_draft(data: DataDirectory, settings: Settings) -> None:
    with pytest.raises(VersionError, match="corpus add") as refused:
        prepare(data, settings)
    assert refused.value.code == "draft_missing"


# --- interruptions ------------------------------------------------------------------------------------


def test_interrupted_publishing_leaves_everything_and_goes_on_where_it_was(
    data: DataDirectory, settings: Settings, tmp_path: Path
) -> None:
    _with_bus(data, settings, tmp_path)
    before = data.current_file.read_bytes()

    def interrupted(transcripts: Sequence[Transcript]) -> Iterable[Transcript]:
        yield transcripts[0]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        prepare(data, settings, interrupted)
    assert data.current_file.read_bytes() == before
    assert data.names() == (current_folder(data).name,)
    prepared = prepare(data, settings)
    assert not any(folder.name.startswith(".") for folder in data.versions.iterdir())
    asked: list[int] = []

    def counted(transcripts: Sequence[Transcript]) -> Iterable[Transcript]:
        asked.append(len(transcripts))
        return transcripts

    assert prepare(data, settings, counted) == prepared
    assert asked == [], "what is stored and indexed is not indexed again"


def test_a_full_disk_loses_nothing_and_is_told(
    data: DataDirectory, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _with_bus(data, settings, tmp_path)
    before = {path: path.read_bytes() for path in data.root.rglob("*.json")}

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def refused(change: Callable[[], object]) -> None:
        with monkeypatch.context() as patch:
            patch.setattr("qa.versions.files.os.fsync", full)
            with pytest.raises(VersionError, match=r"磁盘满了.*没有变") as told:
                change()
        assert told.value.code == "disk_full"
        assert {path: path.read_bytes() for path in before} == before

    refused(lambda: store(data, data.draft, settings))
    name = prepare(data, settings).name
    refused(lambda: switch(data, name, "王某", ""))
    switch(data, name, "王某", "")
    assert not [path for path in data.root.iterdir() if path.name.startswith(".")]


def test_what_a_killed_switch_left_is_cleared_away(
    data: DataDirectory, settings: Settings, tmp_path: Path
) -> None:
    _with_bus(data, settings, tmp_path)
    name = prepare(data, settings).name
    (data.root / ".current.json-k1lled").write_text("{", "utf-8")
    switch(data, name, "王某", "")
    assert not [path for path in data.root.iterdir() if path.name.startswith(".")]


def test_what_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file, not a folder", "utf-8")
    with (
        pytest.raises(VersionError, match="写入权限") as refused,
        changing(DataDirectory(tmp_path / "data"), "王某", "发布"),
    ):
        pass
    assert refused.value.code == "data_unwritable"


def test_errors_that_are_none_of_the_disks_pass_through(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="mine"), storing(tmp_path):
        raise ValueError("mine")


def test_prepared_versions_that_were_never_published_are_cleared_away(
    data: DataDirectory, settings: Settings, tmp_path: Path
) -> None:
    _with_bus(data, settings, tmp_path)
    first = prepare(data, settings).name
    (Draft.opened(data).folder / "lexicon" / "words.txt").write_text("公交线路\n", "utf-8")
    second = prepare(data, settings).name
    assert first not in data.names()
    assert second in data.names()


# --- who is at work, and which version is meant --------------------------------------------------------


def test_two_members_of_staff_do_not_change_it_at_once(data: DataDirectory) -> None:
    told: list[str] = []

    def second() -> None:
        try:
            with changing(data, "李某", "添加实录"):
                told.append("both")
        except VersionError as error:
            told.append(error.message)

    with changing(data, "王某", "发布"):
        other = threading.Thread(target=second)
        other.start()
        other.join()
    assert "王某" in told[0]
    assert "正在发布" in told[0]
    with changing(data, "李某", "添加实录"):
        pass
    assert not (data.root / "lock.json").exists()


def test_a_version_is_found_by_its_first_digits(
    data: DataDirectory, settings: Settings, tmp_path: Path
) -> None:
    name = _published(data, settings, tmp_path)
    for wanted in (name, short(name), name[:6], name[:6].upper(), f"sha256:{name}"):
        assert find_version(data, wanted) == name
    for wanted in ("", "zzzz", name[:2], "0" * 64):
        with pytest.raises(VersionError, match="corpus versions"):
            find_version(data, wanted)


def test_going_back_needs_somewhere_to_go(data: DataDirectory) -> None:
    with pytest.raises(VersionError, match="没有更早的版本"):
        roll_back_to(data, None)
    with pytest.raises(VersionError, match="当前已经是"):
        roll_back_to(data, current_folder(data).name)


def test_a_version_knows_its_own_files(data: DataDirectory) -> None:
    folder = current_folder(data)
    manifest = read_manifest(folder)
    assert damage(folder, manifest) == ()
    assert manifest.files == inventory(folder)
    assert set(manifest.files) == {
        "transcripts/hall-2022/source.txt",
        "transcripts/hall-2022/transcript.yaml",
        "lexicon/expectations.yaml",
        "lexicon/words.txt",
        "faq/hall.yaml",
    }

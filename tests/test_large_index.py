"""A large index: the same answers as a small one, whole or refused, added to and merged as if built anew."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from qa.answering.fitted import load_fitted
from qa.engine import Engine, build_engine, facts_digest, load_transcripts
from qa.errors import CorpusError, IndexFormatError
from qa.indexing import Size, add_to_index, index_corpus, merge_index
from qa.language.lexicon import load_lexicon
from qa.retrieval.index import Index
from qa.retrieval.large import keys, merging, postings
from qa.retrieval.large.index import LargeIndex, check_large, open_segments
from qa.retrieval.large.inverting import inverted
from qa.retrieval.large.making import Recipe, add_to_large, build_large, merge_large
from qa.retrieval.large.manifest import Manifest, check_copies, read_manifest
from qa.retrieval.large.sections import BLOCK
from qa.retrieval.opening import check_index, is_large, open_index
from qa.retrieval.protocol import Filter
from qa.retrieval.terms import terms
from qa.settings import Settings, seed_corpus
from qa.wire import answer_out
from tests.parts import index as small_index
from tests.parts import script, segmenter
from tests.staff import tiny_corpus

QUESTIONS = (
    "民政局局长是谁",
    "老舊小區加裝電梯了嗎",
    "好久打加强针嘛",
    "石朝勇是什么职务",
    "火星上有几座办事大厅",
)
PEOPLE = {
    "a-2021": "便民发布会\n王小明说便民大厅周一开门。王小明白了。\n便民服务九点开始，带身份证。\n",
    "b-2022": "医保发布会\n大足区医疗保障局局长王小明介绍：医保九点开始办理。\n",
    "c-2023": "公交发布会\n公交五点发车，老人免费。便民服务在车站。\n",
}


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The large index of the seed corpus, to read and not to change."""
    folder = tmp_path_factory.mktemp("large") / "index"
    made = index_corpus(seed_corpus(), folder, 300, folder.parent / "tokens", size=Size("large"))
    assert made.large
    return folder


@pytest.fixture
def copy(kept: Path, tmp_path: Path) -> Path:
    """A copy of that index, to damage."""
    return shutil.copytree(kept, tmp_path / "index")


def _large(folder: Path) -> LargeIndex:
    index = open_index(folder).index
    assert isinstance(index, LargeIndex)
    return index


def _recipe(corpus: Path, characters: int | None = None, processes: int = 1) -> Recipe:
    folder = corpus / "lexicon" if (corpus / "lexicon").is_dir() else seed_corpus() / "lexicon"
    lexicon = load_lexicon(folder)

    def digest(facts: Iterable[bytes]) -> str:
        return facts_digest(facts, lexicon, load_fitted())

    return Recipe(folder, corpus / "faq", 300, 512, digest, processes, characters)


def _sections(manifest: Manifest) -> list[dict[str, Any]]:
    """Everything that is kept, but what it is called."""
    return [segment.model_dump(exclude={"name"}) for segment in manifest.segments]


def _documents(path: Path, numbers: Iterable[int]) -> Path:
    lines = [
        {"id": f"d{n}", "title": f"文件{n}", "text": f"第{n}号窗口办理居住证。\n带身份证，{n % 7}天办好。"}
        for n in numbers
    ]
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), "utf-8")
    return path


# --- the same answers ----------------------------------------------------------------------------------


def test_a_large_index_answers_like_its_corpus_to_the_byte(engine: Engine, kept: Path) -> None:
    """Every answer, with its confidence and its hits, is the small engine's."""
    stored = build_engine(Settings(index=kept))
    assert stored.corpus == engine.corpus
    assert stored.suggestions == engine.suggestions
    for question in (*QUESTIONS, *engine.suggestions):
        for repair in (True, False):
            expected = answer_out(engine.ask(question, repair=repair, hits=3)).to_json()
            assert answer_out(stored.ask(question, repair=repair, hits=3)).to_json() == expected


@given(st.text("民政局养老保险大足加装电梯石朝勇2021的了", min_size=1, max_size=12), st.integers(1, 40))
@settings(deadline=None, max_examples=60)
@pytest.mark.long
def test_whatever_is_asked_both_find_the_same(kept: Path, text: str, k: int) -> None:
    """The same hits, in the same order, with the same scores to the bit, whatever the words and weights."""
    query = {term: 0.3 + 0.1 * at for at, term in enumerate(terms(script().fold(text), segmenter()))}
    assert _large(kept).top(query, k) == small_index().top(query, k)


FILTERS = st.builds(
    Filter,
    since=st.none() | st.sampled_from(["2021", "2021-08", "2022-01-01", "2024"]),
    until=st.none() | st.sampled_from(["2020", "2021", "2023-12", "2024-12-31"]),
    office=st.none() | st.sampled_from(["民政局", "局长", "火星"]),
    place=st.none() | st.sampled_from(["大足", "民生", "火星"]),
)


@given(FILTERS, st.sampled_from(QUESTIONS))
@settings(deadline=None, max_examples=60)
@pytest.mark.long
def test_filters_leave_the_same_passages(kept: Path, only: Filter, question: str) -> None:
    """By date, office and place: what is left has the scores it had, and is what the filter says."""
    query = dict.fromkeys(terms(script().fold(question), segmenter()), 1.0)
    found = _large(kept).top(query, 50, only)
    assert found == small_index().top(query, 50, only)
    assert list(found) == [hit for hit in small_index().top(query, 500) if only.takes(hit.passage)][:50]


def test_a_date_too_coarse_to_tell_is_left_out() -> None:
    """2024 may be after March 2024 or not; it is surely since 2024, and surely until 2025."""
    assert not Filter(since="2024-03").takes_date("2024")
    assert not Filter(until="2024-03").takes_date("2024")
    assert Filter(since="2024", until="2025-02").takes_date("2024")
    assert Filter(until="2024").takes_date("2024-12-31")
    assert not Filter(until="2024").takes_date(None)
    assert Filter().takes_date(None)


def test_everything_known_of_the_corpus_is_the_same(kept: Path) -> None:
    """Transcripts, passages, ids, statements of office, names, words and the newest year."""
    large, small = _large(kept), small_index()
    assert tuple(large.transcripts) == small.transcripts
    assert tuple(large.passages) == small.passages
    assert dict(large.by_id) == dict(small.by_id)
    assert large.newest_year == small.newest_year
    assert set(large.names()) == set(small.names())
    assert b"".join(large.facts()) == b"".join(small.facts())
    assert set(large.words()) <= set(small.words())
    assert {word for word in small.words() if len(word) > 1 and all("一" <= c <= "龥" for c in word)} <= set(
        large.words()
    )
    for id in small.by_id:
        assert tuple(large.passages_of(id)) == tuple(small.passages_of(id))
    for ours, theirs in ((large.statements, small.statements),):
        assert set(ours.names()) == set(theirs.names())
        assert set(ours.offices()) == set(theirs.offices())
        for name in theirs.names():
            assert [ours.parts(s) for s in ours.of_names([name])] == [
                theirs.parts(s) for s in theirs.of_names([name])
            ]
        some = sorted(theirs.offices())[:5]
        assert [ours.parts(s) for s in ours.of_offices(some)] == [
            theirs.parts(s) for s in theirs.of_offices(some)
        ]
    with pytest.raises(KeyError):
        large.by_id["nowhere"]


def test_the_engine_is_chosen_by_size_or_by_setting(tmp_path: Path) -> None:
    """From the threshold on, or where it is set, an index is made for the large engine."""
    corpus = _documents(tmp_path / "d.jsonl", range(6))
    for size, large in (
        (Size(large_from=7), False),
        (Size(large_from=6), True),
        (Size("small", large_from=1), False),
        (Size("large", large_from=100), True),
    ):
        made = index_corpus(corpus, tmp_path / "index", 300, tmp_path / "tokens", size=size)
        assert (made.large, is_large(tmp_path / "index")) == (large, large)
        assert made.passages == 6
        assert isinstance(open_index(tmp_path / "index").index, LargeIndex if large else Index)
    assert {path.name for path in (tmp_path / "index").iterdir() if path.is_dir()} == {"2"}


def test_an_empty_corpus_gives_an_empty_index(tmp_path: Path) -> None:
    """Nothing to find is no error."""
    corpus = _documents(tmp_path / "d.jsonl", ())
    build_large(corpus, tmp_path / "index", _recipe(tmp_path))
    large = _large(tmp_path / "index")
    assert (len(large.transcripts), large.top({"居民": 1.0}, 5), list(large.words())) == (0, (), [])
    check_index(tmp_path / "index")


# --- whole or refused ----------------------------------------------------------------------------------


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _opened(folder: Path) -> None:
    """All that opening does, but for reading the lexicon, which takes longest."""
    manifest = read_manifest(folder)
    check_copies(folder, manifest)
    open_segments(folder, manifest)


def _refusal(work: Callable[[], object]) -> IndexFormatError:
    with pytest.raises(IndexFormatError) as refused:
        work()
    assert "minsheng index " in refused.value.message
    assert "\n" not in refused.value.message
    return refused.value


def test_a_byte_flipped_in_any_section_is_refused(kept: Path, copy: Path) -> None:
    """Whichever file it is in: when it is opened, or when what it is in is read; always when checked."""
    for path in _files(copy):
        whole = path.read_bytes()
        if not whole:
            continue
        at = len(whole) // 2
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        assert _refusal(lambda: check_large(copy)).code == "index_damaged", path.name
        path.write_bytes(whole)
    check_index(copy)


def test_a_flipped_posting_is_refused_when_it_is_asked_for(copy: Path) -> None:
    """Opening does not read what it does not need; no changed posting is ever scored."""
    part = copy / read_manifest(copy).part / "segment-1"
    postings = part / "passage_postings"
    whole = bytearray(postings.read_bytes())
    for at in range(0, len(whole), BLOCK):
        whole[at] ^= 4
    postings.write_bytes(bytes(whole))
    large = _large(copy)
    query = dict.fromkeys(terms(script().fold("民政局局长"), segmenter()), 1.0)
    assert _refusal(lambda: large.top(query, 5)).code == "index_damaged"


def test_a_file_cut_short_or_gone_is_refused(copy: Path) -> None:
    """Opening sees it, before anything is answered."""
    for path in _files(copy):
        whole = path.read_bytes()
        if whole:
            path.write_bytes(whole[:-1])
            _refusal(lambda: _opened(copy))
        path.unlink()
        _refusal(lambda: _opened(copy))
        path.write_bytes(whole)
    _opened(copy)


def test_another_format_is_refused_as_older_or_newer(copy: Path) -> None:
    """The message says which program made it, and how to go on."""
    path = copy / "manifest.json"
    body = json.loads(path.read_text("utf-8"))
    for found, age in ((0, "旧"), (99, "新")):
        path.write_text(json.dumps({**body, "format": found}, ensure_ascii=False, indent=1), "utf-8")
        refused = _refusal(lambda: open_index(copy))
        assert (refused.code, age in refused.message) == ("index_format", True)
    path.write_text(json.dumps({**body, "segmented_with": {"jieba": "0"}}, indent=1), "utf-8")
    assert _refusal(lambda: open_index(copy)).code == "index_damaged"


def test_nothing_is_added_to_its_lexicon(copy: Path) -> None:
    """A file more beside the copies is as bad as one changed."""
    (copy / read_manifest(copy).part / "lexicon" / "more.txt").write_text("词\n", "utf-8")
    assert _refusal(lambda: open_index(copy)).code == "index_damaged"


def test_workers_share_an_index_and_cannot_change_it(kept: Path) -> None:
    """It is opened read-only, by as many as like, and what they read is mapped, not copied."""
    first, second = _large(kept), _large(kept)
    query = {"民政局": 1.0}
    assert first.top(query, 3) == second.top(query, 3)
    array = first.segments.segments[0].passages.postings.array
    assert not array.flags.writeable
    assert not array.flags.owndata


# --- built in parts, added to, merged ------------------------------------------------------------------


def test_how_many_parts_it_was_built_in_does_not_show(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In one part or in many, with ranges of any size while merging: every section is the same."""
    corpus = _documents(tmp_path / "d.jsonl", range(300))
    one = build_large(corpus, tmp_path / "one", _recipe(tmp_path))
    monkeypatch.setattr(merging, "_AT_ONCE", 500)
    many = build_large(corpus, tmp_path / "many", _recipe(tmp_path, characters=800))
    assert _sections(one) == _sections(many)
    assert not list(tmp_path.glob(".*.building"))


@pytest.mark.long
def test_two_processes_build_what_one_builds(tmp_path: Path) -> None:
    """Work shared out gives the same index."""
    corpus = _documents(tmp_path / "d.jsonl", range(90))
    one = build_large(corpus, tmp_path / "one", _recipe(tmp_path))
    two = build_large(corpus, tmp_path / "two", _recipe(tmp_path, characters=1000, processes=2))
    assert _sections(one) == _sections(two)


def test_what_was_added_ranks_as_built_anew_and_is_so_when_merged(tmp_path: Path) -> None:
    """Before merging: the same scores. After: the same bytes. What is there already is passed over."""
    recipe = _recipe(tmp_path)
    build_large(_documents(tmp_path / "d.jsonl", range(60)), tmp_path / "anew", recipe)
    corpus = _documents(tmp_path / "d.jsonl", range(25))
    build_large(corpus, tmp_path / "index", recipe)
    for numbers, new in ((range(20, 40), 15), (range(60), 20), (range(60), 0)):
        _documents(corpus, numbers)
        assert add_to_large(corpus, tmp_path / "index", recipe)[1] == new
    added_to, built = _large(tmp_path / "index"), _large(tmp_path / "anew")
    assert len(read_manifest(tmp_path / "index").segments) == 3
    for text in ("第7号窗口", "居住证几天办好", "文件33"):
        query = dict.fromkeys(terms(text, segmenter()), 1.0)
        assert added_to.top(query, 30) == built.top(query, 30)
    assert merge_large(tmp_path / "index", recipe)[1] == 0
    assert _sections(read_manifest(tmp_path / "index")) == _sections(read_manifest(tmp_path / "anew"))
    assert read_manifest(tmp_path / "index").corpus == read_manifest(tmp_path / "anew").corpus


def test_people_who_become_known_are_known_everywhere_after_merging(tmp_path: Path) -> None:
    """A name a later briefing states is cut as a name in the earlier ones too, once they are merged."""
    whole = tiny_corpus(tmp_path / "whole", PEOPLE)
    first = tiny_corpus(tmp_path / "first", {"a-2021": PEOPLE["a-2021"]})
    assert any(t.attributions for t in load_transcripts(whole))
    recipe = _recipe(whole)
    anew = build_large(whole / "transcripts", tmp_path / "anew", recipe)
    build_large(first / "transcripts", tmp_path / "index", replace(recipe, faq=whole / "faq"))
    changed, added = add_to_large(whole / "transcripts", tmp_path / "index", recipe)
    assert (added, len(changed.segments)) == (2, 2)
    merged, again = merge_large(tmp_path / "index", recipe)
    assert again == 1
    assert _sections(merged) == _sections(anew)
    assert merged.corpus == anew.corpus


def test_a_transcript_that_changed_is_not_added(tmp_path: Path) -> None:
    """An index holds one state of a transcript: another is for building anew, and nothing is changed."""
    corpus, recipe = _documents(tmp_path / "d.jsonl", range(3)), _recipe(tmp_path)
    before = build_large(corpus, tmp_path / "index", recipe)
    corpus.write_text(corpus.read_text("utf-8").replace("第2号", "第9号"), "utf-8")
    with pytest.raises(CorpusError) as refused:
        add_to_large(corpus, tmp_path / "index", recipe)
    assert refused.value.code == "index_transcript_changed"
    assert read_manifest(tmp_path / "index") == before


def test_only_a_large_index_is_added_to(tmp_path: Path) -> None:
    """A small one is soon built anew."""
    corpus = _documents(tmp_path / "d.jsonl", range(3))
    index_corpus(corpus, tmp_path / "index", 300, tmp_path / "tokens", size=Size("small"))
    with pytest.raises(IndexFormatError) as refused:
        add_to_index(corpus, tmp_path / "index", Size())
    assert refused.value.code == "index_not_large"
    with pytest.raises(IndexFormatError) as refused:
        merge_index(tmp_path / "index", Size())
    assert refused.value.code == "index_not_large"


def test_an_id_that_comes_twice_is_refused(tmp_path: Path) -> None:
    """Also in different parts."""
    corpus = _documents(tmp_path / "d.jsonl", [*range(40), 3])
    with pytest.raises(CorpusError) as refused:
        build_large(corpus, tmp_path / "index", _recipe(tmp_path, characters=400))
    assert "d3" in refused.value.message


def test_two_words_of_one_key_stay_two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Should two long words ever be hashed to one number, they are told apart by their characters."""
    made = inverted([["居民医疗保险", "甲"], ["城镇职工养老"], ["居民医疗保险"]], [["甲"]])
    assert len(made.keys) == 3
    one = int(keys.keys_of(["居民医疗保险"])[0])

    def hashed_alike(terms: Sequence[str]) -> NDArray[Any]:
        long = np.asarray([len(term) > 2 for term in terms])
        return np.where(long, one, keys.keys_of(terms))

    monkeypatch.setattr(postings, "keys_of", hashed_alike)
    told = sorted([("居民医疗保险", 0), ("城镇职工养老", 1)])
    tails = [word.encode() for word, _ in told]
    held = postings.Terms.held(
        replace(
            made,
            keys=np.asarray([made.keys[0], one, one]),
            tail_ends=np.cumsum([len(tail) for tail in tails]),
            tails=np.frombuffer(b"".join(tails), np.uint8),
        )
    )
    found = held.find(["城镇职工养老", "居民医疗保险", "第三个长词语", "甲"]).tolist()
    assert found == [1, 2, -1, 0]


# --- interrupted ---------------------------------------------------------------------------------------


@pytest.mark.long
def test_a_killed_build_goes_on_where_it_was(tmp_path: Path) -> None:
    """Killed with all its processes, it leaves no index; run again it does the rest, to the same bytes."""
    corpus = _documents(tmp_path / "d.jsonl", range(20_000))
    settings = {"MINSHENG_DATA": str(tmp_path), "MINSHENG_INDEX_MEMORY": "256"}
    command = [sys.executable, "-m", "qa", "index", str(corpus), "--engine", "large", "--out"]
    environment = {**os.environ, **settings}
    stage = tmp_path / ".index.building"
    run = [*command, str(tmp_path / "index")]
    with subprocess.Popen(run, env=environment, start_new_session=True) as process:
        limit = time.monotonic() + 90
        while not list(stage.glob("part-*/done.json")) and time.monotonic() < limit:
            time.sleep(0.01)
        os.killpg(process.pid, signal.SIGKILL)
    done = {path: path.stat().st_mtime_ns for path in stage.glob("part-*/done.json")}
    assert done
    assert not (tmp_path / "index" / "manifest.json").exists()
    subprocess.run(run, env=environment, check=True, capture_output=True)
    expected = build_large(corpus, tmp_path / "expected", _recipe(tmp_path))
    assert _sections(read_manifest(tmp_path / "index")) == _sections(expected)
    assert not stage.exists()

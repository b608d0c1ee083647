"""Segmented text kept by content: the same index, and only what changed is segmented again."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from qa.language.segment import Segmenter
from qa.model import Source, SourceUnit, Span, Speech, Transcript, Turn, TurnKind
from qa.retrieval.index import Index, build_index
from qa.retrieval.terms import terms
from qa.retrieval.tokens import Segmented, TokenCache
from tests.parts import index, script, segmenter, transcripts

TEXTS = ["大厅周一到周五上午九点开门。", "便民大厅", "便民大厅", "王小明说，排队的人不多。"]


def _document(id: str, text: str) -> Transcript:
    turn = Turn(Span(0, len(text)), TurnKind.STATEMENT, Speech.DIRECT)
    return Transcript(id, f"文件{id}", text, (turn,), Source("a.jsonl", "0" * 64, SourceUnit.CODEPOINT, ()))


DOCUMENTS = tuple(_document(str(at), f"第{at}号窗口办理居住证，带身份证。" * 3) for at in range(20))


def _built(documents: Sequence[Transcript], path: Path) -> tuple[Index, TokenCache]:
    with TokenCache(segmenter(), path).opened() as source:
        return build_index(documents, script(), segmenter(), source=source), source


def _same(one: Index, other: Index) -> bool:
    pairs = ((one.passage_ranker, other.passage_ranker), (one.document_ranker, other.document_ranker))
    return all(
        a.postings().terms == b.postings().terms
        and all(
            np.array_equal(getattr(a.postings(), n), getattr(b.postings(), n)) for n in ("units", "weights")
        )
        for a, b in pairs
    )


def test_terms_are_those_of_segmenting_each_text(tmp_path: Path) -> None:
    expected = [list(terms(text, segmenter())) for text in TEXTS]
    assert Segmented(segmenter()).of(TEXTS) == expected
    with TokenCache(segmenter(), tmp_path / "tokens").opened() as source:
        assert [source.of(TEXTS), source.of(TEXTS)] == [expected, expected]


def test_an_index_from_kept_words_is_the_same_and_segments_nothing(tmp_path: Path) -> None:
    first, source = _built(transcripts(), tmp_path / "tokens")
    again, kept = _built(transcripts(), tmp_path / "tokens")
    assert source.characters > 0
    assert kept.characters == 0
    assert _same(first, index())
    assert _same(again, index())


def test_after_one_change_only_what_changed_is_segmented(tmp_path: Path) -> None:
    _built(DOCUMENTS, tmp_path / "tokens")
    changed = (*DOCUMENTS[:7], _document("7", "这里改了一句话。"), *DOCUMENTS[8:])
    made, source = _built(changed, tmp_path / "tokens")
    alone = Segmented(segmenter())
    build_index(changed[7:8], script(), segmenter(), source=alone)
    assert source.characters == alone.characters
    assert _same(made, build_index(changed, script(), segmenter()))


def test_interrupted_work_goes_on_where_it_stopped(tmp_path: Path) -> None:
    def until(most: int) -> Iterable[Transcript]:
        yield from DOCUMENTS[:most]
        raise KeyboardInterrupt

    path = tmp_path / "tokens"
    with pytest.raises(KeyboardInterrupt), TokenCache(segmenter(), path).opened() as source:
        build_index(until(15), script(), segmenter(), source=source)
    _, source = _built(DOCUMENTS, path)
    alone = Segmented(segmenter())
    build_index(DOCUMENTS[15:], script(), segmenter(), source=alone)
    assert source.characters == alone.characters


def test_a_new_name_segments_only_the_texts_it_occurs_in(tmp_path: Path) -> None:
    texts = ["王晓明窗口办事", "张大山今天值班", "今天值班的人多"]
    words = ["窗口", "办事"]
    before, after = Segmenter(words, names=["王晓明"]), Segmenter(words, names=["王晓明", "张大山", "大山今"])
    assert before.digest == after.digest
    for text in texts:
        with TokenCache(before, tmp_path / "tokens").opened() as source:
            source.of([text])
    again = []
    for text in texts:
        with TokenCache(after, tmp_path / "tokens").opened() as source:
            assert source.of([text]) == [list(terms(text, after))]
            again.append(bool(source.characters))
    assert again == [False, True, False]
    assert "张大山" in after.search_words(texts[1])


def test_names_elsewhere_leave_the_words_of_every_text_as_they_are() -> None:
    text = script().fold(transcripts()[0].text)
    words = [word for word in ("加强免疫", "灵活就业人员") if word in text]
    plain = Segmenter(words)
    named = Segmenter(words, names=[f"欧阳{a}{b}" for a in "甲乙丙丁戊己庚辛" for b in "子丑寅卯辰巳"])
    assert list(named.search_words(text)) == list(plain.search_words(text))


def test_another_vocabulary_takes_nothing_from_the_cache(tmp_path: Path) -> None:
    path = tmp_path / "tokens"
    for words in ([], ["周五上午"]):
        known = Segmenter(words)
        with TokenCache(known, path).opened() as source:
            assert source.of(TEXTS) == [list(terms(text, known)) for text in TEXTS]
            assert source.characters > 0


def test_a_damaged_cache_is_begun_afresh(tmp_path: Path) -> None:
    path = tmp_path / "tokens"
    path.write_bytes(b"not a database" * 100)
    made, _ = _built(DOCUMENTS, path)
    _, kept = _built(DOCUMENTS, path)
    assert kept.characters == 0
    with sqlite3.connect(path) as database:
        database.execute("UPDATE tokens SET words = X'00'")
    database.close()
    again, mended = _built(DOCUMENTS, path)
    assert mended.characters > 0
    assert _same(made, again)


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    made, source = _built(DOCUMENTS, tmp_path / "file" / "tokens")
    assert source.characters > 0
    assert _same(made, build_index(DOCUMENTS, script(), segmenter()))


def test_a_changed_title_counts_as_a_change(tmp_path: Path) -> None:
    _built(DOCUMENTS, tmp_path / "tokens")
    _, source = _built((replace(DOCUMENTS[0], title="另一个"), *DOCUMENTS[1:]), tmp_path / "tokens")
    assert source.characters > 0

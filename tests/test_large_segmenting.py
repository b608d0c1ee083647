"""The compiled segmenter gives jieba's terms, whatever the text."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.language.segment import Segmenter
from qa.retrieval.large.inverting import Tokens
from qa.retrieval.large.segmenting import CompiledSegmenter
from qa.retrieval.terms import BIGRAM, terms
from qa.transcripts.jsonl import read_jsonl
from tests.parts import script, segmenter, transcripts

KNOWN = st.sampled_from(sorted(word for word, count in segmenter().known_words() if count > 900))
MIXED = st.lists(
    KNOWN | st.text(max_size=6) | st.text("的了在2a.%-+_&# 　，。\r\nÉ①々㐀豈", max_size=6), max_size=12
)


@cache
def _compiled() -> CompiledSegmenter:
    return CompiledSegmenter(segmenter())


def _given(tokens: Tokens, start: int, end: int) -> list[str]:
    found = []
    for at in range(start, end):
        first, size = int(tokens.starts[at]), int(tokens.lengths[at])
        text = tokens.codes[first : first + size].tobytes().decode("utf-32-le", "surrogatepass")
        found.append((BIGRAM if tokens.pairs[at] else "") + text)
    return found


def _same(compiled: CompiledSegmenter, plain: Segmenter, texts: Sequence[str]) -> None:
    tokens, ends = compiled.tokens(texts)
    start = 0
    for text, end in zip(texts, ends.tolist(), strict=True):
        assert _given(tokens, start, end) == list(terms(text, plain))
        start = end


@given(st.lists(st.text(max_size=40) | MIXED.map("".join), max_size=4))
@settings(max_examples=300, deadline=None)
def test_the_terms_of_any_text_are_jiebas(texts: list[str]) -> None:
    """The same terms in the same order, as they are typed and as they are indexed."""
    _same(_compiled(), segmenter(), texts)
    _same(_compiled(), segmenter(), [script().fold(text) for text in texts])


def test_the_terms_of_the_briefings_are_jiebas() -> None:
    """Both founding briefings, whole."""
    _same(_compiled(), segmenter(), [script().fold(transcript.text) for transcript in transcripts()])


def test_a_segmenters_own_words_and_names_are_known() -> None:
    """Words and names that were added cut as they do with jieba."""
    plain = Segmenter(["便民大厅"], names=["王小明", "欧阳明亮"])
    _same(CompiledSegmenter(plain), plain, ["王小明说便民大厅不排队", "欧阳明亮在大厅", "王小明白了"])


@pytest.mark.data
def test_the_terms_of_every_document_of_the_sets_are_jiebas(data: Path) -> None:
    """On the text that size is measured with."""
    for name in ("policy", "cmrc", "drcd"):
        for document in read_jsonl(data / "sets" / name / "corpus.jsonl"):
            _same(_compiled(), segmenter(), [script().fold(f"{document.title} {document.text}")])

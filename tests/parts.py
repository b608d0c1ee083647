"""The engine's parts as they are served, each built once, for tests of one part."""

from __future__ import annotations

from functools import cache

from qa.engine import load_transcripts, segmenter_of
from qa.language.lexicon import Lexicon, load_lexicon
from qa.language.query import Understander
from qa.language.repair import Repairer
from qa.language.script import ScriptConverter
from qa.language.segment import Segmenter
from qa.model import Transcript
from qa.retrieval.index import Index, build_index
from qa.retrieval.terms import terms
from qa.settings import seed_corpus

__all__ = ["index", "lexicon", "repairer", "script", "segmenter", "transcripts", "understander"]


@cache
def lexicon() -> Lexicon:
    """The lexicon that ships."""
    return load_lexicon(seed_corpus() / "lexicon")


@cache
def segmenter() -> Segmenter:
    """The segmenter that the engine of the founding briefings has."""
    return segmenter_of(lexicon(), transcripts())


@cache
def script() -> ScriptConverter:
    """The converter between scripts."""
    return ScriptConverter()


@cache
def transcripts() -> tuple[Transcript, ...]:
    """The two founding briefings."""
    return tuple(load_transcripts(seed_corpus()))


@cache
def index() -> Index:
    """The index of the founding briefings."""
    return build_index(transcripts(), script(), segmenter())


@cache
def repairer() -> Repairer:
    """The repairer over the founding briefings."""
    return Repairer(lexicon(), segmenter(), script(), index().words(), index().has_pair)


@cache
def understander() -> Understander:
    """What turns questions into queries over the founding briefings."""
    known = segmenter()
    return Understander(lexicon(), known, repairer(), index().ranker.idf, lambda text: terms(text, known))

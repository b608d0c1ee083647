"""One part of a corpus becomes a segment: first read, then, once every name is known, indexed.

Both steps leave their result in the part's folder and say there that they are done, so that work that was
interrupted goes on with the parts that are missing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from qa.language.knowing import segmenter_knowing
from qa.language.lexicon import load_lexicon
from qa.language.script import ScriptConverter
from qa.language.segment import Segmenter
from qa.model import Passage, Transcript
from qa.retrieval.index import document_text, passage_texts
from qa.retrieval.large.documents import (
    DATE,
    NO_OFFICE,
    decoded,
    encoded,
    headed,
    id_key,
)
from qa.retrieval.large.inverting import Collector, Inverted, Tokens, tokens_of
from qa.retrieval.large.manifest import SegmentFiles
from qa.retrieval.large.sections import SectionFile
from qa.retrieval.large.segmenting import CompiledSegmenter
from qa.retrieval.large.segments import write_inverted, write_section
from qa.retrieval.large.words import words_of
from qa.retrieval.passages import passages
from qa.retrieval.protocol import transcript_facts
from qa.retrieval.statements import statements_of
from qa.retrieval.terms import terms
from qa.transcripts.catalogue import read_transcript
from qa.transcripts.jsonl import read_part

__all__ = ["Indexer", "Piece", "ReadPart", "index_part", "read_part_of", "terms_proved", "vocabulary_of"]

Array = NDArray[Any]
_READ: Final = "read.json"
_DONE: Final = "done.json"


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a corpus: folders of transcripts, or the bytes ``[start, end)`` of a ``.jsonl``."""

    path: Path
    names: tuple[str, ...] = ()
    start: int = 0
    end: int = 0
    line: int = 1

    def transcripts(self) -> Iterator[Transcript]:
        """What it holds, in order.

        Raises:
            CorpusError: if it cannot be read.
        """
        if self.end:
            yield from read_part(self.path, self.start, self.end, self.line)
        for name in self.names:
            yield read_transcript(self.path / name)


class ReadPart(BaseModel):
    """What reading a part has found."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    transcripts: int
    characters: int
    newest_year: int | None
    names: tuple[str, ...]
    sections: dict[str, SectionFile]


def read_part_of(piece: Iterable[Transcript], folder: Path) -> ReadPart:
    """Reads transcripts into ``folder``, or says what was read before."""
    done = folder / _READ
    if done.is_file():
        return ReadPart.model_validate_json(done.read_bytes())
    held: list[bytes] = []
    facts: list[bytes] = []
    heads: list[bytes] = []
    dates: list[str] = []
    keys: list[int] = []
    names: set[str] = set()
    characters = 0
    for transcript in piece:
        held.append(encoded(transcript))
        facts.append(transcript_facts(transcript))
        heads.append(headed(transcript).encode("utf-8", "surrogatepass"))
        dates.append(transcript.date.value or "")
        keys.append(id_key(transcript.id))
        names.update(stated.speaker.name for stated in transcript.attributions)
        characters += len(transcript.text)
    order = np.argsort(np.asarray(keys, np.int64), kind="stable")
    sections: dict[str, Array | bytes] = {
        "transcripts": b"".join(held),
        "transcript_ends": np.cumsum(list(map(len, held)), dtype=np.int64),
        "facts": b"".join(facts),
        "heads": b"".join(heads),
        "head_ends": np.cumsum(list(map(len, heads)), dtype=np.int64),
        "dates": np.asarray(dates, DATE),
        "id_keys": np.asarray(keys, np.int64)[order],
        "id_documents": order.astype(np.uint32),
        "names": json.dumps(sorted(names), ensure_ascii=False).encode("utf-8", "surrogatepass"),
    }
    made = ReadPart(
        transcripts=len(held),
        characters=characters,
        newest_year=max((int(date[:4]) for date in dates if date), default=None),
        names=tuple(sorted(names)),
        sections={name: write_section(folder / name, data) for name, data in sections.items()},
    )
    _say(done, made)
    return made


def vocabulary_of(lexicon: Path, names: Iterable[str]) -> Segmenter:
    """The segmenter that a corpus with this lexicon and these people is indexed with."""
    return segmenter_knowing(load_lexicon(lexicon), names)


class Indexer:
    """Segments transcripts and collects their terms."""

    def __init__(self, segmenter: Segmenter, passage_chars: int) -> None:
        self._plain = segmenter
        self._compiled = CompiledSegmenter(segmenter)
        self._script = ScriptConverter()
        self.passage_chars = passage_chars
        self.trusted = True

    def prove(self, transcript: Transcript) -> None:
        """Segments a transcript both ways; where the terms differ, jieba alone is used from here on."""
        text = self._script.fold(document_text(transcript))
        self.trusted = self.trusted and terms_proved(self._compiled, self._plain, text)

    def cut(self, transcript: Transcript) -> tuple[Passage, ...]:
        """The passages of a transcript."""
        return tuple(passages(transcript, self.passage_chars))

    def collect(self, collector: Collector, transcript: Transcript, cut: Sequence[Passage]) -> None:
        """Adds the terms of a transcript's passages, and of the whole."""
        fold = cache(self._script.fold)  # a title stands in the context of every passage
        texts = [passage_texts(passage, fold) for passage in cut]
        whole = fold(document_text(transcript))
        tokens, ends = self._tokens([text for unit in texts for text in unit] + [whole])
        first, at = 0, 0
        for unit in texts:
            at += len(unit)
            last = int(ends[at - 1])
            collector.add_passage(tokens, first, last)
            first = last
        collector.add_document(tokens, first, int(ends[-1]))

    def _tokens(self, texts: Sequence[str]) -> tuple[Tokens, Array]:
        if self.trusted:
            return self._compiled.tokens(texts)
        found = [list(terms(text, self._plain)) for text in texts]
        ends = np.cumsum(list(map(len, found)), dtype=np.int64)
        return tokens_of([term for unit in found for term in unit]), ends


def terms_proved(compiled: CompiledSegmenter, plain: Segmenter, text: str) -> bool:
    """Whether both ways of segmenting give the same terms of a text, in the same order."""
    tokens, _ = compiled.tokens([text])
    expected = tokens_of(list(terms(text, plain)))
    if not np.array_equal(tokens.lengths, expected.lengths):
        return False
    if not np.array_equal(tokens.pairs, expected.pairs):
        return False
    where = np.repeat(tokens.starts - expected.starts, tokens.lengths) + np.arange(len(expected.codes))
    return np.array_equal(tokens.codes[where], expected.codes)


def index_part(folder: Path, name: str, indexer: Indexer, names: str) -> SegmentFiles:
    """Indexes what was read into ``folder``, or says what was indexed before.

    Args:
        name: the segment's name.
        names: the digest of the people's names that the indexer knows.
    """
    done = folder / _DONE
    if done.is_file():
        return SegmentFiles.model_validate_json(done.read_bytes())
    read = ReadPart.model_validate_json((folder / _READ).read_bytes())
    collector, columns = Collector(), Columns()
    for number, transcript in enumerate(_kept(folder, read)):
        if not number:
            indexer.prove(transcript)
        cut = indexer.cut(transcript)
        indexer.collect(collector, transcript, cut)
        columns.add(transcript, cut)
    made = collector.inverted()
    sections = {key: write_section(folder / key, data) for key, data in columns.sections().items()}
    sections |= write_inverted(folder, made, words_of(made))
    files = SegmentFiles(
        name=name,
        transcripts=read.transcripts,
        passages=len(made.passages.lengths),
        newest_year=read.newest_year,
        names=names,
        sections={**read.sections, **sections},
    )
    _say(done, files)
    return files


def _kept(folder: Path, read: ReadPart) -> Iterator[Transcript]:
    """What was read, from where it was put."""
    ends = np.fromfile(folder / "transcript_ends", np.int64)
    start = 0
    with (folder / "transcripts").open("rb") as file:
        for end in ends.tolist():
            yield decoded(file.read(end - start))
            start = end


class Columns:
    """What is known of each passage, and of who holds which office."""

    def __init__(self) -> None:
        self._passages: list[tuple[int, int, int, int, int]] = []
        self._statements: list[tuple[int, ...]] = []
        self._strings: dict[str, int] = {}
        self._documents = 0

    def add(self, transcript: Transcript, cut: Sequence[Passage]) -> None:
        """One more transcript, with its passages."""
        turns = {turn: at for at, turn in enumerate(transcript.turns)}
        for passage in cut:
            speaker = passage.turn.speaker
            office = NO_OFFICE if speaker is None or speaker.office is None else self._string(speaker.office)
            span = passage.span
            self._passages.append((self._documents, turns[passage.turn], span.start, span.end, office))
        for statement, attribution in statements_of(self._documents, transcript):
            self._statements.append(
                (
                    self._documents,
                    statement.turn,
                    statement.turn_length,
                    statement.span.start,
                    statement.span.end,
                    statement.attribution,
                    self._string(attribution.speaker.name),
                    self._string(attribution.speaker.office or ""),
                )
            )
        self._documents += 1

    def _string(self, text: str) -> int:
        return self._strings.setdefault(text, len(self._strings))

    def sections(self) -> dict[str, Array | bytes]:
        """The sections they are kept in."""
        columns = np.asarray(self._passages, np.uint32).reshape(-1, 5)
        named = ("document_of", "turn_of", "span_starts", "span_ends", "office_of")
        return {
            **{name: columns[:, at] for at, name in enumerate(named)},
            "statements": np.asarray(self._statements, np.uint32).reshape(-1, 8),
            "strings": json.dumps(list(self._strings), ensure_ascii=False).encode("utf-8", "surrogatepass"),
        }


def _say(path: Path, told: BaseModel) -> None:
    """Written under another name first: what is there is whole."""
    beside = path.with_suffix(".new")
    beside.write_text(told.model_dump_json(), "utf-8")
    beside.replace(path)


def inverted_again(indexer: Indexer, transcripts: Iterable[Transcript]) -> Inverted:
    """The terms of transcripts as they are segmented now."""
    collector = Collector()
    for transcript in transcripts:
        indexer.collect(collector, transcript, indexer.cut(transcript))
    return collector.inverted()

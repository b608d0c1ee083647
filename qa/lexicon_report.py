"""What ``minsheng lexicon`` reports: the contradictions of a lexicon, and what of it is used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pydantic_core import from_json

from qa import cli_wording as wording
from qa.engine import Engine, lexicon_folder, load_transcripts, segmenter_of
from qa.errors import CorpusError
from qa.language.lexicon import load_lexicon
from qa.language.lexicon_check import Contradiction, contradictions
from qa.language.lexicon_use import KINDS, Entry, LexiconUse, entries
from qa.settings import Settings, seed_corpus

__all__ = ["Checked", "FiredCount", "check_lexicon", "checked_lines", "fired_lines"]

_MOST_FIRED = 20
_UNTELLING = "stopwords"
"""The kind that fires on every question, and would fill the list of those that fire most."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A lexicon's contradictions, errors first, and how many entries it has of each kind."""

    found: Sequence[Contradiction]
    entries: Mapping[str, int]

    @property
    def failed(self) -> bool:
        """Whether anything should be mended."""
        return any(not contradiction.note for contradiction in self.found)


def check_lexicon(settings: Settings) -> Checked:
    """Checks the lexicon that the settings' corpus is read with.

    Raises:
        CorpusError: if the corpus or a file of its lexicon cannot be read.
    """
    corpus = settings.corpus or seed_corpus()
    lexicon = load_lexicon(lexicon_folder(corpus))
    # People's names are words, too: the segmenter is the one that questions are read with.
    segmenter = segmenter_of(lexicon, load_transcripts(corpus))
    return Checked(contradictions(lexicon, segmenter), entries(lexicon))


class FiredCount:
    """Counts on how many questions each entry of an engine's lexicon fires."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._use = LexiconUse(engine.lexicon, engine.segmenter)
        self.questions = 0
        self.counts: Counter[Entry] = Counter()
        self.entries = entries(engine.lexicon)

    def add(self, line: bytes, number: int) -> None:
        """Counts the question of a line, the ``number``-th of its file.

        Raises:
            CorpusError: if the line is no object with a ``question`` or ``text``.
        """
        self.counts.update(self._use.fired(self._engine.understand(_question(line, number))))
        self.questions += 1


def _question(line: bytes, number: int) -> str:
    try:
        loaded = from_json(line)
    except ValueError:
        loaded = None
    fields = loaded if isinstance(loaded, dict) else {}
    found = fields.get("question", fields.get("text"))
    if not isinstance(found, str):
        raise CorpusError(wording.LINE_WITHOUT_QUESTION.format(number=number), code="line_invalid")
    return found


def checked_lines(checked: Checked, notes: bool) -> Iterator[str]:
    """A check, a line each: the contradictions, then how many entries there are."""
    for contradiction in checked.found:
        if notes or not contradiction.note:
            told = wording.LEXICON_NOTE if contradiction.note else wording.LEXICON_ERROR
            yield told.format(text=contradiction.text)
    for kind in KINDS:
        yield wording.LEXICON_ENTRIES.format(kind=wording.LEXICON_KINDS[kind], count=checked.entries[kind])
    yield wording.LEXICON_ENTRIES.format(kind=wording.LEXICON_TOTAL, count=sum(checked.entries.values()))
    errors = sum(not contradiction.note for contradiction in checked.found)
    yield wording.lexicon_verdict(errors, len(checked.found) - errors)


def fired_lines(fired: FiredCount) -> Iterator[str]:
    """What fired, a line each: per kind, in all, and the entries that fired most."""
    kinds = Counter(entry.kind for entry in fired.counts)
    yield wording.LEXICON_ASKED.format(count=fired.questions)
    for kind in KINDS:
        yield _share(wording.LEXICON_KINDS[kind], kinds[kind], fired.entries[kind])
    yield _share(wording.LEXICON_TOTAL, len(fired.counts), sum(fired.entries.values()))
    telling = (item for item in fired.counts.items() if item[0].kind != _UNTELLING)
    order = sorted(telling, key=lambda item: (-item[1], item[0]))
    if order:
        yield wording.LEXICON_MOST
    for entry, count in order[:_MOST_FIRED]:
        kind = wording.LEXICON_KINDS[entry.kind]
        yield wording.LEXICON_FIRED_ENTRY.format(kind=kind, text=entry.text, count=count)


def _share(kind: str, fired: int, every: int) -> str:
    return wording.LEXICON_FIRED_KIND.format(kind=kind, fired=fired, every=every)

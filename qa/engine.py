"""The engine: one version of the corpus, asked questions. Composition only; every step lives below."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from qa.answering import compose, wording
from qa.answering.compose import Composer
from qa.answering.decide import Decision, decide, read_facet
from qa.answering.elsewhere import elsewhere
from qa.answering.evidence import Evidence, Reader
from qa.answering.fitted import Fitted, load_fitted
from qa.answering.holders import Holders
from qa.answering.refusal import RUDE, declined_as, insults
from qa.answering.rerank import ranked_documents
from qa.answering.view import Views
from qa.errors import SettingsError
from qa.language.knowing import segmenter_knowing
from qa.language.lexicon import Lexicon, Office, load_lexicon
from qa.language.personal import mask
from qa.language.query import Query, Understander
from qa.language.repair import Repairer
from qa.language.script import ScriptConverter
from qa.language.segment import Segmenter
from qa.model import (
    Answer,
    Citation,
    Hit,
    Interpretation,
    KnownQuestion,
    Notice,
    Passage,
    Status,
    Transcript,
)
from qa.questions import FaqQuestion, load_questions
from qa.retrieval.index import build_index
from qa.retrieval.opening import faq_of, open_index
from qa.retrieval.protocol import Filter, PassageIndex, transcript_facts
from qa.retrieval.scores import HitScore, hit_scores
from qa.retrieval.terms import terms
from qa.settings import DECIDING, Settings, seed_corpus
from qa.transcripts.catalogue import each_transcript
from qa.transcripts.jsonl import read_jsonl

__all__ = [
    "Engine",
    "Explanation",
    "build_engine",
    "corpus_digest",
    "each_of",
    "facts_digest",
    "faq_folder",
    "lexicon_folder",
    "load_transcripts",
    "segmenter_of",
    "transcripts_folder",
]

_HIT_POOL = 4
"""How many passages are first looked at for each distinct transcript a caller asks to see."""
_ANY_TERM = "问"
_YEARS = 2
"""How many of the years a question names are looked into apart."""
_SURE_THOUGH_RUDE = 0.75
"""The confidence from which something real was asked, in [0, 1]."""


@dataclass(frozen=True)
class Explanation:
    """Everything an answer was made of."""

    query: Query
    hits: tuple[Hit, ...]
    decision: Decision
    answer: Answer


class Engine:
    """Answers questions from one index. Build it with :func:`build_engine`."""

    def __init__(
        self,
        index: PassageIndex,
        lexicon: Lexicon,
        segmenter: Segmenter,
        fitted: Fitted,
        settings: Settings,
        questions: Sequence[FaqQuestion] = (),
        sources: Path | None = None,
    ) -> None:
        self._index = index
        self.lexicon = lexicon
        self.segmenter = segmenter
        self._fitted = fitted
        self._settings = settings
        self._sources = sources
        self._script = ScriptConverter()
        repairer = Repairer(lexicon, segmenter, self._script, index.words(), index.has_pair)
        self._understander = Understander(
            lexicon, segmenter, repairer, index.idf, lambda text: terms(text, segmenter), self._now()
        )
        self._names = frozenset(index.names())
        views = Views(self._script)
        self._reader = Reader(lexicon, views)
        self._holders = Holders(index.statements, views, lexicon.titles)
        expectations = {e.name: e for e in lexicon.expectations}
        self._composer = Composer(self._script, expectations, fitted.answer)
        self._unsure = Composer(self._script, expectations, 0.0)
        self.corpus = facts_digest(index.facts(), lexicon, fitted, questions)
        # Questions this corpus is known to answer: the staff's own, of which the engine answers each.
        answered = ((q, self._citations(q.question)) for q in questions)
        found = tuple((q, cited) for q, cited in answered if cited)
        self.offered = tuple(q for q, _ in found)
        self.known = tuple(KnownQuestion(q.question, q.topic, cited) for q, cited in found)
        self.suggestions = tuple(known.question for known in self.known)

    @cached_property
    def settings_digest(self) -> str:
        """The digest of the settings that decide answers beside the version."""
        deciding = self._settings.model_dump_json(include=set(DECIDING))
        return f"sha256:{hashlib.sha256(deciding.encode()).hexdigest()}"

    @property
    def transcripts(self) -> Mapping[str, Transcript]:
        """Every transcript of the version, by id."""
        return self._index.by_id

    @property
    def passages(self) -> Sequence[Passage]:
        """Every passage of the version, in reading order."""
        return self._index.passages

    def passages_of(self, transcript_id: str) -> Sequence[Passage]:
        """The passages of one transcript, in reading order."""
        return self._index.passages_of(transcript_id)

    @property
    def fitted(self) -> Fitted:
        """The numbers that decide."""
        return self._fitted

    @property
    def settings(self) -> Settings:
        """The settings that questions are answered with."""
        return self._settings

    def quotes_regardless(self, explanation: Explanation) -> tuple[Citation, ...]:
        """What would be quoted were every question answered: to see what another threshold would do."""
        return self._unsure.citations(explanation.query, explanation.decision)

    def scores(self, explanation: Explanation) -> tuple[HitScore, ...]:
        """What the scores of an explanation's hits are made of; none where the index cannot say."""
        return hit_scores(self._index, explanation.query.terms, explanation.hits)

    def source_file(self, transcript_id: str) -> Path | None:
        """The file a transcript was read from, where it is still at hand. It may have changed since."""
        transcript = self.transcripts.get(transcript_id)
        if transcript is None or self._sources is None:
            return None
        path = self._sources / transcript.id / transcript.source.name
        return path if path.is_file() else None

    @property
    def offices(self) -> tuple[Office, ...]:
        """The offices the lexicon knows, with what they are in charge of."""
        return self.lexicon.offices

    def _citations(self, question: str) -> tuple[Citation, ...]:
        query = self._understander.understand(question)
        decision = self.decide(query, self._found(query))
        answers = decision.answers and self._refused(query) is None
        return self._composer.citations(query, decision) if answers else ()

    def elsewhere(
        self,
        question: str,
        *,
        history: tuple[str, ...] = (),
        repair: bool = True,
        cited: Collection[str] = (),
    ) -> tuple[Citation, ...]:
        """What transcripts other than ``cited``, by id, say of the same thing: at most 3, oldest first."""
        query = self.understand(question, history, repair)
        decision = self.decide(query, self._found(query))
        hits = self._index.top(query.terms, _HIT_POOL * self._settings.candidates)
        return elsewhere(query, decision.readings, cited, hits, self._reader, self._holders)

    def ask(
        self, question: str, *, history: tuple[str, ...] = (), repair: bool = True, hits: int = 0
    ) -> Answer:
        """The answer to a question of 1 to 300 code points (see :func:`qa.wire.check_question`).

        Args:
            history: earlier questions, oldest first, for a question that leans on them.
            repair: whether slips, dialect and other scripts are understood; otherwise words as typed.
            hits: how many distinct transcripts, best first, to name beside the answer.
        """
        return self.explain(question, history=history, repair=repair, hits=hits).answer

    def explain(
        self, question: str, *, history: tuple[str, ...] = (), repair: bool = True, hits: int = 0
    ) -> Explanation:
        """As :meth:`ask`, with everything the answer was made of."""
        echo = mask(question)
        query = self.understand(question, history, repair)
        found = self._found(query)
        refused = self._refused(query)
        decision = self.decide(query, found)
        named = self._nearest(query, decision, hits) if hits else None
        if refused is not None and not (refused == RUDE and self._asks_all_the_same(query, decision)):
            answer = self._declined(echo, query, refused, echo != question, named)
            return Explanation(query, found, Decision((), 0.0, False), answer)
        return Explanation(
            query, found, decision, self._answer(echo, query, decision, echo != question, named)
        )

    def understand(self, question: str, history: tuple[str, ...] = (), repair: bool = True) -> Query:
        """The question as it is read before anything is looked for; what is personal is masked."""
        return self._understander.understand(mask(question), tuple(map(mask, history)), repair)

    def _found(self, query: Query) -> tuple[Hit, ...]:
        """The passages to read, best first: the best of all, and the best of the briefings of each year that
        the question names, which later briefings on the same thing would crowd out."""
        most = self._settings.candidates
        found = list(self._index.top(query.terms, most))
        for year in query.named[:_YEARS]:
            found += self._index.top(query.terms, most // 2, Filter(since=str(year), until=str(year)))
        once = {(hit.passage.transcript.id, hit.passage.span): hit for hit in found}
        return tuple(sorted(once.values(), key=lambda hit: -hit.score))

    def _refused(self, query: Query) -> str | None:
        # Of the new question only: whoever was rude before may still ask something.
        return declined_as((query.said, self._script.fold(query.asked)), self.lexicon, self._names)

    def _asks_all_the_same(self, query: Query, decision: Decision) -> bool:
        """Whether a rude question asks something real beside what is rude in it."""
        rude = insults(query.text, self.lexicon)
        beside = (concept for concept in query.concepts if not any(concept.span.overlaps(r) for r in rude))
        return decision.confidence >= _SURE_THOUGH_RUDE and any(beside)

    def _nearest(self, query: Query, decision: Decision, most: int) -> tuple[Hit, ...]:
        """The best hit of each of the ``most`` best transcripts, of however many passages they have."""
        # Never fewer passages than were read: the best of them must be among those ranked.
        first = max(self._settings.candidates, _HIT_POOL * most)
        looked, found = 0, self._index.top(query.terms, first)
        while len(_distinct(found, most)) < most and len(found) > looked:
            looked, found = len(found), self._index.top(query.terms, _HIT_POOL * len(found))
        read = [rated.evidence for reading in decision.readings[:1] for rated in reading.rated]
        return ranked_documents(found, read, self._fitted, most)

    def decide(self, query: Query, hits: Sequence[Hit]) -> Decision:
        """Reads the passages ``hits`` (best first) for a query and decides whether they answer it."""
        evidence = self._reader.read(query, hits)
        readings = [
            read_facet(facet, pieces, query, self._fitted, self._holders.find(query, facet))
            for facet, pieces in zip(query.facets, evidence, strict=True)
        ]
        return decide(readings, self._fitted)

    def _answer(
        self, echo: str, query: Query, decision: Decision, masked: bool, named: tuple[Hit, ...] | None
    ) -> Answer:
        citations = self._composer.citations(query, decision) if decision.answers else ()
        related = () if citations else self._composer.related(query, decision)
        status = Status.ANSWERED if citations else Status.RELATED if related else Status.NO_ANSWER
        evidence = _best_evidence(decision)
        return Answer(
            question=echo,
            status=status,
            confidence=decision.confidence,
            corpus=self.corpus,
            citations=citations,
            related=related,
            notices=compose.notices(
                citations, self._now(), masked, bool(citations and self._composer.differing(query, decision))
            ),
            interpretation=Interpretation(
                repairs=query.repairs + compose.synonyms_used(query, evidence if citations else ()),
                unmatched=_unmatched(query, evidence),
                follows=query.follows,
            ),
            suggestions=() if citations else self.suggestions,
            hits=named,
        )

    def _declined(
        self, echo: str, query: Query, why: str, masked: bool, named: tuple[Hit, ...] | None
    ) -> Answer:
        told = Notice(f"declined_{why}", wording.DECLINED.get(why, wording.DECLINED_OTHERWISE))
        return Answer(
            question=echo,
            status=Status.DECLINED,
            confidence=0.0,
            corpus=self.corpus,
            notices=(told, *compose.notices((), None, masked)),
            interpretation=Interpretation(repairs=query.repairs, follows=query.follows),
            suggestions=self.suggestions,
            hits=named,
        )

    def _now(self) -> int | None:
        if self._settings.as_of is not None:
            return int(self._settings.as_of[:4])
        return self._index.newest_year


def build_engine(settings: Settings, fitted: Fitted | None = None) -> Engine:
    """The engine over the corpus or index that ``settings`` name, by default the founding briefings.

    Args:
        fitted: other fitted numbers than those shipped.

    Raises:
        CorpusError: if the corpus cannot be read.
        IndexFormatError: if the index is damaged or of another version.
        SettingsError: if the fitted file does not fit this program, or the index not the settings.
    """
    with _nothing_collected():
        if settings.index is not None:
            return _from_index(settings.index, settings, fitted or load_fitted())
        return _from_corpus(settings, fitted or load_fitted())


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """Keeps the collector of garbage away meanwhile.

    Hundreds of thousands of objects are made and hardly one is given up: as they grow more, the collector
    would look through all of them, and all that was there before, again and again.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _from_corpus(settings: Settings, fitted: Fitted) -> Engine:
    corpus = settings.corpus or seed_corpus()
    lexicon = load_lexicon(lexicon_folder(corpus))
    transcripts = load_transcripts(corpus)
    segmenter = segmenter_of(lexicon, transcripts)
    index = build_index(transcripts, ScriptConverter(), segmenter, settings.passage_chars)
    questions = load_questions(corpus / "faq")
    sources = None if corpus.suffix == ".jsonl" else transcripts_folder(corpus)
    return Engine(index, lexicon, segmenter, fitted, settings, questions, sources)


def _from_index(folder: Path, settings: Settings, fitted: Fitted) -> Engine:
    stored = open_index(folder)
    # What a large index has compiled is loaded when it is first used: now, not while somebody waits.
    stored.index.idf(_ANY_TERM)
    if "passage_chars" in settings.model_fields_set and settings.passage_chars != stored.passage_chars:
        raise SettingsError(
            f"索引的段落长度是 {stored.passage_chars} 字，"
            f"设置 passage_chars 却是 {settings.passage_chars} 字。请重新建立索引，或去掉这项设置。",
            code="index_settings",
            detail=f"passage_chars {stored.passage_chars} in the index, {settings.passage_chars} set",
        )
    segmenter = segmenter_knowing(stored.lexicon, stored.index.names())
    settings = settings.model_copy(update={"passage_chars": stored.passage_chars})
    # The index of a version stands beside the transcripts it was made from.
    beside = folder.parent / "transcripts"
    sources = beside if beside.is_dir() else None
    questions = load_questions(stored.faq)
    return Engine(stored.index, stored.lexicon, segmenter, fitted, settings, questions, sources)


def faq_folder(settings: Settings) -> Path:
    """The question sets of the corpus or index that ``settings`` name; the folder need not be there.

    Raises:
        IndexFormatError: if the index is damaged or of another version.
    """
    if settings.index is not None:
        return faq_of(settings.index)
    return (settings.corpus or seed_corpus()) / "faq"


def lexicon_folder(corpus: Path) -> Path:
    """The lexicon of a corpus: its own where it has one, otherwise the seed's."""
    own = corpus / "lexicon"
    return own if own.is_dir() else seed_corpus() / "lexicon"


def segmenter_of(lexicon: Lexicon, transcripts: Iterable[Transcript]) -> Segmenter:
    """A segmenter that knows the words of ``lexicon`` and the names of the people ``transcripts`` name."""
    return segmenter_knowing(lexicon, (stated.speaker.name for t in transcripts for stated in t.attributions))


def load_transcripts(corpus: Path) -> tuple[Transcript, ...]:
    """The transcripts of a corpus folder, of a folder of transcripts, or of a ``.jsonl`` of documents.

    Raises:
        CorpusError: if it cannot be read.
    """
    return tuple(each_of(corpus))


def each_of(corpus: Path) -> Iterator[Transcript]:
    """As :func:`load_transcripts`, each transcript read when its turn comes."""
    if corpus.suffix == ".jsonl":
        return read_jsonl(corpus)
    return each_transcript(transcripts_folder(corpus))


def transcripts_folder(corpus: Path) -> Path:
    """The folder that holds a corpus's transcripts: its ``transcripts``, or itself."""
    inner = corpus / "transcripts"
    return inner if inner.is_dir() else corpus


def corpus_digest(
    transcripts: Sequence[Transcript],
    lexicon: Lexicon,
    fitted: Fitted,
    questions: Sequence[FaqQuestion] = (),
) -> str:
    """The digest of everything that decides answers; ``questions`` are those offered as suggestions."""
    return facts_digest(map(transcript_facts, transcripts), lexicon, fitted, questions)


def facts_digest(
    facts: Iterable[bytes], lexicon: Lexicon, fitted: Fitted, questions: Sequence[FaqQuestion] = ()
) -> str:
    """As :func:`corpus_digest`, from the facts of the transcripts, in order, cut anywhere."""
    total = hashlib.sha256()
    for part in facts:
        total.update(part)
    total.update(lexicon.digest.encode() + fitted.digest.encode())
    total.update(repr([question.question for question in questions]).encode())
    return f"sha256:{total.hexdigest()}"


def _distinct(hits: Sequence[Hit], most: int) -> tuple[Hit, ...]:
    """The best hit of each of the first ``most`` transcripts."""
    best: dict[str, Hit] = {}
    for hit in hits:
        best.setdefault(hit.passage.transcript.id, hit)
    return tuple(best.values())[:most]


def _best_evidence(decision: Decision) -> tuple[Evidence, ...]:
    return tuple(reading.best.evidence for reading in decision.readings if reading.best is not None)


def _unmatched(query: Query, evidence: Sequence[Evidence]) -> tuple[str, ...]:
    """Content words of the question that none of the evidence's passages holds."""
    words = [
        concept.text
        for at, concept in enumerate(query.concepts)
        if concept.importance >= 0.4 and not any(e.held_around[at] > 0 for e in evidence)
    ]
    return tuple(dict.fromkeys(words))

"""What can be asked about, to browse: by subject and by department, drawn from what the corpus answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote as url_quote

from pypinyin import lazy_pinyin

from qa.language.lexicon import Office
from qa.model import Citation, KnownQuestion
from qa.text import fold
from web.contacts import Contact, named_office

__all__ = ["SectionLink", "Topic", "Topics", "department_of", "related_questions", "topics_of"]


@dataclass(frozen=True, slots=True)
class SectionLink:
    """A part of a transcript to read, where something of a topic is said."""

    title: str
    briefing: str
    href: str


@dataclass(frozen=True, slots=True)
class Topic:
    """A subject or a department, with questions known to be answered and where the answers stand."""

    slug: str
    name: str
    questions: tuple[str, ...]
    sections: tuple[SectionLink, ...]


@dataclass(frozen=True, slots=True)
class Topics:
    """Everything to browse by."""

    subjects: tuple[Topic, ...]
    departments: tuple[Topic, ...]

    def find(self, slug: str) -> Topic | None:
        """The topic of an address."""
        return next((t for t in (*self.subjects, *self.departments) if t.slug == slug), None)


def topics_of(
    known: Sequence[KnownQuestion], contacts: Sequence[Contact], offices: Sequence[Office]
) -> Topics:
    """Subjects as the staff named them, departments by who speaks in the answers, each with most questions
    first."""
    subjects: dict[str, list[KnownQuestion]] = {}
    departments: dict[str, list[KnownQuestion]] = {}
    for question in known:
        if question.topic:
            subjects.setdefault(question.topic, []).append(question)
        for name in dict.fromkeys(department_of(c, contacts, offices) for c in question.citations):
            if name is not None:
                departments.setdefault(name, []).append(question)
    used: set[str] = set()
    return Topics(_topics(subjects, used), _topics(departments, used))


def department_of(citation: Citation, contacts: Sequence[Contact], offices: Sequence[Office]) -> str | None:
    """The office whose words are cited: its speaker's, or else one the heading or the quote names."""
    speaker = citation.turn.speaker
    heading = citation.transcript.section_title(citation.turn)
    for words in (speaker.office if speaker else None, heading, None if speaker else citation.quote):
        contact = named_office(words or "", contacts)
        if contact is not None:
            return contact.name
        names = [(len(n), office.name) for office in offices for n in office.names if n in (words or "")]
        if names:
            return max(names)[1]
    return None


def related_questions(
    cited: Sequence[Citation], asked: str, known: Sequence[KnownQuestion], most: int
) -> tuple[str, ...]:
    """Questions near an answer: on words of the same turn, on its topics, then by whoever speaks in it."""
    turns = {(c.transcript.id, c.turn.span) for c in cited}
    speakers = {c.turn.speaker for c in cited if c.turn.speaker is not None}
    topics = {k.topic for k in known if k.topic and any(_turn(c) in turns for c in k.citations)}
    ranked = []
    for place, question in enumerate(known):
        if fold(question.question) == fold(asked):
            continue
        same_turn = any(_turn(c) in turns for c in question.citations)
        same_speaker = any(c.turn.speaker in speakers for c in question.citations)
        nearness = (3 * same_turn) + (2 * (question.topic in topics)) + same_speaker
        if nearness:
            ranked.append((-nearness, place, question.question))
    return tuple(question for _, _, question in sorted(ranked)[:most])


def _turn(citation: Citation) -> tuple[str, object]:
    return citation.transcript.id, citation.turn.span


def _topics(grouped: Mapping[str, list[KnownQuestion]], used: set[str]) -> tuple[Topic, ...]:
    made = [
        Topic(
            _slug(name, used),
            name,
            tuple(q.question for q in questions),
            tuple(dict.fromkeys(_sections(c for q in questions for c in q.citations))),
        )
        for name, questions in grouped.items()
    ]
    return tuple(sorted(made, key=lambda topic: -len(topic.questions)))


def _sections(citations: Iterable[Citation]) -> Iterable[SectionLink]:
    for citation in citations:
        transcript, section = citation.transcript, citation.turn.section
        address = f"/transcripts/{url_quote(transcript.id, safe='')}"
        if section is None:
            yield SectionLink(transcript.title, transcript.title, address)
        else:
            yield SectionLink(
                transcript.sections[section].title, transcript.title, f"{address}#section-{section}"
            )


def _slug(name: str, used: set[str]) -> str:
    """An address of plain letters; a number where two names sound alike."""
    spoken = "-".join(lazy_pinyin(name, errors="default"))
    plain = "".join(c if c.isascii() and c.isalnum() else "-" for c in spoken.lower())
    base = "-".join(part for part in plain.split("-") if part) or "topic"
    slug, number = base, 1
    while slug in used:
        number += 1
        slug = f"{base}-{number}"
    used.add(slug)
    return slug

"""The screens of the kiosk as HTML: parts inside one frame, so that a kept one looks like a fetched one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

from markupsafe import Markup
from pypinyin import Style, lazy_pinyin

from qa.model import Answer, Status
from web import kiosk_wording, wording
from web.contacts import office_in_charge
from web.kiosk_frame import KIOSK, Screen, framed
from web.ports import AnswerEngine
from web.rendering import Renderer
from web.site import Site
from web.topics import Topics, related_questions, topics_of
from web.views import Beside, answer_view

__all__ = ["ASK", "FIND", "KIOSK", "TOPICS", "WRITE", "Entry", "Screens", "entries_of", "initials"]

TOPICS: Final = f"{KIOSK}/topics"
FIND: Final = f"{KIOSK}/find"
WRITE: Final = f"{KIOSK}/write"
ASK: Final = f"{KIOSK}/ask"
_MOST_TOPICS: Final = 10
"""Topics on the start: two columns of five, so that everything on it is in view at 1080 × 1920."""
_MOST_QUESTIONS: Final = 5
_MOST_RELATED: Final = 3


@dataclass(frozen=True, slots=True)
class Entry:
    """Something to be found by its initials: a question, or a topic with its address."""

    text: str
    initials: str
    address: str | None = None


@dataclass(frozen=True)
class Screens:
    """Draws the screens of one version of the corpus."""

    engine: AnswerEngine
    site: Site
    renderer: Renderer

    def page(self, screen: Screen) -> str:
        """The whole page: the frame around a screen."""
        return framed(self.renderer, screen)

    def start(self) -> Screen:
        """Topics, what is often asked, and the other ways to a question."""
        subjects = self.topics.subjects
        most = _MOST_TOPICS if len(subjects) <= _MOST_TOPICS else _MOST_TOPICS - 1
        return self._screen(
            "kiosk_start.html",
            kiosk_wording.START_TITLE,
            here=KIOSK,
            topics=subjects[:most],
            more_topics=len(subjects) > most,
            questions=self.engine.suggestions[:_MOST_QUESTIONS],
        )

    def all_topics(self) -> Screen:
        """Every topic, by subject and by department."""
        return self._screen("kiosk_topics.html", kiosk_wording.TOPICS_ALL, topics=self.topics)

    def topic(self, slug: str) -> Screen | None:
        """The questions of a topic; None where there is no such topic."""
        topic = self.topics.find(slug)
        if topic is None:
            return None
        return self._screen("kiosk_topic.html", topic.name, topic=topic, here=f"{TOPICS}/{slug}")

    def find(self) -> Screen:
        """The keys A to Z, and everything that can be found by them."""
        entries = entries_of(self.topics, self.engine.suggestions)
        return self._screen("kiosk_find.html", kiosk_wording.FIND_TITLE, entries=entries, here=FIND)

    def write(self, value: str = "", error: str | None = None) -> Screen:
        """The field for a question of one's own, in its state."""
        return self._screen("kiosk_write.html", kiosk_wording.WRITE_TITLE, value=value, error=error)

    def answer(self, answer: Answer, *, repair: bool = True, back: str = KIOSK) -> Screen:
        """The answer, or that there is none; ``back`` is the screen it was asked on."""
        view = answer_view(
            answer,
            history=(),
            repair=repair,
            fallback=self.engine.suggestions,
            shown=_MOST_RELATED,
            beside=self._beside(answer, repair=repair),
        )
        # What is opened from an answer leads back to the list, not from answer to answer.
        return self._screen("kiosk_answer.html", wording.ANSWER_TITLE, answer=view, back=back, here=back)

    def offline(self) -> Screen:
        """A question that cannot be answered without the network."""
        questions = self.engine.suggestions[:_MOST_QUESTIONS]
        title = kiosk_wording.NEEDS_NETWORK_TITLE
        return self._screen("kiosk_offline.html", title, questions=questions, here=KIOSK)

    @property
    def topics(self) -> Topics:
        """Everything to browse by."""
        return topics_of(self.engine.known, self.site.contacts, self.engine.offices)

    def _beside(self, answer: Answer, *, repair: bool) -> Beside:
        if answer.status is not Status.ANSWERED:
            contact = office_in_charge(answer, self.site.contacts, self.engine.offices)
            return Beside(contact=None if answer.status is Status.DECLINED else contact)
        cited = {citation.transcript.id for citation in answer.citations}
        others = self.engine.elsewhere(answer.question, repair=repair, cited=cited)
        related = related_questions(answer.citations, answer.question, self.engine.known, _MOST_RELATED)
        return Beside(others, related, None, self.site.public_url)

    def _screen(self, template: str, title: str, **context: object) -> Screen:
        main = self.renderer.html(template, k=kiosk_wording, **context)
        return Screen(wording.page_title(self.site.name, title), Markup(main))


def entries_of(topics: Topics, questions: Sequence[str]) -> tuple[Entry, ...]:
    """What can be found by initials: the topics, then the questions, each list by its initials."""
    named = (Entry(t.name, initials(t.name), f"{TOPICS}/{t.slug}") for t in topics.subjects)
    asked = (Entry(question, initials(question)) for question in questions)
    return tuple(chain(*(sorted(entries, key=lambda e: (e.initials, e.text)) for entries in (named, asked))))


def initials(text: str) -> str:
    """The first letter of each syllable, and Latin letters as they are, in capitals.

    Readings are pypinyin's, which tells most characters of several readings by their words.
    """
    spoken = lazy_pinyin(text, style=Style.FIRST_LETTER)
    return "".join(c for c in "".join(spoken).upper() if "A" <= c <= "Z")

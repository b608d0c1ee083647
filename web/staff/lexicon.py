"""The lexicon: a word looked up, and a change tried on the question sets before it is put in the draft."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Form
from fastapi.responses import Response

from qa.engine import Engine
from qa.errors import CorpusError, QuestionError, VersionError
from qa.language import numerals
from qa.language.lexicon import load_lexicon
from qa.language.lexicon_edit import LexiconLine, edited, lines_with
from qa.language.personal import mask
from qa.language.query import Query
from qa.text import fold
from qa.versions.draft import Draft
from qa.versions.layout import now
from qa.versions.lock import changing
from qa.wire import check_question
from web.staff import corpus_wording
from web.staff import lexicon_wording as wording
from web.staff.access import PATH, Visitor
from web.staff.publishing import file_digest
from web.staff.room import GET, Guards, Room, seen
from web.staff.trial import MOST_LINES, Edit, Trials, editable, lexicon_of

__all__ = ["LookedUp", "add_lexicon", "looked_up"]

_LISTED: Final = 50
_REFRESH: Final = 3
_LONGEST: Final = 4000


@dataclass(frozen=True, slots=True)
class LookedUp:
    """What is known of a word: where it stands, how it is cut and read, what a question with it becomes."""

    word: str
    lines: tuple[LexiconLine, ...]
    cut: tuple[str, ...]
    frequency: int
    numbers: tuple[tuple[str, str], ...]
    years: tuple[int, ...]
    unit: str | None
    query: Query

    @property
    def asks(self) -> tuple[str, ...]:
        """The kinds of what is asked."""
        return tuple(dict.fromkeys(facet.kind for facet in self.query.facets))


def looked_up(engine: Engine, lines: tuple[LexiconLine, ...], word: str) -> LookedUp:
    """Looks a checked word or question up in an engine's parts; ``lines`` are those of the files."""
    folded = fold(word)
    arabic, read = numerals.arabic(folded)
    return LookedUp(
        word=word,
        lines=lines,
        cut=tuple(piece.text for piece in engine.segmenter.words(folded)),
        frequency=engine.segmenter.frequency(folded),
        numbers=read,
        years=numerals.years(arabic),
        unit=engine.lexicon.units.get(folded),
        query=engine.understand(word),
    )


@dataclass(frozen=True, slots=True)
class _Typed:
    """What somebody typed on the form that tries a change."""

    file: str = ""
    add: str = ""
    remove: str = ""


def add_lexicon(router: APIRouter, room: Room, guards: Guards) -> None:
    """The routes of the lexicon. What is looked up is never in an address."""

    def page(
        visitor: Visitor,
        *,
        word: str = "",
        word_error: str = "",
        found: LookedUp | None = None,
        typed: _Typed | None = None,
        error: str = "",
        still: bool = False,
    ) -> Response:
        state = Trials(room.data.root).state()
        if typed is None:
            typed = _Typed() if state is None else _typed(state.edit)
        return room.page(
            visitor,
            "lexicon.html",
            "lexicon",
            status=HTTPStatus.UNPROCESSABLE_ENTITY if error or word_error else HTTPStatus.OK,
            x=wording,
            c=corpus_wording,
            word=word,
            word_error=word_error,
            found=found,
            typed=typed,
            error=error,
            still=still,
            state=state,
            files=editable(lexicon_of(room.data)),
            most=_LISTED,
            longest=_LONGEST,
            refresh=_REFRESH,
        )

    @router.api_route(f"{PATH}/lexicon", methods=GET)
    def lexicon(still: str = "", visitor: Visitor = guards.viewer) -> Response:
        return page(visitor, still=still == "1")

    @router.post(f"{PATH}/lexicon")
    def look(
        word: Annotated[str, Form()] = "",
        file: Annotated[str, Form()] = "",
        remove: Annotated[str, Form()] = "",
        visitor: Visitor = guards.viewer_sends,
    ) -> Response:
        try:
            checked = mask(check_question(word))
        except QuestionError as error:
            return page(visitor, word=mask(word), word_error=error.message)
        lines = lines_with(lexicon_of(room.data), checked)
        typed = _Typed(file, remove=remove) if file else None
        found = looked_up(room.engine, lines, checked)
        return page(visitor, word=checked, found=found, typed=typed)

    @router.post(f"{PATH}/lexicon/try")
    def attempt(
        file: Annotated[str, Form()] = "",
        add: Annotated[str, Form()] = "",
        remove: Annotated[str, Form()] = "",
        visitor: Visitor = guards.editor_sends,
    ) -> Response:
        typed = _Typed(file, add[:_LONGEST], remove[:_LONGEST])
        edit = Edit(
            who=visitor.account.name,
            when=now(),
            file=file,
            add=_lines(typed.add),
            remove=_lines(typed.remove),
        )
        wrong = _wrong(edit, editable(lexicon_of(room.data)))
        if wrong:
            return page(visitor, typed=typed, error=wrong)
        try:
            started = Trials(room.data.root).start(edit)
        except VersionError as error:
            return page(visitor, typed=typed, error=error.message)
        if not started:
            return page(visitor, typed=typed, error=wording.TRY_BUSY)
        room.audit(visitor, "lexicon.try", edit.file)
        return seen("/lexicon")

    @router.post(f"{PATH}/lexicon/keep")
    def keep(visitor: Visitor = guards.editor_sends) -> Response:
        data, who, trials = room.data, visitor.account.name, Trials(room.data.root)
        state = trials.state()
        if state is None or state.found is None or state.found.problem:
            return page(visitor, error=wording.KEEP_GONE)
        edit = state.edit
        name = f"lexicon/{edit.file}"
        try:
            with changing(data, who, wording.WRITING):
                draft = Draft.begun(data, room.settings, who)
                path = draft.folder / name
                before = file_digest(path)
                if before is None or before != state.found.before:
                    return page(visitor, error=wording.KEEP_OLD)
                changed = edited(path.read_bytes(), edit.file, edit.add, edit.remove)
                draft.write(name, changed, lambda: load_lexicon(draft.folder / "lexicon"))
                after = file_digest(path)
        except (CorpusError, VersionError) as error:
            return page(visitor, error=error.message)
        trials.forget()
        lines = [f"+{line}" for line in edit.add] + [f"-{line}" for line in edit.remove]
        room.audit(visitor, "draft.lexicon", edit.file, "；".join(lines)[:500], before=before, after=after)
        return seen("/draft")

    @router.post(f"{PATH}/lexicon/drop")
    def drop(_: Visitor = guards.editor_sends) -> Response:
        Trials(room.data.root).forget()
        return seen("/lexicon")


def _wrong(edit: Edit, files: tuple[str, ...]) -> str:
    """What is wrong with an edit as it was typed, before it is tried; empty if nothing."""
    if edit.file not in files:
        return wording.TRY_FILE_UNKNOWN
    if not edit.add and not edit.remove:
        return wording.TRY_EMPTY
    if len(edit.add) + len(edit.remove) > MOST_LINES:
        return wording.TRY_MANY.format(most=MOST_LINES)
    return ""


def _typed(edit: Edit) -> _Typed:
    return _Typed(edit.file, "\n".join(edit.add), "\n".join(edit.remove))


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.split("#", 1)[0].strip())

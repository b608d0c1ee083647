"""Looking at the draft before it is published: is it whole, and what does it do to the answers?

The question set is asked of the version in force and of the one the draft would become. That takes as
long as it takes, so it runs in a process of its own, which holds the data directory meanwhile; what it
found is kept beside, and publishing goes by it as long as nothing was changed since.

    python -m web.staff.examination DIR NAME
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from qa.commands.shared import read_settings
from qa.coverage.compare import Change, Comparison
from qa.coverage.records import CaseResult
from qa.engine import Engine
from qa.errors import MinshengError, VersionError
from qa.settings import Settings
from qa.versions.checking import check_corpus
from qa.versions.draft import Draft
from qa.versions.examining import Examined, Limit, cases_for, examine
from qa.versions.files import replace_file, storing
from qa.versions.inventory import inventory
from qa.versions.layout import DataDirectory, now, read_state
from qa.versions.lock import changing
from qa.versions.publishing import prepare
from qa.versions.serving import open_version
from web.staff import corpus_wording as wording
from web.staff.background import Background, Progress, Reporter

__all__ = [
    "Answered",
    "ChangedAnswer",
    "Examination",
    "ExaminationState",
    "Examinations",
    "changed_answers",
    "draft_digest",
    "watched",
]

_T = TypeVar("_T")
_ORDER: Final = (Change.BROKEN, Change.VANISHED, Change.MOVED, Change.FIXED, Change.APPEARED)
"""The worse ones first; what is unchanged is only counted."""


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Answered(_Kept):
    """What was quoted, of which transcripts; no words where nothing was."""

    words: tuple[str, ...] = ()
    transcripts: tuple[str, ...] = ()
    right: bool


class ChangedAnswer(_Kept):
    """A question whose answer is not what it was; None where it was not or is no longer asked."""

    change: Change
    asked: str
    before: Answered | None
    after: Answered | None


class Examination(_Kept):
    """What was found. ``before`` is the version that was in force, ``after`` the one the draft became.

    ``digest`` is that of the draft's files then; ``damage`` says why it cannot be published; ``asked`` are
    the wordings compared, None where there is no question set.
    """

    who: str
    when: str
    digest: str
    before: str
    after: str = ""
    damage: tuple[str, ...] = ()
    asked: int | None = None
    worse: int = 0
    counts: dict[Change, int] = {}
    changes: tuple[ChangedAnswer, ...] = ()

    @property
    def same(self) -> bool:
        """Whether nothing would change."""
        return self.after == self.before

    @property
    def allowed(self) -> bool:
        """Whether no more answers get worse than may."""
        return not self.damage and Limit().allows(self.worse, self.asked or 0)


@dataclass(frozen=True, slots=True)
class ExaminationState:
    """How the last one stands: under way (with how far), failed (with why), outdated, or what it found."""

    running: bool = False
    progress: Progress | None = None
    failed: str = ""
    outdated: bool = False
    found: Examination | None = None


class Examinations:
    """The examinations of a data directory: one at a time, and the last one's finding."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._folder = data / "room"
        self._work = Background(self._folder, "examination")
        self._found = self._folder / "examination.json"
        self._started = self._folder / "examination.started"

    def start(self, who: str) -> bool:
        """Starts one; False where one is under way.

        Raises:
            VersionError: if it cannot be started.
        """
        command = [sys.executable, "-m", "web.staff.examination", str(self._data), who]
        with storing(self._data):
            return self._work.start(command, self.begin)

    def begin(self) -> None:
        """Sets down that one is under way."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._found.unlink(missing_ok=True)
        self._started.touch()

    def state(self) -> ExaminationState | None:
        """How the last one stands; None where there was none since something was published."""
        if self._work.running():
            return ExaminationState(running=True, progress=self._work.progress())
        if not self._started.exists():
            return None
        found = self.found()
        if found is not None:
            return ExaminationState(found=found)
        if self._found.exists():
            return ExaminationState(outdated=True)
        return ExaminationState(failed=self._work.said() or wording.EXAMINATION_SILENT)

    def found(self) -> Examination | None:
        """What the last one found, as long as the draft and the version in force are what they were."""
        try:
            found = Examination.model_validate_json(self._found.read_bytes())
        except (OSError, ValidationError):
            return None
        data = DataDirectory(self._data)
        state = read_state(data)
        if state is None or state.current != found.before or not Draft.exists(data):
            return None
        return found if draft_digest(data) == found.digest else None

    def forget(self) -> None:
        """After the draft was published or thrown away."""
        self._found.unlink(missing_ok=True)
        self._started.unlink(missing_ok=True)

    def reporter(self) -> Reporter:
        """What an examination tells how far it is with."""
        return self._work.reporter()

    def keep(self, found: Examination) -> None:
        """Keeps what was found."""
        with storing(self._data):
            replace_file(self._found, found.model_dump_json().encode())


def draft_digest(data: DataDirectory) -> str:
    """The digest of the draft's files as they are."""
    held = json.dumps(inventory(data.draft), sort_keys=True)
    return f"sha256:{hashlib.sha256(held.encode()).hexdigest()}"


def watched(reporter: Reporter, step: str) -> Callable[[Sequence[_T]], Iterable[_T]]:
    """Passes things on one by one and tells how many were."""

    def watch(items: Sequence[_T]) -> Iterator[_T]:
        for at, item in enumerate(items):
            reporter.tell(step, at, len(items))
            yield item

    return watch


def changed_answers(comparison: Comparison) -> tuple[ChangedAnswer, ...]:
    """Every question whose answer is not what it was, the worse ones first."""
    return tuple(
        ChangedAnswer(
            change=change,
            asked=changed.result.asked,
            before=_answered(changed.before),
            after=_answered(changed.after),
        )
        for change in _ORDER
        for changed in comparison.of(change)
    )


def _answered(result: CaseResult | None) -> Answered | None:
    if result is None:
        return None
    words = tuple(" ".join(quote.quote.split()) for quote in result.quotes)
    return Answered(
        words=words,
        transcripts=tuple(dict.fromkeys(quote.transcript for quote in result.quotes)),
        right=result.verdict.ok,
    )


def _examined(data: DataDirectory, settings: Settings, who: str, reporter: Reporter) -> Examination:
    draft, state = Draft.opened(data), read_state(data)
    if state is None:
        raise VersionError(wording.NO_DRAFT, code="draft_missing", detail=str(data.root))
    begun = Examination(who=who, when=now(), digest=draft_digest(data), before=state.current)
    checked = check_corpus(draft.folder, watched(reporter, "check"))
    if checked.damage:
        return begun.model_copy(update={"damage": tuple(map(wording.damage, checked.damage))})
    prepared = prepare(data, settings, watched(reporter, "index"))
    told = begun.model_copy(update={"after": prepared.name})
    if prepared.same:
        return told
    before, after = data.version(prepared.before), data.version(prepared.name)
    cases = cases_for(after, None)
    if cases is None:
        open_version(after, settings)
        return told
    steps = iter(("before", "after"))
    found = examine(
        lambda: _opened(before, settings),
        lambda: _opened(after, settings),
        cases,
        lambda asked: watched(reporter, next(steps))(asked),
    )
    return told.model_copy(update=_of(found))


def _opened(folder: Path, settings: Settings) -> Engine:
    return open_version(folder, settings)


def _of(found: Examined) -> dict[str, object]:
    return {
        "asked": found.asked,
        "worse": found.worse,
        "counts": dict(found.comparison.counts),
        "changes": changed_answers(found.comparison),
    }


def main(data: Path, who: str) -> int:
    """Looks at the draft and keeps what was found; 1 where it cannot be told."""
    settings = read_settings(Settings, data=data)
    directory, examinations = DataDirectory(data), Examinations(data)
    try:
        with changing(directory, who, wording.EXAMINING):
            examinations.keep(_examined(directory, settings, who, examinations.reporter()))
    except MinshengError as error:
        print(error.message, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2]))

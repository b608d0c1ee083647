"""A change of the lexicon tried before it is kept: what it contradicts, and what it does to the answers.

python -m web.staff.trial DIR
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from qa.commands.shared import read_settings
from qa.coverage.compare import Change
from qa.engine import Engine, build_engine, lexicon_folder
from qa.errors import LexiconError, MinshengError
from qa.language.lexicon import load_lexicon
from qa.language.lexicon_edit import edited, lexicon_files
from qa.lexicon_report import check_lexicon
from qa.settings import Settings
from qa.versions.draft import Draft
from qa.versions.examining import cases_for, examine
from qa.versions.files import replace_file, storing
from qa.versions.inventory import files_of
from qa.versions.layout import DataDirectory
from qa.versions.lock import changing
from qa.versions.storing import current_folder
from web.staff import lexicon_wording as wording
from web.staff.background import Background, Progress, Reporter
from web.staff.examination import ChangedAnswer, changed_answers, watched
from web.staff.publishing import file_digest

__all__ = ["MOST_LINES", "Edit", "Trial", "TrialState", "Trials", "editable", "lexicon_of"]

MOST_LINES: Final = 50
_LISTS: Final = frozenset({"offices.yaml", "places.yaml"})


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Edit(_Kept):
    """Lines to be added to a lexicon file and lines to be taken out, and who wants that, since when."""

    who: str
    when: str
    file: str
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


class Trial(_Kept):
    """What came of an edit. ``before`` is the digest of the file it was tried on.

    ``problem`` are the reasons not to do so; ``notes`` are worth a look. ``asked`` are the wordings
    compared, None where there is no question set.
    """

    edit: Edit
    before: str | None
    problem: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    asked: int | None = None
    counts: dict[Change, int] = {}
    changes: tuple[ChangedAnswer, ...] = ()


@dataclass(frozen=True, slots=True)
class TrialState:
    """How the last one stands: what was tried, and whether it is under way, failed, or what it found."""

    edit: Edit
    running: bool = False
    progress: Progress | None = None
    failed: str = ""
    found: Trial | None = None


def lexicon_of(data: DataDirectory) -> Path:
    """The lexicon of the draft where there is one, or else of the version in force."""
    return lexicon_folder(data.draft if Draft.exists(data) else current_folder(data))


def editable(folder: Path) -> tuple[str, ...]:
    """The files of a lexicon whose lines are entries; of the others a line is only part of one."""
    return tuple(name for name in lexicon_files(folder) if name.endswith(".txt") or name in _LISTS)


class Trials:
    """The trials of a data directory: one at a time, and the last one's finding."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._folder = data / "room"
        self._work = Background(self._folder, "trial")
        self._edit = self._folder / "trial.edit.json"
        self._found = self._folder / "trial.json"

    def start(self, edit: Edit) -> bool:
        """Starts one; False where one is under way."""

        command = [sys.executable, "-m", "web.staff.trial", str(self._data)]
        with storing(self._data):
            return self._work.start(command, lambda: self.begin(edit))

    def begin(self, edit: Edit) -> None:
        """Sets down what is to be tried."""
        self._found.unlink(missing_ok=True)
        replace_file(self._edit, edit.model_dump_json().encode())

    def state(self) -> TrialState | None:
        """How the last one stands; None where there was none since the last was kept or dropped."""
        edit = self.edit()
        if edit is None:
            return None
        if self._work.running():
            return TrialState(edit, running=True, progress=self._work.progress())
        try:
            return TrialState(edit, found=Trial.model_validate_json(self._found.read_bytes()))
        except (OSError, ValidationError):
            return TrialState(edit, failed=self._work.said() or wording.SILENT)

    def edit(self) -> Edit | None:
        """What is tried, or was last."""
        try:
            return Edit.model_validate_json(self._edit.read_bytes())
        except (OSError, ValidationError):
            return None

    def keep(self, found: Trial) -> None:
        """Keeps what was found."""
        with storing(self._data):
            replace_file(self._found, found.model_dump_json().encode())

    def forget(self) -> None:
        """After it was kept or dropped."""
        for path in (self._found, self._edit):
            path.unlink(missing_ok=True)

    def reporter(self) -> Reporter:
        """What a trial tells how far it is with."""
        return self._work.reporter()


def _tried(data: DataDirectory, settings: Settings, edit: Edit, reporter: Reporter, stage: Path) -> Trial:
    lexicon = lexicon_of(data)
    # The draft may change under way: what is asked is what it was.
    with changing(data, edit.who, wording.TRYING) if Draft.exists(data) else nullcontext():
        base = data.draft if Draft.exists(data) else current_folder(data)
        before, after = _copied(base, lexicon, stage / "before"), _copied(base, lexicon, stage / "after")
    path = after / "lexicon" / edit.file
    begun = Trial(edit=edit, before=file_digest(path))
    try:
        changed = edited(path.read_bytes(), edit.file, edit.add, edit.remove)
        path.unlink()  # it may be another's by a link
        path.write_bytes(changed)
        load_lexicon(after / "lexicon")
    except LexiconError as error:
        return begun.model_copy(update={"problem": (error.message,)})
    found = _contradictions(after, settings)
    known = _contradictions(before, settings) if found else {}
    new = {text: note for text, note in found.items() if text not in known}
    told = begun.model_copy(
        update={
            "problem": tuple(text for text, note in new.items() if not note),
            "notes": tuple(text for text, note in new.items() if note),
        }
    )
    cases = cases_for(after, None)
    if told.problem or cases is None:
        return told
    steps = iter(("before", "after"))
    examined = examine(
        lambda: _engine(before, settings),
        lambda: _engine(after, settings),
        cases,
        lambda asked: watched(reporter, next(steps))(asked),
    )
    return told.model_copy(
        update={
            "asked": examined.asked,
            "counts": dict(examined.comparison.counts),
            "changes": changed_answers(examined.comparison),
        }
    )


def _engine(corpus: Path, settings: Settings) -> Engine:
    return build_engine(settings.model_copy(update={"corpus": corpus, "index": None}))


def _contradictions(corpus: Path, settings: Settings) -> dict[str, bool]:
    """What a corpus's lexicon says that cannot hold, and whether that is only worth a look."""
    checked = check_lexicon(settings.model_copy(update={"corpus": corpus, "index": None}))
    return {one.text: one.note for one in checked.found}


def _copied(base: Path, lexicon: Path, target: Path) -> Path:
    """A corpus as it is now: its files under other names, which stay when the draft is changed."""
    for name in files_of(base):
        _link(base / name, target / name)
    if not (target / "lexicon").is_dir():
        for path in sorted(lexicon.iterdir()):
            _link(path, target / "lexicon" / path.name)
    return target


def _link(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:  # another file system
        shutil.copyfile(source, target)


def main(arguments: Sequence[str]) -> int:
    """Tries the edit that was asked for; 1 where it cannot be told what comes of it."""
    root = Path(arguments[0])
    settings, data, trials = read_settings(Settings, data=root), DataDirectory(root), Trials(root)
    edit = trials.edit()
    if edit is None:
        return 1
    try:
        with storing(root), TemporaryDirectory(prefix=".trial-", dir=root / "room") as stage:
            trials.keep(_tried(data, settings, edit, trials.reporter(), Path(stage)))
    except MinshengError as error:
        print(error.message, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

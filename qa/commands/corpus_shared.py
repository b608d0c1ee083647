"""What the commands of ``minsheng corpus`` share: which state of the corpus is meant, and who is at work."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final

from qa.commands import corpus_wording as wording
from qa.commands.shared import UsageError, option, settings_of
from qa.engine import load_transcripts
from qa.errors import CorpusError
from qa.model import Transcript
from qa.settings import Settings
from qa.versions.draft import Draft
from qa.versions.layout import DataDirectory, read_state, short
from qa.versions.publishing import find_version
from qa.versions.storing import current_folder

__all__ = [
    "JsonOption",
    "TurnsOption",
    "VersionOption",
    "WhoOption",
    "YesOption",
    "at_work",
    "chosen",
    "held",
    "known",
    "words_at",
]

_CURRENT: Final = "current"

JsonOption = Annotated[bool, option("--json", help=wording.JSON)]
YesOption = Annotated[bool, option("--yes", "-y", help=wording.YES)]
VersionOption = Annotated[str | None, option("--version", help=wording.VERSION, metavar="版本")]
TurnsOption = Annotated[bool, option("--turns", help=wording.TURNS)]
WhoOption = Annotated[str | None, option("--who", help=wording.WHO, metavar="姓名")]


def at_work(data: Path | None) -> tuple[Settings, DataDirectory]:
    """The settings, and the data directory they name."""
    settings = settings_of(None, None, data)
    return settings, DataDirectory(settings.data)


def chosen(data: DataDirectory, version: str | None) -> tuple[Path, str]:
    """The corpus folder that is meant, and what people call it: the draft where there is one.

    Raises:
        VersionError: if there is no such version.
    """
    if version is None and Draft.exists(data):
        return Draft.opened(data).folder, wording.LISTED_DRAFT
    if version is not None and version != _CURRENT:
        name = find_version(data, version)
        return data.version(name), wording.LISTED_VERSION.format(name=short(name))
    state = read_state(data)
    heading = (
        wording.LISTED_SEED if state is None else wording.LISTED_VERSION.format(name=short(state.current))
    )
    return current_folder(data), heading


def held(corpus: Path) -> dict[str, Transcript]:
    """The transcripts of a corpus folder by id; none where it has none yet."""
    try:
        return {transcript.id: transcript for transcript in load_transcripts(corpus)}
    except CorpusError as error:
        if error.code == "corpus_empty":
            return {}
        raise


def known(transcripts: Mapping[str, Transcript], id: str) -> Transcript:
    """The transcript with that id.

    Raises:
        UsageError: if there is none.
    """
    found = transcripts.get(id)
    if found is None:
        raise UsageError(wording.NOT_THERE.format(id=id))
    return found


def words_at(transcript: Transcript, words: str) -> int:
    """Where ``words`` stand in a transcript, once.

    Raises:
        UsageError: if they do not, or more than once.
    """
    count = transcript.text.count(words) if words else 0
    if count == 0:
        raise UsageError(wording.WORDS_NOT_FOUND.format(title=transcript.title, id=transcript.id))
    if count > 1:
        raise UsageError(wording.WORDS_TWICE.format(title=transcript.title, count=count))
    return transcript.text.index(words)

"""Every error this project raises on purpose.

::

    MinshengError
    ├── QuestionError            what was asked cannot be taken (empty, too long, control characters)
    ├── CorpusError              the corpus cannot be used
    │   ├── TranscriptError      one transcript: missing, unreadable, damaged
    │   ├── LexiconError         one lexicon file: a line that cannot be read or contradicts another
    │   └── FaqError             a set of FAQ cases, or a saved run of one: unreadable, empty, damaged
    ├── IndexFormatError         an index that is damaged, or of another format version
    ├── VersionError             a version, the draft or the data directory cannot be used or changed
    └── SettingsError            a setting outside its range, a fitted file that does not fit

Each carries a stable ``code`` (for programs), a message in plain Chinese that says what to do next
(for people), and an English ``detail`` (for logs).
"""

from __future__ import annotations

__all__ = [
    "CorpusError",
    "FaqError",
    "IndexFormatError",
    "LexiconError",
    "MinshengError",
    "QuestionError",
    "SettingsError",
    "TranscriptError",
    "VersionError",
]


class MinshengError(Exception):
    """Base of all errors of this project.

    Args:
        message: what happened and what to do next, in Chinese.
        code: a stable identifier, lower case with underscores.
        detail: the same for logs, in English; may name files, never what a resident asked.
    """

    default_code = "error"

    def __init__(self, message: str, *, code: str | None = None, detail: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.default_code
        self.detail = detail or message


class QuestionError(MinshengError):
    """What was asked cannot be taken as a question."""

    default_code = "question_invalid"


class CorpusError(MinshengError):
    """The corpus cannot be used."""

    default_code = "corpus_invalid"


class TranscriptError(CorpusError):
    """One transcript is missing, unreadable or damaged; the message names the file."""

    default_code = "transcript_invalid"


class LexiconError(CorpusError):
    """A lexicon file has a line that cannot be read, or that contradicts another."""

    default_code = "lexicon_invalid"


class FaqError(CorpusError):
    """A set of FAQ cases cannot be used, or a run of one cannot be read or kept."""

    default_code = "faq_invalid"


class IndexFormatError(MinshengError):
    """An index is damaged, or was written by another version of the format."""

    default_code = "index_invalid"


class VersionError(MinshengError):
    """A version, the draft or the data directory cannot be used or changed; nothing was lost."""

    default_code = "version_invalid"


class SettingsError(MinshengError):
    """A setting is outside its range, or the fitted file does not fit this program."""

    default_code = "settings_invalid"

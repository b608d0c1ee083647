"""``minsheng corpus expire`` and ``unexpire``: words that no longer hold."""

from __future__ import annotations

from typing import Annotated

import typer
from pydantic import ValidationError

from qa.commands import corpus_wording as wording
from qa.commands.corpus_shared import WhoOption, YesOption, at_work, chosen, held, known, words_at
from qa.commands.shared import FAILED, DataOption, UsageError, argument, confirmed, option
from qa.model import Transcript
from qa.transcripts.metadata import ExpiredWords, Replacement
from qa.versions.draft import Draft
from qa.versions.lock import changing, user

__all__ = ["expire", "unexpire"]


def expire(
    id: Annotated[str | None, argument(wording.ONE_ID, "编号")] = None,
    words: Annotated[str | None, option("--words", help=wording.WORDS, metavar="原文")] = None,
    start: Annotated[int | None, option("--start", help=wording.START, metavar="位置")] = None,
    end: Annotated[int | None, option("--end", help=wording.END, metavar="位置")] = None,
    reason: Annotated[str | None, option("--reason", help=wording.REASON, metavar="原因")] = None,
    since: Annotated[str | None, option("--since", help=wording.SINCE, metavar="日期")] = None,
    by: Annotated[str | None, option("--by", help=wording.BY, metavar="编号")] = None,
    by_words: Annotated[str | None, option("--by-words", help=wording.BY_WORDS, metavar="原文")] = None,
    instead: Annotated[str | None, option("--instead", help=wording.INSTEAD, metavar="说明")] = None,
    yes: YesOption = False,
    who: WhoOption = None,
    data: DataOption = None,
) -> None:
    """Marks words of a transcript as no longer holding."""
    if id is None:
        raise UsageError(wording.NO_ID)
    if not reason or not reason.strip():
        raise UsageError(wording.NO_REASON)
    if (by is None) != (by_words is None):
        raise UsageError(wording.BY_INCOMPLETE)
    if by is not None and instead is not None:
        raise UsageError(wording.BY_AND_INSTEAD)
    settings, directory = at_work(data)
    there = held(chosen(directory, None)[0])
    transcript = known(there, id)
    first, last = _span(transcript, words, start, end)
    replacement = None
    if by is not None and by_words is not None:
        at = words_at(known(there, by), by_words)
        replacement = Replacement(transcript=by, start=at, end=at + len(by_words))
    try:
        marked = ExpiredWords(
            start=first,
            end=last,
            words=transcript.text[first:last],
            reason=reason,
            since=since,
            replaced_by=replacement,
            replaced_text=instead,
        )
    except ValidationError as error:
        raise UsageError(wording.SINCE_BAD) from error
    typer.echo(f"《{transcript.title}》：“{marked.words}”")
    if not confirmed(wording.EXPIRE_ASK, yes):
        raise typer.Exit(FAILED)
    by_whom = who or user()
    with changing(directory, by_whom, "标记失效"):
        draft = Draft.begun(directory, settings, by_whom)
        before = draft.expired(id)
        if any(one.start < last and first < one.end for one in before):
            raise UsageError(wording.ALREADY_EXPIRED)
        draft.mark(id, (*before, marked))
    typer.echo(wording.EXPIRED_DONE.format(words=marked.words))


def _span(transcript: Transcript, words: str | None, start: int | None, end: int | None) -> tuple[int, int]:
    """Where the words stand that are marked, from the words or from a position."""
    length = len(transcript.text)
    if start is not None or end is not None:
        if start is None or end is None or not 0 <= start < end <= length:
            raise UsageError(wording.SPAN_BAD.format(length=length))
        return start, end
    if not words:
        raise UsageError(wording.NO_WORDS)
    at = words_at(transcript, words)
    return at, at + len(words)


def unexpire(
    id: Annotated[str | None, argument(wording.ONE_ID, "编号")] = None,
    words: Annotated[str | None, option("--words", help=wording.UNEXPIRE_WORDS, metavar="原文")] = None,
    every: Annotated[bool, option("--all", help=wording.ALL)] = False,
    who: WhoOption = None,
    data: DataOption = None,
) -> None:
    """Takes such marks off again."""
    if id is None:
        raise UsageError(wording.NO_ID)
    settings, directory = at_work(data)
    by = who or user()
    with changing(directory, by, "去掉失效标记"):
        draft = Draft.begun(directory, settings, by)
        marks = draft.expired(id)
        gone = marks if every else tuple(mark for mark in marks if mark.words.startswith(words or ""))
        if not gone:
            raise UsageError(wording.NO_MARK)
        if len(gone) > 1 and not every:
            told = "\n".join(f"  “{mark.words[:40]}”（{mark.reason}）" for mark in gone)
            raise UsageError(f"{wording.WHICH_MARK.format(count=len(gone))}\n{told}")
        draft.mark(id, tuple(mark for mark in marks if mark not in gone))
    typer.echo(wording.UNEXPIRED.format(count=len(gone)))

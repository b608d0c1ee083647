"""What ``minsheng corpus`` shows, as tables and as JSON."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from pydantic import TypeAdapter
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from qa.commands import corpus_wording as wording
from qa.commands.corpus_turns import FIRST_TURNS, turn_records, turn_table
from qa.commands.shared import write_line
from qa.coverage.compare import Change, Comparison
from qa.coverage.records import CaseResult
from qa.model import Expired, SourceUnit, Transcript, TurnKind
from qa.versions.checking import Checked
from qa.versions.difference import Difference
from qa.versions.intake import Proposal, questions_of, speakers_of
from qa.versions.layout import State, short

__all__ = [
    "change_lines",
    "checked_record",
    "comparison_record",
    "difference_lines",
    "difference_record",
    "expired_lines",
    "in_bytes",
    "listing",
    "local_time",
    "proposal_record",
    "proposal_table",
    "show",
    "transcript_record",
    "transcript_table",
    "version_table",
    "written",
]

_SHOWN: Final = 5
"""How many questions, or lines left out, a preview lists."""
_LINE: Final = 60
_KILO: Final = 1024
_DIFFERENCES: Final = TypeAdapter(tuple[Difference, ...])
_CHECKED: Final = TypeAdapter(Checked)


def show(shown: RenderableType) -> None:
    """Prints to standard output; where that is no terminal, lines are not folded."""
    console = Console(highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        console = Console(highlight=False, markup=False, emoji=False, width=200)
    console.print(shown, soft_wrap=isinstance(shown, Text))


def written(record: object) -> None:
    """Prints a record as one line of JSON."""
    write_line(json.dumps(record, ensure_ascii=False))


def checked_record(checked: Checked) -> object:
    """A check, as JSON."""
    return _CHECKED.dump_python(checked, mode="json")


def difference_record(found: Sequence[Difference]) -> object:
    """Differences, as JSON."""
    return _DIFFERENCES.dump_python(tuple(found), mode="json")


def _fields() -> Table:
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    return table


def proposal_table(proposal: Proposal, most: int | None = FIRST_TURNS) -> RenderableType:
    """What was understood of a file, with the first ``most`` of its turns (None: all)."""
    transcript = proposal.transcript
    table = _fields()
    table.add_row(wording.FILE, str(proposal.path))
    table.add_row(wording.WOULD_BE, proposal.id)
    _add_known(table, transcript)
    table.add_row(wording.QUESTIONS, _lines(questions_of(transcript)) or wording.NO_QUESTIONS)
    paged = transcript.source.unit is SourceUnit.PAGE
    left = [wording.left_out(found, paged=paged) for found in proposal.described.left_out]
    table.add_row(wording.LEFT_OUT, _lines(left) or wording.NOTHING_LEFT_OUT)
    if proposal.doubts:
        doubts = [wording.doubt(doubt) for doubt in proposal.doubts]
        table.add_row(Text(wording.DOUBTS, style="bold"), "\n".join(doubts))
    turns = turn_table(transcript, most)
    return Group(table, Text(), *((turns, Text()) if turns is not None else ()))


def _add_known(table: Table, transcript: Transcript) -> None:
    table.add_row(wording.TITLE_LABEL, transcript.title)
    table.add_row(wording.DATE_LABEL, wording.date(transcript))
    for label, value in (
        (wording.PUBLISHER_LABEL, transcript.publisher),
        (wording.URL_LABEL, transcript.url),
    ):
        if value:
            table.add_row(label, value)
    table.add_row(wording.SIZE_LABEL, str(len(transcript.text)))
    table.add_row(wording.TURNS_LABEL, wording.turns(transcript))
    speakers = [
        f"{speaker.name}（{speaker.office or wording.OFFICE_UNKNOWN}）×{count}"
        for speaker, count in speakers_of(transcript)
    ]
    table.add_row(wording.SPEAKERS, _lines(speakers, len(speakers)) or wording.NOBODY)


def _lines(texts: Sequence[str], most: int = _SHOWN) -> str:
    shown = [text if len(text) <= _LINE else f"{text[:_LINE]}……" for text in texts[:most]]
    if len(texts) > most:
        shown.append(wording.MORE.format(count=len(texts) - most))
    return "\n".join(" ".join(text.split()) for text in shown)


def proposal_record(proposal: Proposal) -> dict[str, object]:
    """What was understood of a file, as JSON."""
    published = proposal.described.published
    return {
        "file": str(proposal.path),
        **transcript_record(proposal.transcript),
        "speakers": [
            {"name": speaker.name, "office": speaker.office, "turns": count}
            for speaker, count in speakers_of(proposal.transcript)
        ],
        "questions": list(questions_of(proposal.transcript)),
        "said": turn_records(proposal.transcript),
        "published": None if published is None else published.value,
        "left_out": [
            {"kind": left.kind, "text": left.text, "place": left.place}
            for left in proposal.described.left_out
        ],
        "doubts": [{"kind": doubt.kind, "about": doubt.about} for doubt in proposal.doubts],
    }


def transcript_record(transcript: Transcript) -> dict[str, object]:
    """What is known of a transcript, as JSON."""
    date = transcript.date
    return {
        "id": transcript.id,
        "title": transcript.title,
        "title_basis": transcript.title_basis,
        "date": {
            "value": date.value,
            "precision": date.precision,
            "basis": date.basis,
            "from": date.source_words,
        },
        "publisher": transcript.publisher,
        "url": transcript.url,
        "source": {"name": transcript.source.name, "sha256": transcript.source.sha256},
        "characters": len(transcript.text),
        "turns": {kind: sum(t.kind is kind for t in transcript.turns) for kind in TurnKind},
        "expired": [_expired_record(transcript, expired) for expired in transcript.expired],
    }


def _expired_record(transcript: Transcript, expired: Expired) -> dict[str, object]:
    by = expired.replaced_by
    return {
        "start": expired.span.start,
        "end": expired.span.end,
        "words": expired.span.of(transcript.text),
        "reason": expired.reason,
        "since": expired.since,
        "replaced_by": None
        if by is None
        else {"transcript": by.transcript, "start": by.span.start, "end": by.span.end},
        "replaced_text": expired.replaced_text,
    }


def listing(heading: str, transcripts: Iterable[Transcript]) -> Table:
    """Transcripts, a line each."""
    table = Table(*wording.COLUMNS, title=heading, title_justify="left")
    for transcript in transcripts:
        asked = sum(turn.kind is TurnKind.QUESTION for turn in transcript.turns)
        table.add_row(
            transcript.id,
            wording.date(transcript),
            transcript.title,
            str(len(transcript.text)),
            str(asked),
            str(len(transcript.expired) or ""),
        )
    return table


def expired_lines(transcript: Transcript, others: Mapping[str, Transcript]) -> list[str]:
    """The words of a transcript that no longer hold, with why and what took their place."""
    lines = []
    for expired in transcript.expired:
        since = f"，{wording.SINCE_LABEL.format(since=expired.since)}" if expired.since else ""
        lines.append(f"“{expired.span.of(transcript.text)}”（{expired.reason}{since}）")
        by = expired.replaced_by
        if by is not None and by.transcript in others:
            words = by.span.of(others[by.transcript].text)
            lines.append(f"  {wording.REPLACED_BY.format(transcript=by.transcript, words=words)}")
        if expired.replaced_text:
            lines.append(f"  {wording.REPLACED_TEXT.format(text=expired.replaced_text)}")
    return lines


def difference_lines(found: Iterable[Difference]) -> list[str]:
    """Differences, a line each."""
    lines = []
    for one in found:
        title = f"《{one.title}》" if one.title else ""
        fields = "、".join(wording.FIELD.get(field, field) for field in one.fields)
        changed = f"：{fields}" if fields else ""
        part = wording.PART.get(one.part, one.part)
        lines.append(f"{wording.WHAT[one.what]}  {part}  {one.name}{title}{changed}")
    return lines


def transcript_table(transcript: Transcript) -> Table:
    """One transcript: what is known of it, who speaks, what is asked."""
    table = _fields()
    table.add_row(wording.WOULD_BE, transcript.id)
    _add_known(table, transcript)
    table.add_row(wording.QUESTIONS, _lines(questions_of(transcript), len(transcript.turns)))
    return table


def change_lines(comparison: Comparison) -> list[str]:
    """Every wording whose answer is not what it was, the worse ones first."""
    order = (Change.BROKEN, Change.VANISHED, Change.MOVED, Change.FIXED, Change.APPEARED)
    return [
        wording.CHANGED_ANSWER.format(
            change=wording.CHANGE[change],
            asked=changed.result.asked,
            before=_answer(changed.before),
            after=_answer(changed.after),
        )
        for change in order
        for changed in comparison.of(change)
    ]


def _answer(result: CaseResult | None) -> str:
    if result is None:
        return wording.NOT_ASKED
    quotes = [f"“{quote.quote}”（{quote.transcript}）" for quote in result.quotes]
    return " ".join("".join(quotes).split()) or wording.NO_QUOTE


def comparison_record(comparison: Comparison) -> dict[str, object]:
    """A comparison, as JSON: counts, and every wording that is not unchanged."""
    return {
        "before": comparison.before.corpus,
        "after": comparison.after.corpus,
        "counts": {str(change): count for change, count in comparison.counts.items()},
        "changes": [
            {
                "change": str(changed.change),
                "case": changed.result.case,
                "asked": changed.result.asked,
                "before": _quotes(changed.before),
                "after": _quotes(changed.after),
            }
            for changed in comparison.changes
            if changed.change is not Change.UNCHANGED
        ],
    }


def _quotes(result: CaseResult | None) -> list[dict[str, object]] | None:
    if result is None:
        return None
    return [
        {"transcript": quote.transcript, "start": quote.start, "end": quote.end, "quote": quote.quote}
        for quote in result.quotes
    ]


def in_bytes(size: int) -> str:
    """A size on disk: 3.2 MB."""
    amount = float(size)
    for unit in ("B", "KB", "MB"):
        if amount < _KILO:
            return f"{amount:.0f} {unit}" if unit == "B" else f"{amount:.1f} {unit}"
        amount /= _KILO
    return f"{amount:.1f} GB"


def local_time(when: str) -> str:
    """A recorded time as the clock on the wall showed it."""
    return datetime.fromisoformat(when).astimezone().strftime("%Y-%m-%d %H:%M")


def version_table(state: State, transcripts: Mapping[str, int], there: Collection[str]) -> Table:
    """Every switch, newest first; ``transcripts``: how many each version has, ``there``: which are left."""
    table = Table(*wording.VERSION_COLUMNS, "")
    newest = len(state.history) - 1
    for at in range(newest, -1, -1):
        done = state.history[at]
        count = transcripts.get(done.after)
        table.add_row(
            short(done.after),
            local_time(done.when),
            done.who,
            wording.KIND[done.kind],
            "" if count is None else str(count),
            done.why,
            wording.CURRENT_MARK if at == newest else "" if done.after in there else wording.PRUNED_MARK,
        )
    return table

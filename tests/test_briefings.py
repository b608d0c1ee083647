"""The eight published briefings, turn by turn, against tables written before anything read them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from qa.model import BriefingDate, Transcript
from qa.transcripts.catalogue import transcript_of
from qa.transcripts.dates import found_date
from qa.transcripts.formats import read_source
from qa.transcripts.metadata import Metadata

TABLES = sorted((Path(__file__).resolve().parent / "data" / "briefings").glob("*.yaml"))


def _transcript(path: Path) -> Transcript:
    known = {"title": path.stem, "source": {"name": path.name, "sha256": "0" * 64}}
    return transcript_of(
        "briefing", Metadata.model_validate(known), read_source(path.read_bytes(), path.name)
    )


def _rows(transcript: Transcript) -> list[list[Any]]:
    """Kind, speech, speaker, office, section, the turn replied to, and the place in the file of each turn."""
    rows = []
    for turn in transcript.turns:
        ranges = transcript.source.ranges(turn.span)
        name, office = (turn.speaker.name, turn.speaker.office) if turn.speaker else (None, None)
        known = [turn.kind.value, turn.speech.value, name, office, turn.section, turn.replies_to]
        rows.append([*known, ranges[0].start, ranges[-1].end])
    return rows


@pytest.mark.data
@pytest.mark.parametrize("table", TABLES, ids=lambda path: path.stem)
def test_every_turn_of_a_published_briefing(table: Path, data: Path) -> None:
    """Every turn has its kind, speaker, office, section, question and place in the file."""
    expected = yaml.safe_load(table.read_text(encoding="utf-8"))
    assert _rows(_transcript(data / "briefings" / expected["file"])) == expected["turns"]


@pytest.mark.data
@pytest.mark.parametrize("table", TABLES, ids=lambda path: path.stem)
def test_the_date_of_a_published_briefing(table: Path, data: Path) -> None:
    """Its title or byline states the day."""
    path = data / "briefings" / yaml.safe_load(table.read_text(encoding="utf-8"))["file"]
    found = found_date(_transcript(path).text, name=path.name)
    assert found == BriefingDate(table.stem[-10:], found.precision, found.basis)
    assert found.basis.value == "stated"


def test_all_eight_have_a_table() -> None:
    """No briefing is left out."""
    assert len(TABLES) == 8

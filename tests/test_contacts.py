"""Who to turn to: a contacts file with sources, and the office most likely in charge of a question."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from qa.engine import Engine
from qa.model import Answer, Status
from qa.settings import seed_corpus
from web.contacts import ContactsError, load_contacts, office_in_charge

SEED = seed_corpus() / "contacts.yaml"


def _in_charge(engine: Engine, question: str) -> str | None:
    contact = office_in_charge(engine.ask(question), load_contacts(SEED).offices, engine.offices)
    return contact.name if contact else None


def test_every_contact_says_where_it_was_published() -> None:
    contacts = load_contacts(SEED)
    assert contacts.hotline == "12345"
    assert contacts.hotline_source
    for office in contacts.offices:
        assert office.source
        assert re.search(r"局|委|办", office.name)


def test_the_offices_named_are_those_of_the_briefings(engine: Engine) -> None:
    said = "".join(transcript.text for transcript in engine.transcripts.values())
    for office in load_contacts(SEED).offices:
        assert any(name in said for name in office.names)


@pytest.mark.parametrize(
    ("question", "office"),
    [
        ("民政局星期六上班吗", "大足区民政局"),
        ("卫健委的门朝哪边开", "大足区卫生健康委（卫健委）"),
        ("离婚手续要排好长的队", "大足区民政局"),
        ("房产税怎么交", None),
        ("税务局在哪条街", None),
        ("今天天气怎么样", None),
    ],
)
def test_the_office_in_charge_is_named_or_nobody(engine: Engine, question: str, office: str | None) -> None:
    assert _in_charge(engine, question) == office


def test_whoever_speaks_in_the_nearest_passage_is_named_last(engine: Engine) -> None:
    near = next(known.citations for known in engine.known if known.topic == "疫苗接种")
    answer = Answer("打针痛不痛", Status.RELATED, 0.2, engine.corpus, related=near)
    found = office_in_charge(answer, load_contacts(SEED).offices, ())
    assert found is not None
    assert found.name == "大足区卫生健康委（卫健委）"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "- a",
        "hotline: {number: '1', name: x}",
        "hotline: {number: '1', name: x, source: y}\noffices: [{name: 民政局}]",
        "hotline: {number: '1', name: x, source: y}\noffices: [{name: 民政局, source: ' '}]",
        "hotline: [",
        "\x00",
    ],
)
def test_a_file_that_lacks_a_source_is_refused_in_plain_words(tmp_path: Path, text: str) -> None:
    path = tmp_path / "contacts.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(ContactsError, match="联系方式"):
        load_contacts(path)
    with pytest.raises(ContactsError):
        load_contacts(tmp_path / "missing.yaml")

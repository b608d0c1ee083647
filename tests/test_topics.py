"""Topics to browse, and questions near an answer: drawn from what the corpus answers, nothing else."""

from __future__ import annotations

import re
from dataclasses import replace

from starlette.testclient import TestClient

from qa.engine import Engine
from qa.settings import seed_corpus
from tests.tiny import TinyEngine
from web import wording
from web.app import create_app
from web.contacts import load_contacts
from web.ports import FixedEngine
from web.site import Site
from web.topics import Topics, related_questions, topics_of


def _topics(engine: Engine) -> Topics:
    return topics_of(engine.known, load_contacts(seed_corpus() / "contacts.yaml").offices, engine.offices)


def test_every_topic_has_questions_that_are_answered_and_a_plain_address(engine: Engine) -> None:
    topics = _topics(engine)
    every = (*topics.subjects, *topics.departments)
    assert topics.subjects
    assert topics.departments
    assert len({topic.slug for topic in every}) == len(every)
    for topic in every:
        assert re.fullmatch(r"[a-z0-9-]+", topic.slug)
        assert set(topic.questions) <= set(engine.suggestions)
        assert topic.questions
        assert topic.sections
        assert topics.find(topic.slug) is topic


def test_departments_are_those_who_speak_in_the_answers(engine: Engine) -> None:
    departments = {topic.name: topic.questions for topic in _topics(engine).departments}
    assert "民政局局长是谁？" in departments["大足区民政局"]
    assert "每千人口有多少个托位？" in departments["大足区卫生健康委（卫健委）"]


def test_two_names_that_sound_alike_have_two_addresses(engine: Engine) -> None:
    first, second = engine.known[0], engine.known[1]
    known = (replace(first, topic="公式"), replace(second, topic="公事"))
    slugs = [topic.slug for topic in topics_of(known, (), ()).subjects]
    assert slugs == ["gong-shi", "gong-shi-2"]


def test_every_section_linked_is_there_in_the_reader(client: TestClient, engine: Engine) -> None:
    for topic in _topics(engine).subjects:
        for section in topic.sections:
            address, _, anchor = section.href.partition("#")
            page = client.get(address)
            assert page.status_code == 200
            assert not anchor or f'id="{anchor}"' in page.text


def test_a_topics_page_asks_its_questions(client: TestClient, engine: Engine) -> None:
    listed = client.get("/topics").text
    for slug in re.findall(r'href="/topics/([^"]+)"', listed):
        page = client.get(f"/topics/{slug}").text
        assert re.findall(r'name="question" value="([^"]+)"', page)
    assert client.get("/topics/nothing").status_code == 404


def test_questions_near_an_answer_never_repeat_it(engine: Engine) -> None:
    for known in engine.known:
        near = related_questions(known.citations, known.question, engine.known, 6)
        assert known.question not in near
        assert len(near) == len(set(near)) <= 6


def test_questions_on_the_same_words_come_first(engine: Engine) -> None:
    answer = engine.ask("老旧小区加装了多少部电梯？")
    near = related_questions(answer.citations, answer.question, engine.known, 6)
    assert near[0] == "小区建了多少个停车场、装了多少充电桩？"


def test_a_corpus_without_topics_says_so() -> None:
    with TestClient(create_app(FixedEngine(TinyEngine(suggestions=())), Site())) as client:
        assert wording.TOPICS_EMPTY in client.get("/topics").text
        assert wording.TOPICS_BY_SUBJECT not in client.get("/").text

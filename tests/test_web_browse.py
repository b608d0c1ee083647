"""What the API offers beside answers: batches, typeahead, topics, transcripts, passages, version, caching."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from qa.batch import answer_line
from qa.engine import Engine
from qa.receipt import answer_digest, read_receipt, replay
from tests.tiny import BRIEFING
from web.app import create_app
from web.ports import FixedEngine
from web.site import Site

API = "/api/v1"
GETS = (
    "suggest?q=ylbx",
    "topics",
    "transcripts",
    "transcripts/dazu-2024-minsheng",
    "transcripts/dazu-2024-minsheng/passages?start=15&end=32",
    "version",
)


def _code(response: Any) -> str:
    assert response.headers["content-type"] == "application/problem+json"
    return str(response.json()["code"])


# --- batches and receipts ----------------------------------------------------------------------------


def test_one_bad_question_does_not_fail_the_rest(client: TestClient, engine: Engine) -> None:
    good = {"id": "1", "question": engine.suggestions[0]}
    sent = [good, {"id": "2", "question": ""}, 7, {"question": "没有编号"}, {"id": "5", "question": "\x00问"}]
    response = client.post(f"{API}/ask/batch", json={"questions": sent})
    assert response.status_code == 200
    answers = response.json()["answers"]
    assert [a["status"] for a in answers] == ["answered", "error", "error", "error", "error"]
    assert [a["id"] for a in answers] == ["1", "2", None, None, "5"]
    assert [a["problem"]["code"] for a in answers[1:]] == [
        "question_empty",
        "request_invalid",
        "request_invalid",
        "question_control",
    ]


def test_a_line_of_a_batch_is_the_command_lines_to_the_byte(client: TestClient, engine: Engine) -> None:
    line = '{"id":"k","question":"今天天气怎么样","hits":1}'
    response = client.post(
        f"{API}/ask/batch",
        content=f'{{"questions":[{line}]}}'.encode(),
        headers={"content-type": "application/json"},
    )
    assert response.text == f'{{"answers":[{answer_line(engine, line.encode()).json}]}}'


@pytest.mark.parametrize("questions", [[], [{"id": "1", "question": "问"}] * 51, "问", None])
def test_a_batch_that_is_none_is_refused(client: TestClient, questions: object) -> None:
    response = client.post(f"{API}/ask/batch", json={"questions": questions})
    assert (response.status_code, _code(response)) == (422, "request_invalid")


def test_a_receipt_from_the_api_replays(client: TestClient, engine: Engine) -> None:
    made = client.post(f"{API}/receipts", json={"question": engine.suggestions[0], "hits": 2})
    assert replay(read_receipt(made.content), engine).same


def test_an_answers_header_is_what_its_receipt_says(client: TestClient, engine: Engine) -> None:
    asked = {"question": engine.suggestions[0], "id": "k-1"}
    header = client.post(f"{API}/ask", json=asked).headers["minsheng-receipt"]
    assert f'answer="{answer_digest(engine.ask(engine.suggestions[0]))}"' in header
    assert f'corpus="{engine.corpus}"' in header
    assert f'settings="{engine.settings_digest}"' in header


# --- browsing ----------------------------------------------------------------------------------------


def test_initials_suggest_a_question_that_is_answered(client: TestClient) -> None:
    found = client.get(f"{API}/suggest", params={"q": "ylbx"}).json()["suggestions"]
    assert found[0]["text"] == "养老保险"
    question = next(s["text"] for s in found if s["kind"] == "question")
    assert client.post(f"{API}/ask", json={"question": question}).json()["status"] == "answered"


def test_nothing_typed_suggests_nothing(client: TestClient) -> None:
    assert client.get(f"{API}/suggest", params={"q": ""}).json()["suggestions"] == []


@pytest.mark.parametrize(
    "query", ["", "q=" + "问" * 61, "q=y&limit=0", "q=y&limit=21", "q=y&limit=x", "q=y&v=1"]
)
def test_a_wrong_parameter_is_named(client: TestClient, query: str) -> None:
    response = client.get(f"{API}/suggest?{query}")
    assert (response.status_code, _code(response)) == (422, "request_invalid")
    assert any(f"参数 {name}" in response.json()["detail"] for name in ("q", "limit", "v"))


def test_every_question_under_a_topic_is_answered(client: TestClient, engine: Engine) -> None:
    topics = client.get(f"{API}/topics").json()["topics"]
    questions = [question for topic in topics for question in topic["questions"]]
    assert sorted(questions) == sorted(engine.suggestions)


def test_the_transcripts_are_listed_newest_first(client: TestClient, engine: Engine) -> None:
    found = client.get(f"{API}/transcripts").json()
    assert (found["page"], found["pages"], found["total"]) == (1, 1, len(engine.transcripts))
    values = [t["date"]["value"] for t in found["transcripts"]]
    assert values == sorted(values, reverse=True)


def test_a_page_there_is_not_is_a_404(client: TestClient) -> None:
    response = client.get(f"{API}/transcripts?page=2")
    assert (response.status_code, _code(response)) == (404, "not_found")


def test_a_transcript_and_its_passages_read_alike(client: TestClient, engine: Engine) -> None:
    for name in engine.transcripts:
        whole = client.get(f"{API}/transcripts/{name}").json()
        assert whole["length"] == len(whole["text"])
        for section in whole["sections"]:
            assert whole["text"][section["start"] : section["end"]].split() == section["title"].split()
        passages = client.get(f"{API}/transcripts/{name}/passages").json()["passages"]
        assert passages
        for passage in passages:
            assert whole["text"][passage["start"] : passage["end"]] == passage["text"]


def test_the_passages_around_a_citation_hold_it(client: TestClient, engine: Engine) -> None:
    answer = client.post(f"{API}/ask", json={"question": engine.suggestions[0]}).json()
    cited = answer["citations"][0]
    around = client.get(
        f"{API}/transcripts/{cited['transcript']}/passages",
        params={"start": cited["start"], "end": cited["end"]},
    ).json()["passages"]
    assert 1 <= len(around) <= 2
    assert around[0]["start"] <= cited["start"] < around[0]["end"]


def test_an_id_may_hold_a_slash(tiny: TestClient) -> None:
    assert tiny.get(f"{API}/transcripts/tiny%2F2022").json()["text"] == BRIEFING.text
    assert len(tiny.get(f"{API}/transcripts/tiny%2F2022/passages").json()["passages"]) == 1


@pytest.mark.parametrize("path", ["transcripts/nothing", "transcripts/nothing/passages"])
def test_a_transcript_there_is_not_is_a_404(client: TestClient, path: str) -> None:
    response = client.get(f"{API}/{path}")
    assert (response.status_code, _code(response)) == (404, "not_found")


def test_feedback_is_taken_and_says_whether_it_is_kept(client: TestClient) -> None:
    said = {"question_id": "0" * 32, "helpful": False, "reason": "旧了"}
    assert client.post(f"{API}/feedback", json=said).json() == {"kept": False}  # this site keeps no records


# --- caching -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", GETS)
def test_what_is_known_is_not_sent_again(client: TestClient, path: str) -> None:
    first = client.get(f"{API}/{path}")
    assert first.headers["cache-control"] == "public, no-cache"
    for known in (first.headers["etag"], f'"other", W/{first.headers["etag"]}', "*"):
        again = client.get(f"{API}/{path}", headers={"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]
    assert client.get(f"{API}/{path}", headers={"If-None-Match": '"other"'}).status_code == 200


def test_whatever_can_be_read_can_be_asked_for_conditionally(client: TestClient) -> None:
    calls = client.get("/api/openapi.json").json()["paths"]
    reads = {path.removeprefix(f"{API}/"): call["get"] for path, call in calls.items() if "get" in call}
    changing = {path for path, read in reads.items() if "304" not in read["responses"]}
    assert changing == {"health/live", "health/ready", "metrics"}
    assert len(reads) - len(changing) == len(GETS)


@pytest.mark.parametrize("path", GETS)
def test_an_address_with_the_version_never_changes(client: TestClient, engine: Engine, path: str) -> None:
    join = "&" if "?" in path else "?"
    for version in (engine.corpus, engine.corpus.removeprefix("sha256:")[:12]):
        response = client.get(f"{API}/{path}{join}v={version}")
        assert response.status_code == 200
        assert "immutable" in response.headers["cache-control"]
    other = client.get(f"{API}/{path}{join}v={'0' * 12}")
    assert (other.status_code, _code(other)) == (404, "version_not_current")
    assert other.headers["cache-control"] == "no-store"


def test_another_version_has_another_etag(client: TestClient, tiny: TestClient) -> None:
    etags = {site.get(f"{API}/version").headers["etag"] for site in (client, tiny)}
    assert len(etags) == 2


# --- operation ---------------------------------------------------------------------------------------


def test_the_version_says_what_answers(client: TestClient, engine: Engine) -> None:
    told = client.get(f"{API}/version").json()
    assert (told["corpus"], told["settings"]) == (engine.corpus, engine.settings_digest)
    assert told["transcripts"] == len(engine.transcripts)


def test_health_says_how_the_parts_are(client: TestClient, engine: Engine) -> None:
    assert client.get(f"{API}/health/live").json() == {"status": "ok", "checks": {}}
    checks = client.get(f"{API}/health/ready").json()["checks"]
    assert checks == {"version": engine.corpus[7:19], "records": "off"}


def test_a_service_without_transcripts_is_not_ready(tiny: TestClient) -> None:
    from tests.tiny import TinyEngine

    with TestClient(create_app(FixedEngine(TinyEngine(transcripts={})), Site())) as empty:
        response = empty.get(f"{API}/health/ready")
    assert (response.status_code, _code(response)) == (503, "not_ready")
    assert response.headers["retry-after"]


def test_metrics_count_routes_and_never_hold_what_was_asked(engine: Engine) -> None:
    with TestClient(create_app(FixedEngine(engine), Site())) as fresh:
        for _ in range(3):
            fresh.post(f"{API}/ask", json={"question": "秘密的问题"})
        fresh.get(f"{API}/suggest?q=秘密的问题")
        fresh.get("/transcripts/秘密的问题")
        fresh.get("/秘密的问题")
        told = fresh.get(f"{API}/metrics").text
    assert 'minsheng_requests_total{method="POST",route="/api/v1/ask",status="200"} 3.0' in told
    assert 'minsheng_request_seconds_count{route="/api/v1/ask"} 3.0' in told
    assert 'route="other",status="404"' in told
    assert "minsheng_questions_inside 0.0" in told
    assert "秘密" not in told
    assert "%E7" not in told

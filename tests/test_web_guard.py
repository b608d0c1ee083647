"""Who may call the API and how often, how many are answered at a time, and what is said of each request."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.tiny import TinyEngine
from web.app import create_app
from web.logs import make_log
from web.ports import FixedEngine
from web.records.model import Scope
from web.records.ports import Records
from web.records.store import open_records
from web.service import Service
from web.settings import WebSettings
from web.site import Site

ASK = "/api/v1/ask"
QUESTION = {"question": "大厅几点开门"}


@pytest.fixture
def records(tmp_path: Path) -> Records:
    return open_records(WebSettings(records=f"sqlite:///{tmp_path / 'records.db'}"), tmp_path)


@pytest.fixture
def limited(records: Records) -> Iterator[TestClient]:
    """Three requests an hour for an address, a thousand for a key."""
    service = Service(rate="3/hour", key_rate="1000/hour")
    with TestClient(create_app(FixedEngine(TinyEngine()), Site(), records, service)) as client:
        yield client


def _key(records: Records, *scopes: Scope, per_minute: int | None = None) -> dict[str, str]:
    assert records.staff is not None
    made = records.staff.keys.add("大厅一号机", scopes or (Scope.ASK,), per_minute=per_minute)
    return {"Authorization": f"Bearer {made.secret}"}


def _code(response: Any, status: int) -> str:
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    return str(response.json()["code"])


# --- rates and keys ----------------------------------------------------------------------------------


def test_an_address_has_its_rate_and_is_told_when_to_come_again(limited: TestClient) -> None:
    for left in (2, 1, 0):
        response = limited.post(ASK, json=QUESTION)
        assert response.status_code == 200
        assert response.headers["ratelimit-policy"] == '"address";q=3;w=3600'
        assert re.fullmatch(rf'"address";r={left};t=\d+', response.headers["ratelimit"])
    refused = limited.post(ASK, json=QUESTION)
    assert _code(refused, 429) == "rate_limited"
    assert 1 <= int(refused.headers["retry-after"]) <= 3600
    assert refused.headers["ratelimit"].startswith('"address";r=0;')
    assert refused.headers["cache-control"] == "no-store"
    assert refused.headers["x-request-id"]


def test_health_has_no_rate(limited: TestClient) -> None:
    for _ in range(9):
        response = limited.get("/api/v1/health/ready")
        assert response.status_code == 200
        assert "ratelimit" not in response.headers


def test_a_batch_counts_as_its_questions(limited: TestClient) -> None:
    asked = {"questions": [{"id": str(n), **QUESTION} for n in range(4)]}
    assert _code(limited.post(f"{ASK}/batch", json=asked), 429) == "rate_limited"
    asked["questions"].pop()
    assert _code(limited.post(f"{ASK}/batch", json=asked), 429) == "rate_limited"  # the first try counts
    asked["questions"].pop()
    response = limited.post(f"{ASK}/batch", json={"questions": asked["questions"][:1]})
    assert response.headers["ratelimit"].startswith('"address";r=0;')


def test_kiosks_behind_one_address_have_their_own_rates(limited: TestClient, records: Records) -> None:
    first, second = _key(records, per_minute=2), _key(records)
    assert [limited.post(ASK, json=QUESTION, headers=first).status_code for _ in range(3)] == [200, 200, 429]
    response = limited.post(ASK, json=QUESTION, headers=second)
    assert response.headers["ratelimit-policy"] == '"key";q=1000;w=3600'
    assert limited.post(ASK, json=QUESTION).status_code == 200


@pytest.mark.parametrize(
    "given", ["Bearer wrong", "Bearer ms_000000000000_" + "x" * 43, "Basic eDp5", "Bearer", "x"]
)
def test_a_wrong_key_is_refused_even_where_none_is_needed(limited: TestClient, given: str) -> None:
    response = limited.post(ASK, json=QUESTION, headers={"Authorization": given})
    assert _code(response, 401) == "key_invalid"
    assert response.headers["www-authenticate"].startswith("Bearer")


def test_a_key_opens_what_its_scopes_say(limited: TestClient, records: Records) -> None:
    feedback = _key(records, Scope.FEEDBACK)
    assert _code(limited.post(ASK, json=QUESTION, headers=feedback), 403) == "scope_missing"
    said = {"question_id": "0" * 32, "helpful": True}
    assert limited.post("/api/v1/feedback", json=said, headers=feedback).status_code == 200
    assert _code(limited.get("/api/v1/metrics", headers=feedback), 403) == "scope_missing"


def test_a_key_is_replaced_without_a_pause(limited: TestClient, records: Records) -> None:
    old = _key(records)
    assert records.staff is not None
    (kept,) = records.staff.keys.list()
    new = records.staff.keys.rotate(kept.id, timedelta(hours=1))
    for secret in (old["Authorization"], f"Bearer {new.secret}"):
        assert limited.post(ASK, json=QUESTION, headers={"Authorization": secret}).status_code == 200
    records.staff.keys.revoke(kept.id)
    assert _code(limited.post(ASK, json=QUESTION, headers=old), 401) == "key_invalid"


def test_a_key_ends_when_it_was_said_to(limited: TestClient, records: Records) -> None:
    assert records.staff is not None
    ends = datetime.now(UTC) + timedelta(seconds=2)
    made = records.staff.keys.add("试用", (Scope.ASK,), expires=ends)
    key = {"Authorization": f"Bearer {made.secret}"}
    assert limited.post(ASK, json=QUESTION, headers=key).status_code == 200
    while datetime.now(UTC) <= ends:
        time.sleep(0.1)
    assert _code(limited.post(ASK, json=QUESTION, headers=key), 401) == "key_invalid"


def test_what_each_key_did_is_counted(limited: TestClient, records: Records) -> None:
    assert records.staff is not None
    asking, telling = _key(records), _key(records, Scope.FEEDBACK)
    for key in (asking, asking, telling):
        limited.post(ASK, json=QUESTION, headers=key)
    records.stop()
    today = datetime.now(UTC).date()
    days = (today - timedelta(days=1), today + timedelta(days=1))
    keys = records.staff.keys
    done = [usage for kept in keys.list() for usage in keys.usage(kept.id, *days)]
    assert sorted((usage.taken, usage.refused) for usage in done) == [(0, 1), (2, 0)]


def test_an_operator_can_require_a_key(records: Records) -> None:
    service = Service(require_key=True)
    with TestClient(create_app(FixedEngine(TinyEngine()), Site(), records, service)) as client:
        assert _code(client.post(ASK, json=QUESTION), 401) == "key_missing"
        assert client.get("/api/v1/health/live").status_code == 200
        assert client.post("/", data=QUESTION).status_code == 200  # residents need none
        assert client.post(ASK, json=QUESTION, headers=_key(records)).status_code == 200


def test_feedback_on_an_answer_is_kept(limited: TestClient, records: Records) -> None:
    asked = limited.post(ASK, json=QUESTION)
    said = {"question_id": asked.headers["question-id"], "helpful": False, "reason": "打 13812345678 问我"}
    assert limited.post("/api/v1/feedback", json=said).json() == {"kept": True}
    records.stop()
    (kept,) = records.feedback.newest(9)
    assert (kept.helpful, "13812345678" in kept.reason) == (False, False)


def test_households_of_the_newer_internet_share_a_rate() -> None:
    app = create_app(FixedEngine(TinyEngine()), Site(), None, Service(rate="1/hour"))
    answered = [
        TestClient(app, client=(host, 1)).post(ASK, json=QUESTION).status_code
        for host in ("2001:db8::1", "2001:db8::2", "2001:db8:0:1::1", "192.0.2.1", "192.0.2.2")
    ]
    assert answered == [200, 429, 200, 200, 200]


# --- how many at a time ------------------------------------------------------------------------------


def test_whoever_comes_when_too_many_wait_is_sent_away_at_once() -> None:
    going, done = threading.Event(), threading.Event()

    class Slow(TinyEngine):
        def ask(self, question: str, **how: Any) -> Any:
            going.set()
            assert done.wait(10)
            return super().ask(question, **how)

    app = create_app(FixedEngine(Slow()), Site(), None, Service(at_work=1, waiting=0))
    with TestClient(app) as client:
        statuses: list[int] = []
        first = threading.Thread(target=lambda: statuses.append(client.post(ASK, json=QUESTION).status_code))
        first.start()
        assert going.wait(10)
        refused = client.post(ASK, json=QUESTION)
        assert _code(refused, 429) == "overloaded"
        assert refused.headers["retry-after"] == "1"
        page = client.post("/", data=QUESTION)
        assert page.status_code == 429
        assert "text/html" in page.headers["content-type"]
        assert "minsheng_questions_refused_total 2.0" in client.get("/api/v1/metrics").text
        done.set()
        first.join(10)
        assert statuses == [200]
        assert client.post(ASK, json=QUESTION).status_code == 200


def test_whoever_is_sent_away_gets_what_every_response_carries(capsys: pytest.CaptureFixture[str]) -> None:
    going, done = threading.Event(), threading.Event()

    class Slow(TinyEngine):
        def ask(self, question: str, **how: Any) -> Any:
            going.set()
            assert done.wait(10)
            return super().ask(question, **how)

    app = create_app(FixedEngine(Slow()), Site(), None, Service(at_work=1, waiting=0, log="json"))
    with TestClient(app) as client:
        first = threading.Thread(target=lambda: client.post(ASK, json=QUESTION))
        first.start()
        assert going.wait(10)
        away = client.post(ASK, json=QUESTION)
        for call in ("ask", "ask/batch", "receipts"):
            away = client.post(f"/api/v1/{call}", json=QUESTION, headers={"X-Request-ID": "k-9"})
            assert _code(away, 429) == "overloaded"
            assert (away.headers["x-request-id"], away.headers["cache-control"]) == ("k-9", "no-store")
        anonymous = client.post(ASK, json=QUESTION, headers={"X-Request-ID": "a b"})
        assert re.fullmatch("[0-9a-f]{32}", anonymous.headers["x-request-id"])
        done.set()
        first.join(10)
        usual = client.post(ASK, json=QUESTION)
        time.sleep(1.2)  # the log tells once a second
        told = client.get("/api/v1/metrics").text
    own = {
        "content-length",
        "server-timing",
        "minsheng-receipt",
        "question-id",
        "ratelimit",
        "ratelimit-policy",
    }
    assert set(usual.headers) - own <= set(away.headers)
    assert f'minsheng_requests_total{{method="POST",route="{ASK}",status="429"}} 3.0' in told
    logged = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [line["requests"] for line in logged if line["event"] == "turned_away"] == [5]


# --- request ids and the log -------------------------------------------------------------------------


def test_a_good_request_id_is_echoed_and_a_bad_one_replaced(limited: TestClient) -> None:
    for given in ("k-17", "a" * 64, "2026.11_22"):
        response = limited.get("/api/v1/health/live", headers={"X-Request-ID": given})
        assert response.headers["x-request-id"] == given
    for bad in (b"", b"a" * 65, b"<b>", "问".encode(), b"a b"):
        response = limited.get("/api/v1/health/live", headers={b"X-Request-ID": bad})
        assert re.fullmatch("[0-9a-f]{32}", response.headers["x-request-id"])


def test_an_unforeseen_error_names_its_request() -> None:
    app = create_app(FixedEngine(TinyEngine()), Site())
    with TestClient(app, raise_server_exceptions=False) as client:
        response = client.post(ASK, json={"question": "炸"}, headers={"X-Request-ID": "k-1"})
    assert _code(response, 500) == "internal_error"
    assert response.headers["x-request-id"] == "k-1"


def test_the_log_has_a_line_a_request_and_never_what_was_asked(
    records: Records, capsys: pytest.CaptureFixture[str]
) -> None:
    service = Service(log="json")
    with TestClient(create_app(FixedEngine(TinyEngine()), Site(), records, service)) as client:
        key = _key(records)
        client.post(ASK, json={"question": "秘密"}, headers={"X-Request-ID": "k-1", **key})
        client.get("/api/v1/suggest?q=秘密")
        client.get("/秘密")
    lines = capsys.readouterr().err.splitlines()
    first, second, third = (json.loads(line) for line in lines)
    assert (first["id"], first["route"], first["status"], first["level"]) == ("k-1", ASK, 200, "info")
    assert first["ms"] >= 0
    assert first["key"] in key["Authorization"]
    assert key["Authorization"].removeprefix("Bearer ") not in lines[0]
    assert (second["route"], third["route"], third["status"]) == ("/api/v1/suggest", "other", 404)
    assert "秘密" not in "".join(lines)
    assert "%E7" not in "".join(lines)


def test_the_log_can_be_for_people_or_off(capsys: pytest.CaptureFixture[str]) -> None:
    log = make_log("text")
    assert log is not None
    log.info("request", status=200)
    assert "status=200" in capsys.readouterr().err
    assert make_log("off") is None


# --- settings ----------------------------------------------------------------------------------------


def test_settings_make_a_service() -> None:
    service = WebSettings(rate="", key_rate="5/second", waiting=2, log="off").service()
    assert (service.rate, service.key_rate, service.waiting) == (None, "5/second", 2)


def test_a_rate_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(ValueError, match="rate"):
        WebSettings(rate="often")

"""The client and the curl commands of the page about the API, both against a real server."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from re import findall

import httpx2
import pytest

from qa.batch import LineError, LineIn
from qa.client import ApiProblem, ApiUnreachable, Client
from qa.engine import Engine
from qa.receipt import replay
from qa.wire import AnswerOut, answer_out
from tests.serving import served
from web.app import create_app
from web.ports import FixedEngine
from web.records.model import Scope
from web.records.store import open_records
from web.service import Service
from web.settings import WebSettings
from web.site import Site

ASKED = "打加强针要满足什么条件？"


@dataclass(frozen=True)
class Server:
    url: str
    key: str


@pytest.fixture(scope="module")
def server(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("records")
    records = open_records(WebSettings(records=f"sqlite:///{folder / 'records.db'}"), folder)
    service = Service(rate="60/minute", key_rate="6000/minute")
    with served(create_app(FixedEngine(engine), Site(), records, service)) as url:
        assert records.staff is not None
        scopes = (Scope.ASK, Scope.FEEDBACK, Scope.METRICS)
        yield Server(url, records.staff.keys.add("测试", scopes).secret)


@pytest.fixture(scope="module")
def client(server: Server) -> Iterator[Client]:
    with Client(server.url, key=server.key) as made:
        yield made


# --- the client --------------------------------------------------------------------------------------


def test_an_answer_is_what_the_engine_says_and_its_receipt_replays(client: Client, engine: Engine) -> None:
    asked = client.ask(f" {ASKED}我的号码是13812345678 ", hits=2, id="k")
    assert asked.answer == answer_out(engine.ask(f"{ASKED}我的号码是13812345678", hits=2), "k")
    assert asked.answer.citations[0].quote
    assert replay(asked.receipt, engine).same
    assert "138" not in asked.receipt.to_json()


def test_a_follow_up_takes_what_it_lacks(client: Client, engine: Engine) -> None:
    history = ("参加养老保险要缴多少钱",)
    asked = client.ask("那医保呢", history=history, repair=False)
    assert asked.answer == answer_out(engine.ask("那医保呢", history=history, repair=False))
    assert replay(asked.receipt, engine).same


def test_a_batch_gives_answers_and_errors_in_order(client: Client) -> None:
    good, bad = client.batch([LineIn(id="1", question=ASKED), LineIn(id="2", question="")])
    assert isinstance(good, AnswerOut)
    assert isinstance(bad, LineError)
    assert (good.id, bad.problem.code) == ("1", "question_empty")


def test_every_other_call_gives_its_record(client: Client, engine: Engine) -> None:
    assert client.suggest("ylbx", limit=1)[0].text == "养老保险"
    assert client.topics()
    listed = list(client.transcripts())
    assert {t.id for t in listed} == set(engine.transcripts)
    whole = client.transcript(listed[0].id)
    assert whole.text == engine.transcripts[whole.id].text
    (around, *_) = client.passages(whole.id, start=15, end=32)
    assert whole.text[around.start : around.end] == around.text
    assert client.version().corpus == engine.corpus
    assert client.live().status == "ok"
    assert client.ready().checks["records"] == "ok"
    assert "minsheng_requests_total" in client.metrics()
    assert replay(client.receipt(ASKED), engine).same


def test_feedback_names_the_question_by_its_id(client: Client) -> None:
    asked = client.ask(ASKED)
    assert asked.question_id is not None
    assert client.feedback(asked.question_id, helpful=True)


def test_a_problem_is_an_error_with_its_code_and_its_words(client: Client) -> None:
    with pytest.raises(ApiProblem, match="请先写下您想问的问题") as caught:
        client.ask("")
    assert (caught.value.code, caught.value.problem.status) == ("question_empty", 422)
    assert caught.value.request_id
    with pytest.raises(ApiProblem) as caught:
        client.transcript("没有/这份")
    assert caught.value.code == "not_found"


def test_a_wrong_key_is_told(server: Server) -> None:
    with Client(server.url, key="wrong") as wrong, pytest.raises(ApiProblem) as caught:
        wrong.version()
    assert caught.value.code == "key_invalid"


def test_a_server_that_is_away_is_told(tmp_path: Path) -> None:
    with (
        Client("http://127.0.0.1:9", retries=1, patience=0) as away,
        pytest.raises(ApiUnreachable, match="没有应答"),
    ):
        away.version()


def _told(*responses: httpx2.Response) -> tuple[httpx2.MockTransport, list[httpx2.Request]]:
    waiting, seen = iter(responses), list[httpx2.Request]()

    def handle(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        return next(waiting)

    return httpx2.MockTransport(handle), seen


def _busy(seconds: str) -> httpx2.Response:
    problem = {"type": "/api#overloaded", "title": "忙", "status": 429, "detail": "忙", "code": "overloaded"}
    return httpx2.Response(429, json=problem, headers={"Retry-After": seconds, "X-Request-ID": "r-1"})


def test_whoever_is_told_to_come_again_does(engine: Engine) -> None:
    live = httpx2.Response(200, json={"status": "ok", "checks": {}})
    transport, seen = _told(_busy("0"), httpx2.Response(503, headers={"Retry-After": "0"}), live)
    with Client("http://kiosk", transport=transport) as patient:
        assert patient.live().status == "ok"
    assert len(seen) == 3


def test_a_wait_too_long_is_an_error_that_names_it() -> None:
    transport, seen = _told(_busy("3600"))
    with Client("http://kiosk", transport=transport) as patient, pytest.raises(ApiProblem) as caught:
        patient.live()
    assert (caught.value.retry_after, caught.value.request_id, len(seen)) == (3600.0, "r-1", 1)


def test_tries_come_to_an_end() -> None:
    transport, seen = _told(*[_busy("0")] * 3)
    with Client("http://kiosk", transport=transport) as patient, pytest.raises(ApiProblem):
        patient.live()
    assert len(seen) == 3


@pytest.mark.parametrize(
    "response", [httpx2.Response(502, text="<html>"), httpx2.Response(200, text="hello")]
)
def test_what_is_not_ours_is_told(response: httpx2.Response) -> None:
    transport, _ = _told(response)
    with Client("http://kiosk", transport=transport) as lost, pytest.raises(ApiUnreachable, match="看不懂"):
        lost.live()


# --- the commands on the page ------------------------------------------------------------------------


def test_every_command_on_the_page_works(server: Server, tmp_path: Path) -> None:
    page = httpx2.get(f"{server.url}/api").text
    document = httpx2.get(f"{server.url}/api/openapi.json").json()
    commands = findall(r'<code data-operation="(\w+)">(.*?)</code>', page.replace("\n", "\x00"))
    shown = [(operation, unescape(command).replace("\x00", "\n")) for operation, command in commands]
    operations = {call["operationId"] for calls in document["paths"].values() for call in calls.values()}
    assert {operation for operation, _ in shown} == operations
    environment = {**os.environ, "SITE": server.url, "KEY": server.key}
    for operation, command in shown:
        failing = command.replace("curl -s ", "curl -sS --fail-with-body ", 1)
        ran = subprocess.run(
            ["bash", "-euc", failing],
            env=environment,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=30,
        )
        assert ran.returncode == 0, (operation, ran.stdout, ran.stderr)
        if operation not in ("receipt", "metrics"):
            assert isinstance(json.loads(ran.stdout), dict), operation
    assert json.loads((tmp_path / "receipt.json").read_text("utf-8"))["receipt"] == 1

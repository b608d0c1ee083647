"""The API for kiosks: its contract, and what it says when something is wrong."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from starlette.testclient import TestClient

from qa.client import Client
from qa.engine import Engine
from qa.resources import ProblemOut
from qa.wire import AnswerOut
from web.api.recipes import RECIPES
from web.api_wording import PROBLEM_MEANINGS
from web.problems import _BY_STATUS, KNOWN

ROOT = Path(__file__).resolve().parent.parent
ASK = "/api/v1/ask"
MOBILE = "13812345678"
IDENTITY = "11010519491231002X"


def _problem(response: Any, status: int, code: str) -> ProblemOut:
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    problem = ProblemOut.model_validate_json(response.content)
    assert (problem.status, problem.code, problem.type) == (status, code, f"/api#{code}")
    assert re.search("[\u4e00-\u9fff]", problem.title + problem.detail)
    return problem


# --- answers -----------------------------------------------------------------------------------------


def test_every_suggestion_is_answered_with_quotes_to_the_character(
    client: TestClient, engine: Engine
) -> None:
    assert engine.suggestions
    for question in engine.suggestions:
        response = client.post(ASK, json={"question": question})
        assert response.status_code == 200
        assert response.headers["content-type"] == "application/json"
        answer = AnswerOut.model_validate_json(response.content)
        assert (answer.status, bool(answer.citations)) == ("answered", True), question
        for cited in answer.citations:
            assert cited.quote == engine.transcripts[cited.transcript].text[cited.start : cited.end]


def test_the_weather_is_refused_and_something_else_is_offered(client: TestClient) -> None:
    answer = AnswerOut.model_validate_json(client.post(ASK, json={"question": "今天天气怎么样"}).content)
    assert answer.status in ("no_answer", "related")
    assert answer.citations == []


def test_the_same_question_gives_the_same_bytes(client: TestClient, engine: Engine) -> None:
    asked = {"question": engine.suggestions[0], "hits": 3, "id": "k-1"}
    assert client.post(ASK, json=asked).content == client.post(ASK, json=asked).content


def test_the_time_taken_is_a_header(client: TestClient) -> None:
    response = client.post(ASK, json={"question": "今天天气怎么样"})
    assert re.fullmatch(r"ask;dur=\d+\.\d", response.headers["server-timing"])


def test_hits_are_there_exactly_when_asked_for(client: TestClient, engine: Engine) -> None:
    question = engine.suggestions[0]
    assert "hits" not in client.post(ASK, json={"question": question}).json()
    hits = client.post(ASK, json={"question": question, "hits": 1}).json()["hits"]
    assert len(hits) == 1


def test_the_id_is_echoed(client: TestClient) -> None:
    assert client.post(ASK, json={"question": "你好", "id": "机-7"}).json()["id"] == "机-7"


def test_three_hundred_code_points_are_taken_whatever_they_are(client: TestClient) -> None:
    for character in ("问", "\U00020000", "👵"):
        assert client.post(ASK, json={"question": character * 300}).status_code == 200


def test_answers_are_not_stored_by_anyone(client: TestClient) -> None:
    assert client.post(ASK, json={"question": "你好"}).headers["cache-control"] == "no-store"


# --- problems ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"question": ""}, "question_empty"),
        ({"question": " \n\u3000\t"}, "question_empty"),
        ({}, "question_empty"),
        ({"question": "问" * 301}, "question_too_long"),
        ({"question": "社保\x00怎么交"}, "question_control"),
        ({"question": "社保\x1b[31m怎么交"}, "question_control"),
        ({"question": 7}, "request_invalid"),
        ({"question": None}, "request_invalid"),
        ({"question": "社保", "hits": 101}, "request_invalid"),
        ({"question": "社保", "hits": -1}, "request_invalid"),
        ({"question": "社保", "history": ["一"] * 6}, "request_invalid"),
        ({"question": "社保", "history": ["问" * 301]}, "request_invalid"),
        ({"question": "社保", "history": [""]}, "request_invalid"),
        ({"question": "社保", "repair": "maybe"}, "request_invalid"),
        ({"question": "社保", "secret": True}, "request_invalid"),
        (["社保"], "request_invalid"),
        ("社保", "request_invalid"),
        (None, "request_invalid"),
    ],
)
def test_what_cannot_be_asked_is_a_422_with_a_code(client: TestClient, body: object, code: str) -> None:
    _problem(client.post(ASK, json=body), 422, code)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "request_invalid"),
        (b"{", "request_invalid"),
        (b"\xff\xfe", "request_invalid"),
        (b'{"question": "\\ud800"}', "question_control"),
        (b"[" * 20_000, "request_invalid"),
    ],
)
def test_a_body_that_is_no_json_is_a_422(client: TestClient, content: bytes, code: str) -> None:
    sent = client.post(ASK, content=content, headers={"content-type": "application/json"})
    _problem(sent, 422, code)


def test_a_form_is_not_taken_for_json(client: TestClient) -> None:
    _problem(client.post(ASK, data={"question": "社保"}), 422, "request_invalid")


def test_a_wrong_field_is_pointed_at(client: TestClient) -> None:
    problem = _problem(client.post(ASK, json={"question": "社保", "hits": "many"}), 422, "request_invalid")
    assert problem.pointer == "#/hits"


def test_an_unknown_address_is_a_404(client: TestClient) -> None:
    _problem(client.get("/api/v1/nothing"), 404, "not_found")


def test_a_wrong_method_is_a_405_that_names_the_right_one(client: TestClient) -> None:
    response = client.get(ASK)
    _problem(response, 405, "method_not_allowed")
    assert response.headers["allow"] == "POST"


def test_a_body_over_the_limit_is_a_413(client: TestClient) -> None:
    _problem(client.post(ASK, json={"question": "问" * 70_000}), 413, "body_too_large")


def test_a_body_over_the_limit_that_hides_its_length_is_a_413(client: TestClient) -> None:
    def chunks() -> Iterator[bytes]:
        for _ in range(9):
            yield b" " * 8192

    sent = client.post(ASK, content=chunks(), headers={"content-type": "application/json"})
    _problem(sent, 413, "body_too_large")


def test_a_failure_inside_is_a_500_that_says_nothing_of_the_question(tiny: TestClient) -> None:
    response = tiny.post(ASK, json={"question": "炸" + MOBILE})
    _problem(response, 500, "internal_error")
    assert MOBILE not in response.text
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("number", [MOBILE, IDENTITY])
@pytest.mark.parametrize(
    "body",
    [
        {"question": "我的号码是{}，社保怎么办？"},
        {"question": "{}" + "问" * 300},
        {"question": "{}\x00"},
        {"question": "社保", "history": ["{}" + "问" * 300]},
        {"question": "社保", "history": ["我的号码是{}"]},
        {"question": "社保", "{}": 1},
        {"question": ["{}"]},
    ],
)
def test_personal_data_never_comes_back(client: TestClient, body: dict[str, Any], number: str) -> None:
    sent = json.loads(json.dumps(body).replace("{}", number))
    response = client.post(ASK, json=sent)
    assert response.status_code in (200, 422)
    assert number not in response.text


# --- the OpenAPI document ----------------------------------------------------------------------------


@pytest.fixture(scope="session")
def document(client: TestClient) -> Mapping[str, Any]:
    response = client.get("/api/openapi.json")
    assert response.status_code == 200
    found: Mapping[str, Any] = response.json()
    return found


def _references(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for child in node.values():
            yield from _references(child)
    elif isinstance(node, list):
        for child in node:
            yield from _references(child)


def _schema(document: Mapping[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    """A schema that can stand alone, its references resolved against the document."""
    return {**schema, "components": document["components"]}


def _calls(document: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, call in methods.items():
            yield path, method, call


def _examples(content: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], Any]]:
    """The schema and the value of each example of a request's or a response's content."""
    for media in content.values():
        for example in media.get("examples", {}).values():
            yield media["schema"], example["value"]


def test_the_document_is_openapi_3_1_and_whole(document: Mapping[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    schemas = document["components"]["schemas"]
    for reference in _references(document):
        assert reference.removeprefix("#/components/schemas/") in schemas
    for schema in schemas.values():
        jsonschema.Draft202012Validator.check_schema(schema)


def test_every_call_has_a_name_a_group_and_words(document: Mapping[str, Any]) -> None:
    calls = list(_calls(document))
    named = [call["operationId"] for _, _, call in calls]
    assert len(set(named)) == len(named)
    groups = {tag["name"] for tag in document["tags"]}
    for _, _, call in calls:
        assert set(call["tags"]) <= groups
        assert call["summary"]
        assert call["description"]


def test_every_body_answer_and_problem_has_an_example_that_its_schema_allows(
    document: Mapping[str, Any],
) -> None:
    for path, method, call in _calls(document):
        bodies = [call["requestBody"]["content"]] if "requestBody" in call else []
        answers = [response["content"] for status, response in call["responses"].items() if status != "304"]
        for content in (*bodies, *answers):
            found = list(_examples(content))
            assert found, (path, method, list(content))
            for schema, value in found:
                jsonschema.validate(value, _schema(document, schema))


def test_every_problem_a_call_can_have_is_shown_under_its_status(document: Mapping[str, Any]) -> None:
    for _, _, call in _calls(document):
        assert {"405", "500"} < set(call["responses"])
        for status, response in call["responses"].items():
            if int(status) < 400:
                continue
            assert list(response["content"]) == ["application/problem+json"]
            for code, example in response["content"]["application/problem+json"]["examples"].items():
                assert (example["value"]["code"], example["value"]["status"]) == (code, int(status))
                assert KNOWN[code][0] == int(status)


def test_the_documents_requests_are_answered_as_documented(
    client: TestClient, document: Mapping[str, Any]
) -> None:
    for path, method, call in _calls(document):
        content = call.get("requestBody", {}).get("content", {})
        address = path.replace("{transcript_id}", "dazu-2024-minsheng")
        typed = {"q": "ylbx"} if path.endswith("/suggest") else {}
        for body in [value for _, value in _examples(content)] or [None]:
            response = client.request(method.upper(), address, json=body, params=typed)
            assert response.status_code == 200, (path, response.text)
            documented = call["responses"]["200"]
            kind = response.headers["content-type"].partition(";")[0]
            assert kind in documented["content"]
            if kind == "application/json":
                schema = _schema(document, documented["content"][kind]["schema"])
                jsonschema.validate(response.json(), schema)
            for name in ("X-Request-ID", "ETag", "Server-Timing", "Minsheng-Receipt"):
                assert (name in response.headers) <= (name in documented["headers"]), (path, name)


# --- codes -------------------------------------------------------------------------------------------


def test_every_code_is_explained_on_the_page_problems_point_to(client: TestClient) -> None:
    page = client.get("/api")
    assert page.status_code == 200
    assert set(PROBLEM_MEANINGS) == set(KNOWN)
    for code in KNOWN:
        assert f'id="{code}"' in page.text


def test_the_client_and_the_page_have_every_call(document: Mapping[str, Any], client: TestClient) -> None:
    calls = {call["operationId"] for path in document["paths"].values() for call in path.values()}
    methods = {name for name in vars(Client) if not name.startswith("_")} - {"close"}
    assert {"batch" if call == "askBatch" else call for call in calls} == methods
    assert calls == {recipe.operation for recipe in RECIPES}


def test_how_the_interface_may_change_stands_on_the_page_and_in_the_document(
    client: TestClient, document: Mapping[str, Any]
) -> None:
    page = client.get("/api").text
    assert 'id="deprecation"' in page
    for told in (page, document["info"]["description"]):
        assert re.search("六个月|six months", told)
        for named in ("Deprecation", "Sunset", "RFC 9745", "RFC 8594"):
            assert named in told


def test_every_code_that_is_raised_is_listed_and_every_listed_code_is_raised() -> None:
    raised = set()
    for path in (ROOT / "qa" / "wire.py", *sorted((ROOT / "web").rglob("*.py"))):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("RequestRefused", "known_problem"):
                raised |= {a.value for a in node.args[:1] if isinstance(a, ast.Constant)}
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "QuestionError":
                raised |= {k.value.value for k in node.keywords if isinstance(k.value, ast.Constant)}
    assert raised | set(_BY_STATUS.values()) == set(KNOWN)


def test_every_code_is_a_problem_of_some_call(document: Mapping[str, Any]) -> None:
    shown = {
        code
        for _, _, call in _calls(document)
        for status, response in call["responses"].items()
        if int(status) >= 400
        for code in response["content"]["application/problem+json"]["examples"]
    }
    assert shown == set(KNOWN)


@pytest.mark.parametrize("address", ["/docs", "/redoc", "/openapi.json"])
def test_pages_that_load_from_elsewhere_are_off(client: TestClient, address: str) -> None:
    assert client.get(address).status_code == 404

"""Whatever schemathesis makes of the OpenAPI document, the API answers as the document says."""

from __future__ import annotations

from pathlib import Path

from qa.engine import Engine
from tests.schema_run import run_schemathesis
from tests.serving import served
from web.app import create_app
from web.ports import FixedEngine
from web.site import Site


def test_no_request_is_answered_otherwise_than_documented(engine: Engine, tmp_path: Path) -> None:
    with served(create_app(FixedEngine(engine), Site())) as url:
        assert run_schemathesis(url, tmp_path, examples=12, phases="examples,coverage,fuzzing") >= 500

"""The versions, as staff see them."""

from __future__ import annotations

from pathlib import Path

from starlette.testclient import TestClient

from qa.settings import Settings
from qa.versions.layout import DataDirectory
from qa.versions.publishing import switch
from qa.versions.serving import open_engine
from qa.versions.storing import store
from tests.staff import HALL, begun, tiny_corpus
from tests.staff_room import LOOPBACK, Desk
from web.app import create_app
from web.ports import FixedEngine
from web.records.store import SqlRecords
from web.site import Site
from web.staff import wording

PARK = "公园管理处今天介绍，公园早上六点开门。\n"


def test_versions_are_listed_with_what_changed(tmp_path: Path, records: SqlRecords) -> None:
    data = DataDirectory(tmp_path / "data")
    settings = Settings(data=data.root)
    first = begun(data, tiny_corpus(tmp_path / "first"))
    second = store(data, tiny_corpus(tmp_path / "second", {"hall-2022": HALL, "park-2023": PARK}), settings)
    switch(data, second, "王小明", "加一份<b>实录</b>")
    app = create_app(FixedEngine(open_engine(settings)), Site(), records)
    with TestClient(app, base_url=LOOPBACK) as client:
        client = Desk(client).sign_in("viewer").client
        page = client.get("/staff/versions").text
        assert "王小明" in page
        assert "加一份&lt;b&gt;实录" in page
        found = client.get(f"/staff/versions/compare?before={first}&after={second}").text
        assert "park-2023发布会" in found
        assert "hall-2022" not in found
        for name in ("..", "", "draft", first[:12]):
            assert (
                client.get("/staff/versions/compare", params={"before": name, "after": first}).status_code
                == 404
            )


def test_before_anything_was_published_the_page_says_so(desk: Desk) -> None:
    assert wording.VERSIONS_NONE in desk.sign_in("viewer").client.get("/staff/versions").text

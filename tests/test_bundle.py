"""Bundles: one signed file answers as its corpus does, and nothing that was tampered with is believed."""

from __future__ import annotations

import http.server
import logging
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from qa.bundle import (
    BundleError,
    check_bundle,
    new_key,
    open_bundle,
    read_header,
    read_private_key,
    read_public_key,
    write_bundle,
)
from qa.cli import run
from qa.engine import Engine
from qa.settings import Settings
from qa.wire import answer_out
from web.app import create_app
from web.bundles import BundleEngine
from web.site import Site
from web.watch import watch_bundle

QUESTION = "大厅几点开门？"
AGE = timedelta(days=30)


def _corpus(path: Path, hour: str) -> Settings:
    path.write_text(f'{{"id": "hall", "title": "大厅", "text": "便民大厅上午{hour}点开门。"}}\n', "utf-8")
    return Settings(corpus=path, data=path.parent / "var")


@dataclass(frozen=True)
class Files:
    """Two bundles, the second newer; their key, and another one's."""

    folder: Path
    old: Path
    new: Path
    key: Path
    other: Path


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    folder = tmp_path_factory.mktemp("bundles")
    made = Files(folder, folder / "old", folder / "new", new_key(folder / "key"), new_key(folder / "other"))
    private = read_private_key(folder / "key")
    write_bundle(_corpus(folder / "old.jsonl", "八"), private, made.old)
    write_bundle(_corpus(folder / "new.jsonl", "九"), private, made.new)
    return made


@pytest.fixture
def place(files: Files, tmp_path: Path) -> Path:
    path = tmp_path / "kiosk.bundle"
    path.write_bytes(files.old.read_bytes())
    return path


def _kiosk(place: Path | str, files: Files, tmp_path: Path, age: timedelta = AGE) -> BundleEngine:
    settings = Settings(data=tmp_path / "kiosk")
    return BundleEngine(str(place), read_public_key(files.key), settings, age, 3600)


def _hour(kiosk: BundleEngine) -> str:
    text = next(iter(kiosk.current.transcripts.values())).text
    return text[text.index("点") - 1]


# --- the file ----------------------------------------------------------------------------------------


def test_a_bundle_answers_as_its_corpus_does_to_the_byte(engine: Engine, tmp_path: Path) -> None:
    public = new_key(tmp_path / "key")
    header = write_bundle(Settings(), read_private_key(tmp_path / "key"), tmp_path / "b")
    opened, bundled = open_bundle(tmp_path / "b", read_public_key(public), Settings(data=tmp_path))
    assert opened == header
    assert (bundled.corpus, bundled.settings_digest) == (engine.corpus, engine.settings_digest)
    for question in (*engine.suggestions, "今天天气怎么样"):
        asked = answer_out(bundled.ask(question, hits=2)).to_json()
        assert asked == answer_out(engine.ask(question, hits=2)).to_json()


def test_the_settings_that_decide_travel_with_it(files: Files, tmp_path: Path) -> None:
    settings = _corpus(tmp_path / "c.jsonl", "十").model_copy(update={"as_of": "2030-01-02", "candidates": 3})
    write_bundle(settings, read_private_key(files.folder / "key"), tmp_path / "b")
    _, bundled = open_bundle(tmp_path / "b", read_public_key(files.key), Settings(data=tmp_path))
    assert (bundled.settings.as_of, bundled.settings.candidates) == ("2030-01-02", 3)


def test_one_byte_changed_anywhere_is_refused(files: Files, tmp_path: Path) -> None:
    whole = files.old.read_bytes()
    key = read_public_key(files.key)
    payload = whole.index(b"\n", whole.index(b"\n", whole.index(b"\n") + 1) + 1) + 1
    for at in {*range(0, payload, 7), *range(payload, len(whole), len(whole) // 60), len(whole) - 1}:
        changed = bytearray(whole)
        changed[at] ^= 1
        path = tmp_path / "changed"
        path.write_bytes(changed)
        with pytest.raises(BundleError) as caught:
            check_bundle(path, key)
        assert caught.value.code in ("bundle_signature", "bundle_damaged", "bundle_format"), at


def test_a_truncated_or_longer_file_is_refused(files: Files, tmp_path: Path) -> None:
    whole = files.old.read_bytes()
    for content in (b"", whole[:10], whole[:200], whole[: len(whole) // 2], whole[:-1], whole + b"x"):
        path = tmp_path / "cut"
        path.write_bytes(content)
        with pytest.raises(BundleError):
            open_bundle(path, read_public_key(files.key), Settings(data=tmp_path))


def test_another_ones_signature_is_refused(files: Files) -> None:
    with pytest.raises(BundleError) as caught:
        read_header(files.old, read_public_key(files.other))
    assert caught.value.code == "bundle_signature"


def test_a_newer_format_and_a_missing_file_are_told(files: Files, tmp_path: Path) -> None:
    path = tmp_path / "newer"
    path.write_bytes(files.old.read_bytes().replace(b"minsheng-bundle 1", b"minsheng-bundle 2", 1))
    with pytest.raises(BundleError, match="比这个程序新"):
        read_header(path, read_public_key(files.key))
    with pytest.raises(BundleError, match="打不开"):
        read_header(tmp_path / "nothing", read_public_key(files.key))


def test_keys_are_kept_from_others_and_never_replaced(files: Files) -> None:
    private = files.folder / "key"
    assert private.stat().st_mode & 0o077 == 0
    before = private.read_bytes()
    with pytest.raises(BundleError, match="没有动它"):
        new_key(private)
    assert private.read_bytes() == before
    for wrong in (files.key, files.old, files.folder / "nothing"):
        with pytest.raises(BundleError, match="密钥"):
            read_private_key(wrong)
        with pytest.raises(BundleError, match="密钥"):
            read_public_key(private if wrong == files.key else wrong)


# --- the command line --------------------------------------------------------------------------------


def test_the_command_makes_keys_and_a_bundle(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    corpus = _corpus(tmp_path / "c.jsonl", "八").corpus
    assert run(["bundle", "--new-key", str(tmp_path / "k")]) == 0
    made = ["bundle", "--key", str(tmp_path / "k"), "--out", str(tmp_path / "b"), "--corpus", str(corpus)]
    assert run(made) == 0
    assert "已写好数据包" in capsys.readouterr().out
    assert check_bundle(tmp_path / "b", read_public_key(tmp_path / "k.pub")).corpus.startswith("sha256:")
    assert run(["bundle"]) == 2
    assert run(["bundle", "--key", str(corpus), "--out", str(tmp_path / "c")]) == 1
    assert run([*made[:4], str(tmp_path / "no" / "b"), *made[5:]]) == 1
    assert "写不了" in capsys.readouterr().err


# --- the kiosk ---------------------------------------------------------------------------------------


def _changed(files: Files) -> bytes:
    whole = bytearray(files.new.read_bytes())
    whole[-9] ^= 1
    return bytes(whole)


def _signed_by_another(files: Files) -> bytes:
    path = files.folder / "foreign"
    write_bundle(_corpus(files.folder / "new.jsonl", "九"), read_private_key(files.folder / "other"), path)
    return path.read_bytes()


def test_what_cannot_be_trusted_is_refused_and_what_is_newer_followed(
    place: Path, files: Files, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    kiosk = _kiosk(place, files, tmp_path)
    refused = (
        (_changed(files), "bundle_damaged"),
        (files.new.read_bytes()[:-100], "bundle_damaged"),
        (_signed_by_another(files), "bundle_signature"),
        (b"hello", "bundle_format"),
    )
    with TestClient(create_app(kiosk, Site(), watch=watch_bundle(kiosk))) as client:
        for content, code in refused:
            place.write_bytes(content)
            caplog.clear()
            with caplog.at_level(logging.ERROR):
                kiosk.look()
            assert (_hour(kiosk), kiosk.status.problem) == ("八", code)
            assert code in caplog.text
            assert client.get("/api/v1/health/ready").json()["checks"]["bundle"] == code
            assert client.post("/api/v1/ask", json={"question": QUESTION}).status_code == 200
        assert "数据截至" not in client.get("/").text
        place.write_bytes(files.new.read_bytes())
        kiosk.look()
        assert (_hour(kiosk), kiosk.status.problem) == ("九", None)
        assert client.get("/api/v1/health/ready").json()["checks"]["bundle"] == "ok"


def test_an_older_bundle_or_no_network_after_a_restart_changes_nothing(
    place: Path, files: Files, tmp_path: Path
) -> None:
    place.write_bytes(files.new.read_bytes())
    assert _hour(_kiosk(place, files, tmp_path)) == "九"
    place.write_bytes(files.old.read_bytes())
    again = _kiosk(place, files, tmp_path)
    assert (_hour(again), again.status.problem) == ("九", "bundle_older")
    again.close()
    place.unlink()
    alone = _kiosk(place, files, tmp_path, timedelta(0))
    assert (_hour(alone), alone.status.problem) == ("九", "bundle_unreachable")
    with TestClient(create_app(alone, Site(), watch=watch_bundle(alone))) as client:
        assert "数据截至" in client.get("/").text
        assert client.get("/api/v1/health/ready").json()["checks"]["bundle_age"] == "stale"


def test_a_kiosk_with_nothing_good_does_not_start(place: Path, files: Files, tmp_path: Path) -> None:
    place.write_bytes(_changed(files))
    with pytest.raises(BundleError):
        _kiosk(place, files, tmp_path)
    assert not (tmp_path / "kiosk" / "bundle" / "held.bundle").exists()


def test_a_held_bundle_that_was_changed_on_the_disk_is_not_served(
    place: Path, files: Files, tmp_path: Path
) -> None:
    _kiosk(place, files, tmp_path)
    held = tmp_path / "kiosk" / "bundle" / "held.bundle"
    held.write_bytes(_changed(files))
    assert _hour(_kiosk(place, files, tmp_path)) == "八"
    assert held.read_bytes() == files.old.read_bytes()


# --- over the network --------------------------------------------------------------------------------


@dataclass
class Shelf:
    """What a web server gives, and how it was asked."""

    content: bytes
    cut: bool = False
    asked: list[str | None] = field(default_factory=list)


@pytest.fixture
def shelf(files: Files) -> Iterator[tuple[Shelf, str]]:
    held = Shelf(files.old.read_bytes())

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            known, etag = self.headers.get("If-None-Match"), f'"{hash(held.content)}"'
            held.asked.append(known)
            if known == etag:
                self.send_response(304)
                self.end_headers()
                return
            self.send_response(200)
            self.send_header("ETag", etag)
            self.send_header("Content-Length", str(len(held.content)))
            self.end_headers()
            self.wfile.write(held.content[:1000] if held.cut else held.content)
            self.close_connection = held.cut

        def log_message(self, *args: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever).start()
        yield held, f"http://127.0.0.1:{server.server_port}/kiosk.bundle"
        server.shutdown()


def test_a_bundle_is_fetched_when_it_changes_and_a_download_cut_short_refused(
    shelf: tuple[Shelf, str], files: Files, tmp_path: Path
) -> None:
    held, address = shelf
    kiosk = _kiosk(address, files, tmp_path)
    kiosk.look()
    assert held.asked[0] is None
    assert held.asked[1] is not None  # and is told that nothing changed
    held.content, held.cut = files.new.read_bytes(), True
    kiosk.look()
    assert (_hour(kiosk), kiosk.status.problem) == ("八", "bundle_unreachable")
    held.cut = False
    kiosk.look()
    assert (_hour(kiosk), kiosk.status.problem) == ("九", None)

"""Several server processes: one limit for a caller, one bundle followed by all, no request dropped."""

from __future__ import annotations

import http.client
import itertools
import json
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest

from qa.bundle import new_key, read_private_key, write_bundle
from qa.settings import Settings
from tests.soak.load import Service, service, workers_of

pytestmark = pytest.mark.timeout(400)  # three processes start, on a machine that may have other things to do
_PATIENCE = 120.0
_RATE = 20


@dataclass(frozen=True)
class Hall:
    """Two workers that follow a bundle, and where bundles are put."""

    running: Service
    place: Path
    bundles: dict[str, bytes]
    log: Path

    def put(self, content: bytes) -> None:
        """Another file in the place of the bundle, all at once."""
        beside = self.place.with_suffix(".new")
        beside.write_bytes(content)
        beside.replace(self.place)


def _bundle(folder: Path, hour: str, key: Path) -> bytes:
    corpus = folder / f"{hour}.jsonl"
    corpus.write_text(f'{{"id": "hall", "title": "大厅", "text": "便民大厅上午{hour}点开门。"}}\n', "utf-8")
    write_bundle(Settings(corpus=corpus, data=folder), read_private_key(key), folder / hour)
    return (folder / hour).read_bytes()


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    folder = tmp_path_factory.mktemp("hall")
    public = new_key(folder / "key")
    new_key(folder / "other")
    bundles = {hour: _bundle(folder, hour, folder / "key") for hour in ("七", "八", "九")}
    bundles["foreign"] = _bundle(folder, "十", folder / "other")
    place = folder / "kiosk.bundle"
    place.write_bytes(bundles["八"])
    given = ("--workers", "2", "--bundle", str(place), "--bundle-key", str(public))
    settings = {
        "rate": f"{_RATE}/hour",
        "records": "off",
        "bundle_seconds": "1",
        "trusted_proxies": "127.0.0.1",
    }
    with service(folder, *given, log=folder / "log", **settings) as running:
        _until(lambda: len(workers_of(running)) == 2)
        yield Hall(running, place, bundles, folder / "log")


def _tells(running: Service, code: str) -> bool:
    """Whether this is told of the bundle at ``/health/ready`` on many connections, so by every process."""
    told = set()
    for _ in range(12):
        connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=_PATIENCE)
        connection.request("GET", "/api/v1/health/ready")
        told.add(json.loads(connection.getresponse().read())["checks"]["bundle"])
        connection.close()
    return told == {code}


def _until(true: Callable[[], bool]) -> None:
    ends = time.monotonic() + _PATIENCE
    while not true():
        assert time.monotonic() < ends
        time.sleep(0.1)


@dataclass
class Crowd:
    """Callers without a pause, each request from an address of its own, some on connections of their own."""

    port: int
    answers: list[tuple[int, str, str]] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    _ended: threading.Event = field(default_factory=threading.Event)
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def ask(self, connection: http.client.HTTPConnection) -> None:
        number = next(self._numbers)
        headers = {
            "Content-Type": "application/json",
            "X-Forwarded-For": f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}",
        }
        connection.request("POST", "/api/v1/ask", json.dumps({"question": "大厅几点开门"}), headers)
        response = connection.getresponse()
        answer = json.loads(response.read())
        quoted = "".join(citation["quote"] for citation in answer.get("citations", ()))
        self.answers.append((response.status, quoted, str(answer.get("corpus"))))

    def press(self) -> None:
        while not self._ended.is_set():
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_PATIENCE)
            try:
                for _ in range(5):
                    self.ask(connection)
                    time.sleep(0.005)
            except (OSError, http.client.HTTPException, ValueError) as error:
                self.failed.append(repr(error))
                return
            finally:
                connection.close()

    def settled(self, hour: str) -> bool:
        """Whether the last many answers, of every process, say this hour."""
        last = self.answers[-80:]
        return bool(self.failed) or (len(last) == 80 and all(f"{hour}点" in quoted for _, quoted, _ in last))

    def __enter__(self) -> Crowd:
        self._callers = [threading.Thread(target=self.press) for _ in range(2)]
        for caller in self._callers:
            caller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        for caller in self._callers:
            caller.join()


@pytest.mark.long
def test_every_worker_follows_a_bundle_and_refuses_a_bad_one(hall: Hall) -> None:
    newer = hall.bundles["九"]
    changed = bytearray(newer)
    changed[-9] ^= 1
    bad = (
        (bytes(changed), "bundle_damaged"),
        (newer[:-100], "bundle_damaged"),
        (hall.bundles["foreign"], "bundle_signature"),
        (hall.bundles["七"], "bundle_older"),
    )
    with Crowd(hall.running.port) as crowd:
        for content, code in bad:
            hall.put(content)
            _until(partial(_tells, hall.running, code))
            assert crowd.settled("八") or len(crowd.answers) < 80
        hall.put(newer)
        _until(lambda: crowd.settled("九"))
        _until(partial(_tells, hall.running, "ok"))
    assert crowd.failed == []
    assert {status for status, *_ in crowd.answers} == {200}
    versions = Counter((corpus, re.sub("[^八九]", "", quoted)) for _, quoted, corpus in crowd.answers)
    assert len(versions) == 2, versions  # each version says its own hour only
    log = hall.log.read_text("utf-8")
    for _, code in bad:
        assert f"refused ({code})" in log


def test_two_workers_keep_one_limit_and_tell_the_truth_about_it(hall: Hall) -> None:
    def version(_: int) -> tuple[int, int]:
        connection = http.client.HTTPConnection("127.0.0.1", hall.running.port, timeout=_PATIENCE)
        connection.request("GET", "/api/v1/version", headers={"X-Forwarded-For": "192.0.2.1"})
        response = connection.getresponse()
        found = re.fullmatch(r'"address";r=(\d+);t=\d+', response.headers["ratelimit"])
        connection.close()
        assert found is not None
        return response.status, int(found[1])

    came = [version(number) for number in range(_RATE + 10)]
    assert came == [(200, _RATE - 1 - number) for number in range(_RATE)] + [(429, 0)] * 10

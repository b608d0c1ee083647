"""Transcripts as they come in: sent, read apart from the server, put right by hand, put in the draft."""

from __future__ import annotations

import fcntl
import os
import re
import signal
import time
from collections.abc import Iterator
from html import escape

import pytest

from qa.engine import load_transcripts
from qa.errors import TranscriptError
from qa.transcripts.formats import MOST_BYTES, read_source
from qa.versions.draft import Draft
from qa.versions.lock import changing
from qa.versions.storing import current_folder
from tests.rendered import docx_of, pdf_of, scanned
from tests.staff import HALL
from tests.staff_room import Hall
from tests.test_formats_bad import BAD
from web.site import UPLOAD_BYTES
from web.staff import access, upload_reading
from web.staff import corpus_wording as wording
from web.staff.uploads import MOST_FILES, UploadStore

PARK = (
    "公园开放新闻发布会\n2025年3月6日\n"
    "主持人：公园几点开门？\n公园处处长李小红：公园每天早上六点开门，晚上十点关门。下雨天也照常开放。\n"
    "记者：停车要钱吗？\n李小红：停车头两个小时不要钱。\n"
)
TITLE = "公园开放新闻发布会"


WRONG = (
    "an empty text file",
    "mojibake",
    "a picture called txt",
    "a docx with a password",
    "a PDF with a password",
    "a zip bomb called docx",
    "a zip called docx",
)


def _read(hall: Hall, name: str, data: bytes) -> str:
    """A file that was sent and read; its page."""
    store = UploadStore(hall.data.root)
    upload = store.add(name, data, "editor")
    there = {one.id: one for one in load_transcripts(current_folder(hall.data))}
    upload_reading.read_apart(store, upload, there)
    hall.sign_in("editor")
    return f"/staff/uploads/{upload.id}"


def _address(page: str) -> str:
    found = re.search(r"/staff/uploads/[0-9a-f]{32}", page)
    assert found, page
    return found[0]


def test_a_file_is_sent_previewed_put_right_and_stored_in_the_draft(hall: Hall) -> None:
    page = hall.sign_in("editor").upload(("公园.txt", PARK.encode("gbk")))
    preview = hall.client.get(_address(page)).text
    for words in ("公园处处长", "李小红", "停车要钱吗？", 'value="2025-03-06"', "提问", "答第 "):
        assert words in preview
    hall.send(f"{_address(page)}/store", title="<b>公园</b>", date="2025-03", url="https://e.org/?a=1&b=2")
    draft = hall.client.get("/staff/draft").text
    assert "&lt;b&gt;公园" in draft
    (id,) = Draft.opened(hall.data).ids() - {"hall-2022"}
    assert id.startswith("2025-03-")
    assert (Draft.opened(hall.data).transcripts / id / "公园.txt").read_bytes() == PARK.encode("gbk")
    assert UploadStore(hall.data.root).list() == ()
    entry = hall.last()
    assert (entry.who, entry.action, entry.target) == ("editor", "draft.add", id)
    assert (entry.after or "").startswith("sha256:")


def test_every_format_is_read_and_a_bad_file_gets_the_message_its_reader_gives(
    hall: Hall, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("printed")
    html = "".join(f"<p>{line}</p>" for line in PARK.splitlines())
    html = f"<html><body><article>{html}</article></body></html>"
    printed = pdf_of(html, folder)
    bad = [(file, make()) for file, make in (BAD[name][:2] for name in WRONG)]
    bad += [("扫描.pdf", scanned(printed)), ("大.txt", b"a" * (MOST_BYTES + 1))]
    page = hall.sign_in("editor").upload(
        ("a.docx", docx_of(PARK)),
        ("b.pdf", printed),
        ("c.html", html.encode()),
        ("d.md", PARK.encode()),
        *bad,
    )
    assert page.count(wording.UPLOAD_READY) == 4
    for file, data in bad:
        with pytest.raises(TranscriptError) as error:
            read_source(data, file)
        assert escape(error.value.message) in page
    kept = {one.sent.name: one for one in UploadStore(hall.data.root).list()}
    assert kept["大.txt"].source.stat().st_size == 0
    # Of the three with the same words all but the one read first are a copy, and say so; print may differ.
    previews = [
        hall.client.get(f"/staff/uploads/{kept[name].id}").text
        for name in ("a.docx", "b.pdf", "c.html", "d.md")
    ]
    assert sum("几乎相同" in preview for preview in previews) >= 2


def test_what_is_wrong_keeps_what_was_typed(hall: Hall) -> None:
    address = _read(hall, "公园.txt", PARK.encode())
    for fields, words in (
        ({"title": "新标题", "date": "三月"}, "写法不对"),
        ({"title": "新标题", "url": "javascript:alert(1)"}, "网址"),
        ({"title": " "}, "标题"),
        ({"title": "新标题", "id": "../a"}, "编号"),
        ({"title": "新标题", "id": "hall-2022"}, "换掉它"),
    ):
        page = hall.refused(f"{address}/store", on=address, **fields)
        assert words in page
        for value in fields.values():
            assert f'value="{value}"' in page
    assert not Draft.exists(hall.data) or Draft.opened(hall.data).ids() == {"hall-2022"}
    assert UploadStore(hall.data.root).list()


def test_a_transcript_is_replaced_only_when_that_is_ticked(hall: Hall) -> None:
    address = _read(hall, "大厅.txt", HALL.replace("九点", "八点").encode())
    assert "几乎相同" in hall.client.get(address).text
    hall.send(f"{address}/store", on=address, title="大厅", id="hall-2022", replace="1")
    assert Draft.opened(hall.data).ids() == {"hall-2022"}
    assert "八点" in next((Draft.opened(hall.data).transcripts / "hall-2022").glob("*.txt")).read_text()


def test_the_same_file_is_not_stored_twice(hall: Hall) -> None:
    address = _read(hall, "大厅.txt", HALL.encode())
    assert "同一个文件" in hall.client.get(address).text
    assert "hall-2022" in hall.refused(f"{address}/store", title="大厅")


def test_while_somebody_is_at_work_nothing_is_lost(hall: Hall) -> None:
    address = _read(hall, "公园.txt", PARK.encode())
    with changing(hall.data, "王小明", "发布"):
        page = hall.refused(f"{address}/store", on=address, title="公园开门了")
    assert "王小明" in page
    assert 'value="公园开门了"' in page
    hall.send(f"{address}/store", on=address, title="公园开门了")


def test_pages_that_wait_reload_until_that_is_stopped(hall: Hall) -> None:
    room = hall.data.root / "room"
    room.mkdir()
    with (room / ".reading.lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        upload = UploadStore(hall.data.root).add("公园.txt", PARK.encode(), "editor")
        hall.sign_in("editor")
        for waiting, still in (("/staff/uploads", "?more=1"), (f"/staff/uploads/{upload.id}", "?still=1")):
            assert "refresh" in hall.client.get(waiting).text
            assert "refresh" not in hall.client.get(waiting + still).text
        page = hall.refused(f"/staff/uploads/{upload.id}/store", title="公园")
        assert wording.UPLOAD_NOT_READ in page


def test_an_upload_is_thrown_away_and_its_page_is_gone(hall: Hall) -> None:
    address = _read(hall, "公园.txt", PARK.encode())
    hall.send(f"{address}/discard")
    assert hall.client.get(address).status_code == 404
    for id in ("..", "0" * 32, "%2e%2e"):
        assert hall.client.get(f"/staff/uploads/{id}").status_code in (404, 200)
        assert not UploadStore(hall.data.root).find(id)


def test_nothing_sent_and_too_many_files_are_told(hall: Hall) -> None:
    hall.sign_in("editor")
    assert wording.UPLOAD_NONE in hall.refused("/staff/uploads", on="/staff/uploads")
    form = {"form": hall.token(hall.client.get("/staff/uploads").text)}
    many = [("files", (f"{n}.txt", b"a")) for n in range(MOST_FILES + 1)]
    sent = hall.client.post("/staff/uploads", data=form, files=many)
    assert sent.status_code == 422
    assert wording.UPLOAD_MANY.format(most=MOST_FILES) in sent.text


def test_a_body_that_is_too_large_is_refused_before_it_is_read(hall: Hall) -> None:
    hall.sign_in("editor")
    sent = hall.client.post(
        "/staff/uploads",
        content=b"x",
        headers={"Content-Length": str(UPLOAD_BYTES + 1), "Content-Type": "multipart/form-data; boundary=a"},
    )
    assert sent.status_code == 413
    assert wording.UPLOAD_HUGE[0] in sent.text


def test_nothing_is_read_of_what_somebody_sends_who_may_not(hall: Hall) -> None:
    read: list[int] = []

    def long() -> Iterator[bytes]:
        yield b'--a\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\n'
        for _ in range(10):
            read.append(1_000_000)
            yield b"-" * 1_000_000
        yield b"\r\n--a--\r\n"

    def sent() -> int:
        read.clear()
        kind = {"Content-Type": "multipart/form-data; boundary=a"}
        return hall.client.post(
            "/staff/uploads", content=long(), headers=kind, follow_redirects=False
        ).status_code

    assert (sent(), len(read)) == (303, 0)
    hall.sign_in("viewer")
    assert (sent(), len(read)) == (403, 0)
    hall.sign_in("editor")
    sent()
    assert len(read) == 10


def test_whoever_may_not_send_files_sends_none(hall: Hall) -> None:
    body = [("files", ("公园.txt", PARK.encode()))]
    assert hall.client.post("/staff/uploads", files=body, follow_redirects=False).status_code == 303
    hall.sign_in("viewer")
    form = {"form": access.form_token(hall.client.cookies[access.SESSION_COOKIE])}
    assert hall.client.post("/staff/uploads", data=form, files=body).status_code == 403
    hall.sign_in("editor")
    assert hall.client.post("/staff/uploads", files=body).status_code == 403
    assert UploadStore(hall.data.root).list() == ()


def test_a_file_that_takes_too_long_or_too_much_is_given_up(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = UploadStore(hall.data.root)

    def busy(*_: object) -> None:
        time.sleep(90)

    def hungry(*_: object) -> None:
        held = [bytearray(50_000_000) for _ in range(100)]
        assert held

    def killed(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    for work, seconds, words in ((busy, 1, "太久"), (hungry, 60, "内存"), (killed, 60, "读不出来")):
        upload = store.add("公园.txt", PARK.encode(), "editor")
        monkeypatch.setattr(upload_reading, "_understood", work)
        upload_reading.read_apart(store, upload, {}, seconds=seconds, memory=300_000_000)
        kept = store.find(upload.id)
        assert kept
        assert kept.read
        assert words in kept.read.problem


def test_many_turns_are_shown_a_page_at_a_time(hall: Hall) -> None:
    long = "大会实录\n" + "".join(
        f"王小明：第{n}条是这样的，请大家记住。\n李小红：第{n}条我明白了。\n" for n in range(60)
    )
    address = _read(hall, "长.txt", long.encode())
    assert "第3条" in hall.client.get(address).text
    second = hall.client.get(f"{address}?page=2").text
    assert "第3条是" not in second
    for page in ("0", "x", "99999", "-1"):
        assert hall.client.get(f"{address}?page={page}").status_code == 200

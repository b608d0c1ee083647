"""FAQ files: every format and encoding, and every mistake a row can have."""

from __future__ import annotations

import codecs
import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from openpyxl import Workbook

from qa.coverage.cases import CaseSet, FaqCase, case_id
from qa.coverage.exports import cases_csv, cases_workbook
from qa.coverage.files import CaseFile, load_case_folder, read_case_files, read_cases
from qa.errors import FaqError
from qa.settings import seed_corpus

HEAD = ("问题", "其他问法", "必含", "任一", "出处", "发言人", "应拒答", "主题", "负责")
FULL = (
    "大厅几点开门？",
    "好久开门|几点钟开",
    "上午九点",
    "周一|周五",
    "便民服务",
    "王小明",
    "",
    "大厅",
    "便民中心",
)
CASE = FaqCase(
    id=case_id("大厅几点开门？"),
    question="大厅几点开门？",
    variants=("好久开门", "几点钟开"),
    all_of=("上午九点",),
    any_of=("周一", "周五"),
    transcript="便民服务",
    speaker="王小明",
    topic="大厅",
    owner="便民中心",
)
REFUSED = ("周末补课费多少？", "", "", "", "", "", "是", "", "")


def _csv(*rows: Sequence[str], mark: str = ",") -> str:
    return "".join(mark.join(row) + "\r\n" for row in rows)


def _read(folder: Path, name: str, content: bytes | str) -> CaseFile:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_cases(path)


def _problems(read: CaseFile) -> list[str]:
    return [str(problem) for problem in read.problems]


# --- formats -------------------------------------------------------------------------------------------


def _as_xlsx(path: Path, rows: Sequence[Sequence[object]]) -> Path:
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(list(row))
    book.save(path)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("mark", [",", "\t", ";"])
def test_csv_is_read_in_the_encodings_and_with_the_marks_excel_writes(
    tmp_path: Path, encoding: str, mark: str
) -> None:
    read = _read(tmp_path, "faq.csv", _csv(HEAD, FULL, REFUSED, mark=mark).encode(encoding))
    assert read.problems == ()
    first, second = read.cases.cases
    assert first == CASE
    assert second.refuse


def test_a_workbook_is_read_from_its_first_sheet_that_holds_any(tmp_path: Path) -> None:
    path = tmp_path / "faq.xlsx"
    book = Workbook()
    sheet = book.create_sheet("问题集")
    for row in ((), HEAD, FULL, (), (*REFUSED[:6], True)):
        sheet.append(list(row))
    book.save(path)
    read = read_cases(path)
    assert read.problems == ()
    assert read.cases.cases[0] == CASE
    assert read.cases.cases[1].refuse


def test_whole_numbers_in_a_workbook_read_as_they_are_shown_and_others_are_told(tmp_path: Path) -> None:
    rows = (HEAD, ("多少处？", "", 153), ("百分之几？", "", 0.7015))
    read = read_cases(_as_xlsx(tmp_path / "faq.xlsx", rows))
    assert [case.all_of for case in read.cases.cases] == [("153",), ("0.7015",)]
    (problem,) = read.problems
    assert problem.note
    assert str(problem).startswith("faq.xlsx 第 3 行“必含”：这一格是数字 0.7015。")
    assert not read.failed


def test_jsonl_and_yaml_take_chinese_and_english_names_and_lists(tmp_path: Path) -> None:
    english = {
        "question": "大厅几点开门？",
        "variants": ["好久开门", "几点钟开"],
        "all_of": "上午九点",
        "any_of": ["周一", "周五"],
        "transcript": "便民服务",
        "speaker": "王小明",
        "refuse": False,
        "topic": "大厅",
        "owner": "便民中心",
    }
    chinese = {name: value for name, value in zip(HEAD, FULL, strict=True) if value}
    lines = [json.dumps(record, ensure_ascii=False) for record in (english, {**chinese, "编号": "7"})]
    lines[1] = lines[1].replace("大厅几点开门", "大厅何时开门")
    read = _read(tmp_path, "faq.jsonl", "\n\n".join(lines))
    assert read.problems == ()
    assert read.cases.cases[0] == CASE
    assert read.cases.cases[1].id == "7"
    assert read.cases.cases[1].any_of == CASE.any_of
    written = "- {问题: 大厅几点开门？, 必含: [上午九点], 应拒答: 否}\n- {question: 补课费？, refuse: true}\n"
    read = _read(tmp_path, "faq.yaml", codecs.BOM_UTF8 + written.encode())
    assert [(case.all_of, case.refuse) for case in read.cases.cases] == [(("上午九点",), False), ((), True)]


def test_what_is_exported_reads_back_as_the_same_cases(tmp_path: Path) -> None:
    cases = load_case_folder(seed_corpus() / "faq").cases
    assert _read(tmp_path, "faq.csv", cases_csv(cases.cases)).cases == cases
    assert _read(tmp_path, "faq.xlsx", cases_workbook(cases.cases)).cases == cases


# --- rows with mistakes --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (("", "好久开门"), "第 3 行“问题”：没有写。"),
        (("问" * 301,), "第 3 行“问题”：问题太长了"),
        (("开\x07门？",), "第 3 行“问题”：问题里有看不见的控制字符"),
        (("开门？", "问" * 301), "第 3 行“其他问法”：问题太长了"),
        (("开门？", "", "", "", "", "", "也许"), "第 3 行“应拒答”：应写“是”或“否”，现在是“也许”。"),
        (("开门？", "", "九点", "", "", "", "是"), "第 3 行“应拒答”：应拒答的问题不用写必含、任一。"),
        (("大厅 几点开门？",), "第 3 行“问题”：和第 2 行问的一样。"),
    ],
)
def test_a_row_with_a_mistake_is_named_with_its_column_and_the_rest_goes_on(
    tmp_path: Path, row: Sequence[str], told: str
) -> None:
    read = _read(tmp_path, "faq.csv", _csv(HEAD, FULL, row, REFUSED))
    (problem,) = _problems(read)
    assert problem.startswith(f"faq.csv {told}")
    assert [case.question for case in read.cases.cases] == [FULL[0], REFUSED[0]]
    assert read.failed


def test_an_id_taken_twice_is_named_across_files_too(tmp_path: Path) -> None:
    for name, question in (("a.csv", "开门？"), ("b.csv", "关门？")):
        (tmp_path / name).write_text(f"编号,问题\n1,{question}\n", "utf-8")
    read = load_case_folder(tmp_path)
    assert _problems(read) == ["b.csv 第 2 行“编号”：编号和文件 a.csv 的第 2 行相同。请换一个。"]
    assert read_case_files([tmp_path / "b.csv"]).problems == ()


def test_columns_nobody_knows_are_told_and_the_row_is_used(tmp_path: Path) -> None:
    read = _read(tmp_path, "faq.csv", "问题,备注,问题\n开门？,给小李,关门？,多的\n")
    assert [str(problem) for problem in read.problems if problem.note] == [
        "faq.csv 第 1 行“备注”：不认识的列，没有用到。",
        "faq.csv 第 1 行“问题”：和前面的一列重名，只用前面那一列。",
        "faq.csv 第 2 行“多的”：这一格在列名之外，没有用到。文字里有逗号时，请用引号把整格括起来。",
    ]
    assert not read.failed
    assert [case.question for case in read.cases.cases] == ["开门？"]


@pytest.mark.parametrize("bad", ["{not json", "[]", "5", "{}", '"x"'])
def test_a_line_that_is_no_record_is_named(tmp_path: Path, bad: str) -> None:
    read = _read(tmp_path, "faq.jsonl", f'{bad}\n{{"question": "开门？"}}\n')
    (problem,) = _problems(read)
    assert problem.startswith("faq.jsonl 第 1 行：不是一条记录。")
    assert len(read.cases.cases) == 1


def test_a_record_with_something_else_than_text_is_named(tmp_path: Path) -> None:
    written = "- {question: {a: b}}\n- {question: 开门？, all_of: [[九点]]}\n- 关门\n- question: 关门？\n"
    read = _read(tmp_path, "faq.yaml", written)
    assert [(p.where, p.column) for p in read.problems] == [
        ("第 1 条", "question"),
        ("第 1 条", "question"),
        ("第 2 条", "all_of"),
        ("第 3 条", None),
    ]
    assert [case.question for case in read.cases.cases] == ["关门？"]


def test_a_control_character_in_any_field_is_named(tmp_path: Path) -> None:
    record = {"question": "开门？", "all_of": ["九\x07点"], "topic": "大\x00厅"}
    read = _read(tmp_path, "faq.jsonl", json.dumps(record) + '\n{"question": "关门？"}')
    assert [problem.column for problem in read.problems] == ["all_of", "topic"]
    assert len(read.cases.cases) == 1


# --- files that cannot be used -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("faq.docx", b"", "不认识“faq.docx”这种文件"),
        ("faq.csv", b"", "没有一条能用的问题"),
        ("faq.csv", "问题,必含\r\n".encode(), "没有一条能用的问题"),
        ("faq.csv", "提问,答案\r\n开门？,九点\r\n".encode(), "没有“问题”这一列"),
        ("faq.csv", b"\xff\xff\xff\xff", "编码认不出来"),
        ("faq.csv", '问题\r\n"开门？\r\n'.encode(), "文件已损坏"),
        ("faq.xlsx", b"PK\x03\x04 broken", "文件已损坏"),
        ("faq.xls", b"not a workbook", "文件已损坏"),
        ("faq.yaml", b"- {question: a\n- [", "不是有效的 YAML"),
        ("faq.jsonl", b"\n\n", "没有一条能用的问题"),
        ("faq.csv", "问题\r\n，\r\n".encode() + b"x" * (21 * 1024 * 1024), "超过 20 MB"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_what_to_do(
    tmp_path: Path, name: str, content: bytes, told: str
) -> None:
    with pytest.raises(FaqError) as caught:
        _read(tmp_path, name, content)
    assert told in caught.value.message
    assert name in caught.value.message


def test_a_file_that_is_not_there_or_a_folder_without_files_is_named(tmp_path: Path) -> None:
    with pytest.raises(FaqError, match=r"找不到问题集“faq\.csv”"):
        read_cases(tmp_path / "faq.csv")
    with pytest.raises(FaqError, match="没有一条能用的问题"):
        load_case_folder(tmp_path)


def test_when_no_row_can_be_used_the_first_mistake_is_told(tmp_path: Path) -> None:
    with pytest.raises(FaqError, match=r"faq\.csv 第 2 行“应拒答”：应写"):
        _read(tmp_path, "faq.csv", "问题,应拒答\n开门？,也许\n")


# --- the digest ----------------------------------------------------------------------------------------


def test_the_digest_changes_with_everything_a_case_says_and_with_the_order() -> None:
    other = FaqCase(id="2", question="关门？")
    digests = {
        CaseSet.of(cases).digest
        for cases in (
            (CASE, other),
            (other, CASE),
            (CASE,),
            (CASE, FaqCase(id="2", question="关门？", refuse=True)),
            (CASE, FaqCase(id="2", question="关门？", owner="x")),
        )
    }
    assert len(digests) == 5
    assert CaseSet.of((CASE, other)).digest == CaseSet.of([CASE, other]).digest


def test_the_starter_set_is_read_without_a_word_and_covers_what_was_asked_for() -> None:
    read = read_cases(seed_corpus() / "faq" / "starter.yaml")
    assert read.problems == ()
    cases = read.cases.cases
    assert len(cases) >= 80
    assert sum(case.refuse for case in cases) >= 20
    assert all(case.topic for case in cases)
    expected = [word for case in cases for word in (*case.all_of, *case.any_of)]
    assert all(2 <= len(word) <= 12 for word in expected)
    assert all(case.refuse or case.all_of or case.any_of for case in cases)

"""The lexicon as a whole: what contradicts what, and that nothing of ours does."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.language.lexicon import load_lexicon
from qa.language.lexicon_check import Contradiction, contradictions
from qa.language.segment import Segmenter
from tests.parts import lexicon, segmenter


def _found(folder: Path, **files: str) -> list[Contradiction]:
    for name, text in files.items():
        (folder / name.replace("_", ".")).write_text(text, encoding="utf-8")
    read = load_lexicon(folder)
    known = Segmenter(read.vocabulary()) if "words_txt" in files else segmenter()
    return list(contradictions(read, known))


def test_the_shipped_lexicon_contradicts_itself_nowhere() -> None:
    """Nothing in the shipped files needs mending."""
    found = [c.text for c in contradictions(lexicon(), segmenter()) if not c.note]
    assert not found, "\n".join(found)


def test_notes_come_last_and_are_written_in_chinese() -> None:
    """What does no harm is told apart, and each finding can be read by whoever keeps the files."""
    found = contradictions(lexicon(), segmenter())
    assert [c.note for c in found] == sorted(c.note for c in found)
    assert all(c.words and c.text.endswith("。") for c in found)


@pytest.mark.parametrize(
    ("files", "kind", "words"),
    [
        ({"synonyms_txt": "加强免疫 = 加强针\n第三针 = 加强针\n"}, "groups", ("加强针",)),
        ({"synonyms_txt": "加强免疫 = 加强免疫\n"}, "empty", ("加强免疫",)),
        ({"synonyms_txt": "加强免疫 =\n"}, "empty", ("加强免疫",)),
        ({"regional_txt": "捷运 ->\n"}, "empty", ("捷运",)),
        ({"offices_yaml": "- {name: 民政局, short: ['']}\n"}, "empty", ("民政局",)),
        ({"dialect_txt": "甲甲 -> 乙乙 : 事物\n乙乙 -> 甲甲 : 事物\n"}, "loop", ("乙乙", "甲甲")),
        (
            {"dialect_txt": "甲甲 -> 大乙乙 : 事物\n乙乙 -> 丙丙 : 事物\n丙丙 -> 小甲甲 : 事物\n"},
            "loop",
            ("丙丙", "甲甲", "乙乙"),
        ),
        ({"dialect_txt": "咋 -> 咋样 : 疑问\n"}, "loop", ("咋",)),
        ({"regional_txt": "公屋 -> 公屋房\n"}, "loop", ("公屋",)),
        ({"words_txt": "APP下载\n"}, "unreachable", ("APP下载",)),
        ({"dialect_txt": "ＯＫ不 -> 可以吗 : 疑问\n"}, "unreachable", ("ＯＫ不",)),
        ({"regional_txt": "APP程式 -> 应用程序\n"}, "unreachable", ("APP程式",)),
        ({"words_txt": "绝技30强\n"}, "unreachable", ("绝技30强",)),
        ({"words_txt": "“一窗通办”\n"}, "unreachable", ("“一窗通办”",)),
        (
            {"words_txt": "重庆市大足区人力资源和社会保障局\n"},
            "unreachable",
            ("重庆市大足区人力资源和社会保障局",),
        ),
        (
            {"offices_yaml": "- {name: 经信委, short: [经委]}\n- {name: 经贸委, former: [经委]}\n"},
            "shared",
            ("经委",),
        ),
        (
            {"places_yaml": "- {name: 大足区, short: [大足]}\n- {name: 大足县, short: [大足]}\n"},
            "shared",
            ("大足",),
        ),
        ({"places_yaml": "- {name: 重庆市, abbr: [渝]}\n- {name: 新余市, abbr: [渝]}\n"}, "shared", ("渝",)),
        (
            {
                "offices_yaml": "- {name: 双桥, short: []}\n",
                "places_yaml": "- {name: 双桥区, short: [双桥]}\n",
            },
            "shared",
            ("双桥",),
        ),
    ],
)
def test_a_contradiction_is_found(
    tmp_path: Path, files: dict[str, str], kind: str, words: tuple[str, ...]
) -> None:
    """Each kind of contradiction is found once, in any file it can stand in, and is no mere note."""
    (found,) = _found(tmp_path, **files)
    assert (found.kind, found.words, found.note) == (kind, words, False)
    assert all(word in found.text for word in words)


def test_words_that_point_at_each_other_are_a_note(tmp_path: Path) -> None:
    """Pointing is one way, so two ways do no harm; in one group they need no note."""
    text = "打零工 > 临时工\n临时工 > 打零工\n"
    (found,) = _found(tmp_path, synonyms_txt=text)
    assert (found.kind, set(found.words), found.note) == ("loop", {"打零工", "临时工"}, True)
    assert not _found(tmp_path, synonyms_txt=text + "打零工 = 临时工\n")


@pytest.mark.parametrize(
    "files",
    [
        {"dialect_txt": "嘛 -> : 语气\n"},
        {"dialect_txt": "老公房 -> 老公房 : 事物\n老公 -> 丈夫 : 亲属\n"},
        {"dialect_txt": "哪能 -> 怎么 : 疑问两可\n怎么整 -> 哪能 : 疑问\n"},
        {"dialect_txt": "甲甲 -> 乙乙 : 事物\n乙乙 -> 丙丙 : 事物\n"},
        {"synonyms_txt": "甲 = 乙\n丙 > 甲 | 乙\n"},
        {"words_txt": "文明十五条 n\n延长缴费\n"},
        {"offices_yaml": "- {name: 民政局, short: [民政局]}\n"},
    ],
)
def test_what_contradicts_nothing(tmp_path: Path, files: dict[str, str]) -> None:
    """Leaving a word out or alone, a chain that ends, and several ways to one word are all right."""
    assert not _found(tmp_path, **files)

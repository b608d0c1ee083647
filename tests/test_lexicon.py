"""Reading the lexicon: every format, and every mistake named with its file and place."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.errors import CorpusError, LexiconError
from qa.language.lexicon import DialectEntry, Lexicon, load_lexicon
from tests.parts import lexicon, script

FILES = {
    "words-a.txt": "# 说明\n灵活就业人员 n\n延长缴费  # 行末的说明\n\n",
    "words-b.txt": "一站式\n",
    "synonyms.txt": "加强免疫 = 加强针 = 第三针\n打零工 > 灵活就业 | 临时工\n打零工 > 兼职\nAPP > 应用\n",
    "dialect.txt": "啷个 -> 怎么 : 疑问\n嘛 -> : 语气\n啷个办 -> 怎么办 : 疑问\n",
    "regional.txt": "捷运 -> 地铁\n",
    "shapes.txt": "己已巳\n人 入\n",
    "units.txt": "万元 money\n",
    "offices.yaml": "- {name: 民政局, short: [民政], former: [老民政局], topics: [低保]}\n",
    "places.yaml": "- {name: 大足区, short: [大足], abbr: [足], kind: district, within: 重庆市}\n",
    "expectations.yaml": "- kind: person\n  ask: ['谁']\n- {kind: age, ask: ['几岁'], evidence: '\\d+岁'}\n",
    "stopwords.txt": "请问\n",
    "counters.txt": "场 次 期\n家 处\n次 回\n",
    "asker.txt": "我\n爸\n!我区\n",
    "refusals.yaml": "abuse: ['笨蛋']\n",
}


def _read(folder: Path, **changed: str) -> Lexicon:
    for name, text in (FILES | {name.replace("_", "."): text for name, text in changed.items()}).items():
        (folder / name).write_text(text, encoding="utf-8")
    return load_lexicon(folder)


def _error(folder: Path, **changed: str) -> LexiconError:
    with pytest.raises(LexiconError) as caught:
        _read(folder, **changed)
    assert caught.value.code == "lexicon_invalid"
    assert isinstance(caught.value, CorpusError)
    assert "请" in caught.value.message
    assert str(folder) not in caught.value.message
    return caught.value


# --- formats -----------------------------------------------------------------------------------------


def test_words_synonyms_and_pointers(tmp_path: Path) -> None:
    """Comments and blank lines say nothing; several files are one; a pointer's lines are added up."""
    read = _read(tmp_path)
    assert read.words == {"灵活就业人员": "n", "延长缴费": None, "一站式": None}
    assert read.groups == (("加强免疫", "加强针", "第三针"),)
    assert read.pointers == {"打零工": ("灵活就业", "临时工", "兼职"), "app": ("应用",)}


def test_dialect_comes_longest_first(tmp_path: Path) -> None:
    """Where several entries fit, the longest stands first; nothing after the arrow means leave out."""
    assert _read(tmp_path).dialect == (
        DialectEntry("啷个办", "怎么办", "疑问"),
        DialectEntry("啷个", "怎么", "疑问"),
        DialectEntry("嘛", "", "语气"),
    )


def test_offices_and_places(tmp_path: Path) -> None:
    """An office goes by all its names; a place's abbreviation is kept apart from them."""
    read = _read(tmp_path)
    (office,), (place,) = read.offices, read.places
    assert (office.name, office.names, office.topics) == ("民政局", ("民政局", "民政", "老民政局"), ("低保",))
    assert (place.names, place.abbreviations) == (("大足区", "大足"), ("足",))
    assert (place.kind, place.within) == ("district", "重庆市")


def test_the_smaller_files(tmp_path: Path) -> None:
    """Units, shapes, regional words, stopwords, expectations and refusals are read as documented."""
    read = _read(tmp_path)
    assert (read.units, read.shapes) == ({"万元": "money"}, ("己已巳", "人入"))
    assert (read.regional, read.stopwords) == ({"捷运": "地铁"}, frozenset({"请问"}))
    assert [e.kind for e in read.expectations] == ["person", "age"]
    assert [e.evidence is None for e in read.expectations] == [True, False]
    assert not any(e.must for e in read.expectations)
    assert read.counters["场"] == {"场", "次", "期"}
    assert read.counters["次"] == {"场", "次", "期", "回"}
    assert read.refusals["abuse"][0].search("你这个笨蛋")


def test_the_vocabulary_is_what_officials_and_residents_say(tmp_path: Path) -> None:
    """Standard words of every kind are vocabulary; dialect and single characters are not."""
    known = _read(tmp_path).vocabulary()
    assert {"灵活就业人员", "加强针", "打零工", "兼职", "民政", "大足区"} <= known
    assert not known & {"啷个", "嘛", "捷运", "足"}


def test_words_of_the_asker_are_told_from_others(tmp_path: Path) -> None:
    """我 speaks of whoever asks, 我区 does not."""
    read = _read(tmp_path)
    told = {words: read.tells_of_asker(words) for words in ("我爸", "我区", "我在我区", "大足")}
    assert told == {"我爸": True, "我区": False, "我在我区": True, "大足": False}


def test_what_is_settled_is_no_saying(tmp_path: Path) -> None:
    """Words, words of a group and offices name one thing; sayings of residents do not."""
    settled = _read(tmp_path).settled()
    assert {"灵活就业人员", "第三针", "老民政局"} <= settled
    assert not settled & {"打零工", "app", "啷个"}


def test_what_must_be_there_is_read(tmp_path: Path) -> None:
    """An expectation may say that without its words there is no answer."""
    (read,) = _read(tmp_path, expectations_yaml="- {kind: list, ask: ['名单'], must: true}\n").expectations
    assert read.must


def test_an_empty_folder_is_an_empty_lexicon(tmp_path: Path) -> None:
    """A file that is not there is empty."""
    read = load_lexicon(tmp_path)
    assert not read.vocabulary()
    assert {*read.dialect, *read.refusals, *read.expectations, *read.stopwords} == set()


def test_the_digest_is_of_every_byte(tmp_path: Path) -> None:
    """Any change of any file is another digest; the same files are the same."""
    first = _read(tmp_path).digest
    assert load_lexicon(tmp_path).digest == first
    assert _read(tmp_path, stopwords_txt="请问\n你好\n").digest != first


def test_a_byte_order_mark_is_no_word(tmp_path: Path) -> None:
    """A file saved by an editor that marks UTF-8 reads like any other."""
    read = _read(tmp_path, stopwords_txt="\ufeff# 停用词\n请问\n", offices_yaml="\ufeff- {name: 民政局}\n")
    assert read.stopwords == {"请问"}
    assert read.offices[0].names == ("民政局",)


# --- mistakes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("synonyms_txt", "# 同义\n加强针\n", 2),
        ("synonyms_txt", "打零工 >\n", 1),
        ("synonyms_txt", "打零工 > |\n", 1),
        ("synonyms_txt", "> 灵活就业\n", 1),
        ("synonyms_txt", "\n\n= 加强针\n", 3),
        ("dialect_txt", "啷个 怎么\n", 1),
        ("dialect_txt", "-> 怎么 : 疑问\n", 1),
        ("regional_txt", "捷运 地铁\n", 1),
        ("units_txt", "万元 money\n元\n", 2),
        ("units_txt", "万元 money age\n", 1),
    ],
)
def test_a_line_that_cannot_be_read(tmp_path: Path, name: str, text: str, line: int) -> None:
    """The message names the file and the line, in Chinese; the log has the whole path."""
    error = _error(tmp_path, **{name: text})
    file = name.replace("_", ".")
    assert f"{file} 第 {line} 行" in error.message
    assert error.detail.startswith(f"{tmp_path / file}:{line}:")


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("offices_yaml", "- {name: 民政局}\n- 教委\n", "第 2 条"),
        ("offices_yaml", "- {short: [民政]}\n", "缺少“name”"),
        ("offices_yaml", "- {name: ''}\n", "缺少“name”"),
        ("offices_yaml", "- {name: 民政局, short: 民政}\n", "“short”应是一串"),
        ("offices_yaml", "民政局: [民政]\n", "一串记录"),
        ("places_yaml", "- {kind: city}\n", "缺少“name”"),
        ("places_yaml", "- {name: 大足区, abbr: 足}\n", "“abbr”应是一串"),
        ("expectations_yaml", "- {ask: ['谁']}\n", "缺少“kind”"),
        ("expectations_yaml", "- {kind: person, ask: ['(谁']}\n", "规则写错了：(谁"),
        ("expectations_yaml", "- {kind: person, ask: ['谁'], evidence: '['}\n", "规则写错了：["),
        ("refusals_yaml", "abuse: 笨蛋\n", "“abuse”应是一串"),
        ("refusals_yaml", "- 笨蛋\n", "种类: 规则"),
        ("refusals_yaml", "abuse: ['*']\n", "规则写错了：*"),
        ("places_yaml", "- {name: 大足区\n- {name: 重庆市}\n", "行不是有效的 YAML"),
        ("places_yaml", "- !!python/object/apply:os.getcwd []\n", "不是有效的 YAML"),
    ],
)
def test_a_record_that_cannot_be_read(tmp_path: Path, name: str, text: str, says: str) -> None:
    """The message names the file and what is wrong with the record."""
    error = _error(tmp_path, **{name: text})
    assert name.replace("_", ".") in error.message
    assert says in error.message


@pytest.mark.parametrize("name", ["stopwords.txt", "offices.yaml"])
def test_a_file_in_another_encoding(tmp_path: Path, name: str) -> None:
    """A file that is not UTF-8 is refused, and it is said how to save it."""
    (tmp_path / name).write_bytes("# 请问\n- 请问\n".encode("gb18030"))
    with pytest.raises(LexiconError, match="另存为 UTF-8") as caught:
        load_lexicon(tmp_path)
    assert name in caught.value.message


# --- what ships --------------------------------------------------------------------------------------


def test_the_shipped_lexicon_is_folded() -> None:
    """Words are written as questions are read: lower case, half width, simplified."""
    shipped = lexicon()
    written = {*shipped.vocabulary(), *shipped.stopwords, *shipped.units, *shipped.regional}
    written.update(word for entry in shipped.dialect for word in (entry.word, entry.standard))
    assert {word for word in written if script().fold(word) != word} <= set(shipped.regional.values())


def test_the_shipped_lexicon_names_the_offices_of_the_briefings() -> None:
    """The six offices that speak at the founding briefings are known by their everyday names."""
    known = {name for office in lexicon().offices for name in office.names}
    assert {"民政局", "人社局", "人力社保局", "卫健委", "创文办", "住建委"} <= known

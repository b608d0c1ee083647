"""Every word that FAQ files, runs and reports say to the staff, in one place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

# -- files of cases -------------------------------------------------------------------------------------

ROW, RECORD = "第 {number} 行", "第 {number} 条"
FILE_ENDING = "不认识“{name}”这种文件。问题集可以是 .csv、.xlsx、.xls、.ods、.jsonl、.yaml 或 .yml。"
FILE_MISSING = "找不到问题集“{name}”。请检查路径。"
FILE_UNREADABLE = "打不开问题集“{name}”。请检查它是不是完好、有没有读取权限。"
FILE_TOO_LARGE = "问题集“{name}”超过 {most} MB。请分成几个文件。"
FILE_ENCODING = "问题集“{name}”的编码认不出来。请在 Excel 里另存为“CSV UTF-8”，或存成 .xlsx。"
FILE_BROKEN = "问题集“{name}”读不了：文件已损坏，或不是它的扩展名所说的格式。"
FILE_YAML = "问题集“{name}”{where}不是有效的 YAML。请检查缩进和引号。"
FILE_EMPTY = "问题集“{name}”里没有一条能用的问题。请至少写一行，格式见 minsheng coverage --help。"
NO_QUESTION_COLUMN = (
    "问题集“{name}”没有“问题”这一列。"
    "第一行应是列名：问题、其他问法、必含、任一、出处、发言人、应拒答、主题、负责。"
)
UNKNOWN_COLUMN = "不认识的列，没有用到。"
COLUMN_TWICE = "和前面的一列重名，只用前面那一列。"
EXTRA_CELL = "这一格在列名之外，没有用到。文字里有逗号时，请用引号把整格括起来。"
LINE_NOT_RECORD = "不是一条记录。应写成 {example}。"
LINE_EXAMPLE = '{"question": "……", "all_of": ["……"]}'
MISSING = "没有写。"
NOT_TEXT = "应写文字，现在不是。"
CONTROL = "里面有看不见的控制字符。请删掉后重试。"
YES_OR_NO = "应写“是”或“否”，现在是“{value}”。"
REFUSE_AND_EXPECT = "应拒答的问题不用写必含、任一。请去掉其中一样。"
TWICE = "和{where}问的一样。请去掉一条，或把它写成另一条的其他问法。"
ID_TWICE = "编号和{where}相同。请换一个。"
A_NUMBER = "这一格是数字 {value}。原来若是百分数或日期，请在 Excel 里把这一格设成文本，再照原文写。"
IN_ANOTHER_FILE = "文件 {name} 的{where}"

COLUMNS = {
    "id": "编号",
    "question": "问题",
    "variants": "其他问法",
    "all_of": "必含",
    "any_of": "任一",
    "transcript": "出处",
    "speaker": "发言人",
    "refuse": "应拒答",
    "topic": "主题",
    "owner": "负责",
}
"""The fields of a case, with the names of their columns."""


def problem(file: str, where: str, column: str | None, message: str) -> str:
    """A problem in a file of cases, in one line."""
    place = where if column is None else f"{where}“{column}”"
    return f"{file} {place}：{message}"


# -- saved runs -----------------------------------------------------------------------------------------

RUN_UNREADABLE = "“{name}”不是 minsheng coverage 存下的结果，或已损坏，或出自别的版本的程序。请重新运行。"

NO_SUCH_RUN = "没有“{name}”这次结果。最近一次是 {latest}；全部结果请看 minsheng coverage --runs。"
NO_RUNS = "还没有存下的结果，找不到“{name}”。请先运行一次 minsheng coverage。"
RUNS_UNWRITABLE = "结果写不进 {folder}。请检查写入权限和磁盘空间，或用 --data 换一个数据目录。"

# -- what came of a case --------------------------------------------------------------------------------

NO_SUCH_TRANSCRIPT = "没有“{name}”这份实录，请改出处"
IMPOSSIBLE = "原文里没有这些字：{words}，请照原文改必含、任一"
EXPIRED = "这些字已标为失效，不再拿来回答：{words}，请改 FAQ"
NOT_THERE = "{whose}里没有这些字：{words}，它们在{where}"
NOT_FOUND = "没有找到：{words}在{where}，检索的前 {count} 段里没有它"
NOT_CHOSEN = "找到了，没有选用：{words}在第 {rank} 位的段落里，选用的是{chosen}"
CUT = "选用了，但引文截短了：{words}在同一句里，没有引出来"
REFUSED = "找到了（第 {rank} 位），没有作答：可能性 {confidence:.2f}，不到 {threshold:.2f}{signals}"
REFUSED_FREELY = "没有作答：可能性 {confidence:.2f}，不到 {threshold:.2f}{signals}"
DECLINED = "没有作答：被当作{kind}"
DECLINED_KINDS = {"abuse": "骂人的话", "instruction": "对程序的指令", "private": "打听个人的事"}
NOTHING_READ = "没有作答：没有读到与问题有关的句子"
SHOULD_REFUSE = "不该作答，却答了：可能性 {confidence:.2f}，够 {threshold:.2f} 就作答{signals}"
UNASKABLE = "不能提问：{why}"
BECAUSE_NOT = "；不利的是"
BECAUSE = "；有利的是"
LACKS_THE_FACT = "缺少问的事实（或说的是别的年份、地方），可能性打了三折"
PASSAGE_AT = "第 {rank} 位的“{words}…”"
HOLDING = "实录里写明的职务“{words}”"


@dataclass(frozen=True, slots=True)
class Signal:
    """A signal of a decision in words.

    ``against`` says that it lowered the confidence, ``for_`` that it raised it. ``features`` are the
    inputs of the decision it is made of, each with the value at which it takes nothing away: all of a
    share, none of a conflict, and the half of what is one half where nothing of the kind is asked.
    """

    against: str
    for_: str
    features: tuple[tuple[str, float], ...]


SIGNALS = (
    Signal(
        "问题里要紧的词，原文没有",
        "问题里要紧的词，原文都有",
        (
            ("largest_missing", 0.0),
            ("largest_missing_focus", 0.0),
            ("missing_yesno", 0.0),
            ("missing_open", 0.0),
            ("missing_hard", 0.0),
        ),
    ),
    Signal(
        "点名的地方或名称，原文没有提到",
        "点名的地方或名称，原文提到了",
        (("named_missing", 0.0), ("lost_settled", 0.0)),
    ),
    Signal(
        "没有问的那种数目、人名或时间",
        "有问的那种数目、人名或时间",
        (("hard_miss", 0.0), ("expected", 1.0)),
    ),
    Signal("问的东西不挨着问题里的词", "问的东西挨着问题里的词", (("expected_near", 1.0),)),
    Signal("数目的单位不对", "数目的单位相合", (("expected_unit", 0.5),)),
    Signal("说的是别的年份", "说的正是问的年份", (("year_conflict", 0.0), ("year_match", 0.5))),
    Signal("说的是别的地方", "说的正是问的地方", (("place_conflict", 0.0),)),
    Signal("问的是今后，说的是已经做的", "说的正是今后", (("future_conflict", 0.0),)),
    Signal("问的是每人每月多少，说的是总数", "说的正是每人每月多少", (("share_conflict", 0.0),)),
    Signal(
        "这一句没有盖住问题里的词",
        "这一句盖住问题里的词",
        (("cover", 1.0), ("cover_local", 1.0), ("cover_with_before", 1.0), ("mass", 1.0)),
    ),
    Signal(
        "这一段没有盖住问题里的词",
        "这一段盖住问题里的词",
        (("cover_passage", 1.0), ("mass_passage", 1.0), ("cover_document", 1.0), ("substance", 1.0)),
    ),
    Signal("检索的得分和排位低", "检索的得分和排位高", (("score", 1.0), ("rank", 0.0))),
    Signal("问题里的数字，原文没有", "问题里的数字，原文也有", (("numbers", 0.5), ("number_missing", 0.0))),
    Signal("问题说得太少", "问题说得清楚", (("asked", 1.0),)),
)


def quoted(words: Sequence[str]) -> str:
    """Words in quotation marks: “甲”“乙”."""
    return "".join(f"“{word}”" for word in words)

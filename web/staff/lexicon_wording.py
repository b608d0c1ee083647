"""Every word the room says about the lexicon."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

LEXICON = "词表"
LEXICON_INTRO = "查一个词怎样被理解；试改词表，看问题集的答复怎样变，再决定要不要。"
LOOK = "查一个词或一句问话"
LOOK_LABEL = "词或问话"
LOOK_BUTTON = "查"
WHERE = "在词表的哪里"
WHERE_NONE = "词表里没有这个词。"
WHERE_COLUMNS = ("文件", "行", "内容", "操作")
WHERE_MORE = "只列前 {most} 行。请写得具体些再查。"
WHERE_TAKE_OUT = "试着去掉"
WHOLE = "整词"
CUT = "分词"
CUT_KNOWN = "词典里有这个词（次数 {count}）。"
CUT_UNKNOWN = "词典里没有这个词，会切开。"
NUMERALS = "数字"
NUMERAL = "“{before}”读作 {after}"
YEAR = "年份 {year}"
UNIT = "“{unit}”是单位：{kind}"
READ_AS = "当作问题时怎样理解"
READ_TEXT = "改写后：{text}"
READ_REPAIR = "“{before}”改成“{after}”"
READ_DROPPED = "去掉“{before}”"
READ_ASKS = "问的是：{kinds}"
CONCEPT_COLUMNS = ("词", "种类", "要紧程度", "也算说到了的说法")
CONCEPTS_NONE = "没有要紧的词。"
CONCEPT_KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {"word": "词", "office": "单位", "place": "地名", "number": "数字", "year": "年份"}
)
ASKS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "any": "不限",
        "phone": "电话",
        "person": "人",
        "position": "职务",
        "rate": "比例",
        "money": "金额",
        "age": "年龄",
        "duration": "时长",
        "time": "时间",
        "place": "地点",
        "count": "数量",
        "yesno": "是否",
        "method": "办法",
        "condition": "条件",
        "list": "哪些",
        "ordinal": "第几",
        "reason": "原因",
        "definition": "是什么意思",
        "name": "名称",
        "what": "什么",
    }
)

TRY = "试改词表"
TRY_HINT = "写要加、要去掉的行，先试。会把问题集分别问改前和改后，不影响居民。"
TRY_FILE = "文件"
TRY_ADD = "要加的行（每行一条）"
TRY_REMOVE = "要去掉的行（照着原样，每行一条）"
TRY_BUTTON = "试一试"
TRY_EMPTY = "请写要加或要去掉的行。"
TRY_FILE_UNKNOWN = "请选一个文件。"
TRY_MANY = "一次最多改 {most} 行。请分几次。"
TRY_BUSY = "有人正在试，请等做完了再试。"
FORMATS = "各种文件的写法"
FORMAT_LINES = (
    ("words*.txt", "灵活就业人员，或 灵活就业人员 n", "分词时要整体认得的词，后面可以写词性"),
    ("synonyms*.txt", "加强免疫 = 加强针 = 第三针", "意思相同的词，第一个是官方用词；一个词只能在一组"),
    ("synonyms*.txt", "打零工 > 灵活就业 | 临时工", "居民的说法 > 官方可能用的词"),
    ("dialect*.txt", "好久 -> 多久 : 疑问", "方言 -> 普通话 : 种类；箭头右边空着就是去掉"),
    ("regional.txt", "捷运 -> 地铁", "外地说法 -> 本地说法"),
    ("shapes.txt", "己已巳", "形状相近的字"),
    ("units.txt", "万元 money", "单位 种类"),
    ("offices.yaml", "- {name: 民政局, short: [民政], topics: [低保]}", "单位、别名、管什么"),
    ("places.yaml", "- {name: 大足区, short: [大足], kind: district, within: 重庆市}", "地名"),
    ("stopwords.txt", "请问", "不说明问什么的词"),
    ("asked.txt", "条件", "只说问什么、不说明是什么事的名词"),
    ("counters.txt", "场 次 期", "可以互相答的量词，如问几场、答几期"),
    ("asker.txt", "我，或 !我区", "说到提问人和家人的词；“!”后面的不算"),
    ("addresses.txt", "小伙子", "开头的称呼，不当作问的事"),
    ("measures.txt", "举措", "措施、规定一类的名词，问到时多引几句"),
)
FORMAT_COLUMNS = ("文件", "一行", "意思")
RUNNING = "正在试。可以离开这一页；页面每 3 秒自动刷新。"
SILENT = "没有留下说明。请再试一次；还不行，请让管理员看服务器的日志。"
FAILED = "上一次没有试完："
FOUND = "试的结果"
FOUND_BY = "{who} 试于 {when}：{file}"
ADDED, REMOVED = "加：{line}", "去掉：{line}"
PROBLEM = "不能这样改："
NOTES = "值得看一眼："
COUNTS = "问了 {asked} 个问法："
NO_CASES = "没有问题集，没有比较答复。"
NOTHING_CHANGED = "答复都没有变。"
KEEP = "放进草稿"
KEEP_HINT = "放进草稿后，和实录一样检查、发布才生效。"
DROP = "不要了"
KEEP_GONE = "没有可以放进草稿的结果，可能别人刚处理过。请重新试。"
KEEP_OLD = "试过以后词表又变了，没有放进草稿。请重新试。"
WRITING = "改词表"
TRYING = "试改词表"
STEPS: Final[Mapping[str, str]] = MappingProxyType(
    {"": "正在准备", "before": "正在问改前", "after": "正在问改后"}
)


def concept_kind(kind: str) -> str:
    """What a word of a question is."""
    return CONCEPT_KINDS.get(kind, kind)


def asks(kind: str) -> str:
    """What a question asks for."""
    return ASKS.get(kind, kind)

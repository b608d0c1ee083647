"""Every word the command line says to people, in one place. Commands hold none of their own."""

from __future__ import annotations

from collections.abc import Mapping

from qa.model import Basis, BriefingDate, Interpretation, Speaker, Speech, Status

# Help. The first lines also stand in the list of commands.
PROGRAM = """从发布会实录里找官员的原话，回答民生问题。

例：minsheng ask "养老保险没交够年限怎么办"
"""
ASK = """问一个问题，或用 --batch 问一批。

例：minsheng ask "养老保险没交够年限怎么办"

例：minsheng ask "那缴多少钱" --history "居民医保什么时候缴费" --json

例：minsheng ask --batch questions.jsonl --hits 5 > answers.jsonl

批量提问时，每行一个 JSON 对象：{"id": "1", "question": "……"}，还可以写 history（先前的问题）、repair、hits。
答复按原来的顺序，一行一个；看不懂的行写明原因（"status": "error"），其余照答，最后以状态 1 结束。
"""
VERIFY = """按回执重问一遍，核对答复是不是一个字节都没有变。

例：minsheng ask "养老保险没交够年限怎么办" --receipt 回执.json

例：minsheng verify 回执.json

答复相同以状态 0 结束；不同则写明哪里变了，以状态 1 结束。
"""
BUNDLE = """把现在的版本（实录、索引、词表、设置）写成一个签了名的文件，给没有网络的自助机用。

例：minsheng bundle --new-key kiosk.key

例：minsheng bundle --key kiosk.key --out kiosk.bundle

自助机上：minsheng-web --bundle kiosk.bundle --bundle-key kiosk.key.pub
"""
INDEX = """为实录建立索引，以后用 --index 打开，不必每次重新分词。

例：minsheng index corpus --out var/index

例：minsheng index documents.jsonl --out var/index

实录很多时（默认 2 万段起）建大索引：占内存少，多个进程共用，可以只加新的。中断了再运行一次，会接着做。

例：minsheng index new.jsonl --out var/index --add

例：minsheng index --out var/index --merge

例：minsheng index --out var/index --check
"""
LEXICON = """检查词表，看哪些词用得上。

例：minsheng lexicon check --notes
"""
LEXICON_CHECK = """检查词表有没有自相矛盾：一个词在两个等号组里、方言换来换去、两家同名。

例：minsheng lexicon check --corpus corpus --notes

没有错误以状态 0 结束，有错误以状态 1 结束；提示不算错误。
"""
LEXICON_FIRED = """看一批问题用到了词表里的哪些词条。

例：minsheng lexicon fired questions.jsonl

每行一个 JSON 对象，问题写在 question 或 text 里：{"question": "打第三针要隔好久"}
"""
HELP = "显示这份说明。"
VERSION = "显示版本。"
QUESTION = "要问的问题，最多 300 个字，用引号括起来。"
BATCH = "一批问题的 .jsonl 文件；写 - 就从标准输入读。"
JSON = "输出一行 JSON，与接口的答复相同。"
HITS = "另外列出最相近的 K 份实录，0 到 100。"
EXPLAIN = "说明答复的来历：查询词、段落、各项分值。"
RECEIPT = "把回执写到这个文件，以后用 minsheng verify 核对。"
VERIFY_RECEIPT = "回执文件；写 - 就从标准输入读。"
NO_REPAIR = "按原话查，不纠正错字、拼音、方言和繁体字。"
HISTORY = "先前问过的问题，从早到晚，最多 5 个；可以写多次。"
CORPUS = "问哪些实录：含 transcripts/ 的文件夹，或 .jsonl 文件。不写就问当前版本。"
DATA = "数据目录：版本、草稿和缓存都在里面。不写就用 MINSHENG_DATA 或程序旁边的 var。"
UNCHANGED = "没有改动。"
CONFIRM_WITH_YES = "核对无误后，加上 --yes 再执行一次。"
SAID_YES = frozenset({"y", "yes", "是", "好", "对"})
INDEX_FOLDER = "minsheng index 建立的索引文件夹，代替 --corpus。"
INDEX_CORPUS = "含 transcripts/ 的文件夹，或 .jsonl 文件（每行一份：id、title、text）。"
INDEX_OUT = "索引写到哪个文件夹；已有的索引会整个换掉（--add、--merge、--check 除外）。"
INDEX_ADD = "把新的实录加进已有的大索引，不重建；已在索引里的略过。"
INDEX_MERGE = "把加进来的并成一份，排序和重建的一样。"
INDEX_CHECK = "检查索引的每个字节，看有没有损坏。"
INDEX_ENGINE = "auto（按段落数选，默认）、small（小索引）或 large（大索引）。"
INDEX_MEMORY = "建大索引最多用多少内存，单位 MB；默认看设置 MINSHENG_INDEX_MEMORY。"
INDEX_ONE_THING = "--add、--merge、--check 一次只能选一样。"
INDEX_CHECKING = "正在检查索引"
INDEX_STEPS = {"read": "正在读实录", "index": "正在建立索引", "merge": "正在合并"}
LEXICON_CORPUS = "查哪些实录所用的词表：含 lexicon/ 的文件夹；没有自带词表的，查随程序发布的那份。"
NOTES = "连不碍事、只是值得看一眼的提示也列出来。"
FIRED_QUESTIONS = "问题的 .jsonl 文件；写 - 就从标准输入读。"
USAGE_TITLE = "用法："
OPTIONS_TITLE = "选项"
ARGUMENTS_TITLE = "参数"
COMMANDS_TITLE = "命令"
OPTIONS_METAVAR = "[选项]"
COMMAND_METAVAR = "命令 …"

# Bad usage, with what to do next
NO_QUESTION = '请写下要问的问题，例如：minsheng ask "养老保险没交够年限怎么办"'
QUESTION_AND_BATCH = "问一个问题和 --batch 只能选一样。"
BATCH_WITH = "--batch 不能与 {options} 一起用：批量提问时，这些写在每一行里。"
JSON_AND_EXPLAIN = "--json 和 --explain 只能选一样。"
CORPUS_AND_INDEX = "--corpus 和 --index 只能选一样。"
TOO_MANY_EARLIER = "--history 最多写 {most} 次，请只留下最近的几个问题。"
HISTORY_OPTION_INVALID = "--history 里有空的、超过 300 个字或带控制字符的问题。"
NO_SUCH_OPTION = "没有 {option} 这个选项。有哪些选项，请看：{command} --help"
OPTION_WITHOUT_VALUE = "选项 {option} 后面要写内容。写法请看：{command} --help"
BAD_VALUE = "{name} 的值不对。写法请看：{command} --help"
BUNDLE_OUT = "数据包写到哪个文件；已有的会整个换掉。"
BUNDLE_KEY = "签名用的私钥文件，用 --new-key 生成。只放在发布的机器上。"
BUNDLE_NEW_KEY = "生成一对密钥：私钥写到这个文件，公钥写到旁边的 .pub 文件。"
BUNDLE_KEYS_MADE = "已生成密钥：私钥 {private}（请妥善保管），公钥 {public}（拷到自助机上）。"
BUNDLE_INCOMPLETE = "请写明 --key 和 --out，例如：minsheng bundle --key kiosk.key --out kiosk.bundle"
BUNDLED = "已写好数据包 {file}（{mib:.1f} MB），版本 {corpus}。"
VERIFY_INCOMPLETE = "请写明回执文件，例如：minsheng verify 回执.json"
FILE_UNWRITABLE = "写不了文件 {name}。请检查路径和写入权限。"
INDEX_INCOMPLETE = "请写明实录和 --out，例如：minsheng index corpus --out var/index。合并和检查只写 --out。"
LEXICON_INCOMPLETE = "请写明问题的文件，例如：minsheng lexicon fired questions.jsonl"
MISSING = "缺少 {name}。写法请看：{command} --help"
BAD_USAGE = '命令写法不对。提问要写成 minsheng ask "问题"，问题用引号括起来。写法请看：{command} --help'
SETTINGS_BAD = "设置有误：{fields}。请检查命令行选项和 MINSHENG_ 开头的环境变量。"
FILE_UNREADABLE = "打不开文件 {name}。请检查路径和读取权限。"

# Problems of one line of a batch
QUESTION_PROBLEM = "问题不能这样提"
LINE_PROBLEM = "这一行有误"
LINE_NOT_JSON = '这一行不是有效的 JSON 对象。应写成 {"id": "1", "question": "……"}。'
LINE_MISSING = "这一行缺少 {field}。"
LINE_FIELD = "{field} 的写法不对。请检查它的类型和长短。"
HISTORY_INVALID = "history 里有空的、超过 300 个字或带控制字符的问题。"

# The lexicon
LEXICON_KINDS = {
    "words": "词语",
    "groups": "等号组",
    "pointers": "指向",
    "dialect": "方言",
    "regional": "外地说法",
    "shapes": "形近字",
    "units": "单位",
    "offices": "部门",
    "places": "地名",
    "stopwords": "停用词",
}
LEXICON_TOTAL = "合计"
LEXICON_ERROR = "错误：{text}"
LEXICON_NOTE = "提示：{text}"
LEXICON_ENTRIES = "{kind}  {count} 条"
LEXICON_ASKED = "问题 {count} 个。用到的词条："
LEXICON_FIRED_KIND = "{kind}  {fired} 条（共 {every} 条）"
LEXICON_MOST = "用得最多的（停用词不列）："
LEXICON_FIRED_ENTRY = "{count} 个问题  {kind}  {text}"
LINE_WITHOUT_QUESTION = '第 {number} 行没有问题。应写成 {{"question": "……"}} 或 {{"text": "……"}}。'

# Progress, on a terminal
READING = "正在读问题"
ASKING = "正在提问"
INDEXING = "正在建立索引"

# An answer
STATUS = {
    Status.ANSWERED: "找到了。发布会实录的原文是：",
    Status.RELATED: "没有找到答案。",
    Status.NO_ANSWER: "没有找到答案。",
    Status.DECLINED: "这个问题不能回答。",
}
RELATED_TITLE = "相关原文，不是答案"
SHORTENED = "（节选）"
NOTICES_TITLE = "请注意"
UNDERSTOOD_TITLE = "是这样理解的"
HOTLINE = "可以拨打 12345 政务服务热线询问。"
SUGGESTIONS_TITLE = "可以这样问"
HITS_TITLE = "最相近的实录"
SECTION = "小标题：{title}"
HREF = "位置：{href}"
IN_FILE = "　原文件{place}"

# An explanation
EXPLAIN_TEXT = "理解为：{text}"
EXPLAIN_TERMS = "查询词（权重）"
EXPLAIN_PAIR = "相邻两字：{pair}"
EXPLAIN_MORE = "另有 {count} 个"
EXPLAIN_CONCEPTS = "概念（重要程度，可以换成的说法）"
EXPLAIN_FACETS = "问的是"
EXPLAIN_KINDS = {
    "any": "任何说法",
    "phone": "电话",
    "person": "人名",
    "position": "职务",
    "rate": "比例",
    "money": "金额",
    "age": "年龄",
    "duration": "多长时间",
    "time": "什么时候",
    "place": "地点",
    "list": "列出各项",
    "ordinal": "名次",
    "count": "数量",
    "reason": "原因",
    "definition": "意思",
    "name": "名称",
    "condition": "条件",
    "method": "办法",
    "what": "什么",
    "yesno": "是否",
}
"""What a question may expect; a kind that is only in the lexicon is named as it is there."""
EXPLAIN_HITS = "命中的段落（得分）"
EXPLAIN_OWN = "段落自己的词（权重 × 词在这段的分量）：{value:.3f}"
EXPLAIN_WHOLE = "整篇的词：{share:.2f} × {value:.3f} = {product:.3f}"
EXPLAIN_EVIDENCE = "依据：{facet}"
EXPLAIN_NO_EVIDENCE = "没有读到依据"
EXPLAIN_HOLDING = "直接取自实录里写明的职务"
EXPLAIN_READER = "阅读：这一句是不是答案"
EXPLAIN_DECISION = "判断：答得对不对"
EXPLAIN_BIAS = "起点"
EXPLAIN_SUM = "合计（对数几率）"
EXPLAIN_PROBABILITY = "可能性 {value:.4f}"
EXPLAIN_VERDICT = (
    "结论：{status}；可能性 {value:.4f}，够 {answer:.4f} 才作答；"
    "相关程度 {nearness:.2f}，够 {near:.2f} 才列出相关原文"
)
STATUS_NAMES = {
    Status.ANSWERED: "作答",
    Status.RELATED: "只列相关原文",
    Status.NO_ANSWER: "没有答案",
    Status.DECLINED: "不答",
}


def speech(kind: Speech) -> str:
    """How the words of a quote were said."""
    return {
        Speech.DIRECT: "直接引语",
        Speech.REPORTED: "转述，不是逐字原话",
        Speech.NARRATION: "记者叙述，不是官员的话",
    }[kind]


def speaker(who: Speaker | None, kind: Speech) -> str:
    """Who says a quote, with the office, and how: 张三（局长），直接引语."""
    if who is None:
        return "文件原文" if kind is Speech.DIRECT else speech(kind)
    office = f"（{who.office}）" if who.office else ""
    return f"{who.name}{office}，{speech(kind)}"


def briefing(title: str, date: BriefingDate) -> str:
    """A briefing's title and its date, with how the date is known."""
    return f"《{title}》，{day(date)}"


def day(date: BriefingDate) -> str:
    """A briefing's date: 2021年8月（根据原文“…”推定）, or 日期不详."""
    if date.value is None:
        return "日期不详"
    parts = zip(date.value.split("-"), "年月日", strict=False)
    shown = "".join(f"{int(number)}{unit}" for number, unit in parts)
    if date.basis is not Basis.INFERRED:
        return shown
    return f"{shown}（根据原文“{date.source_words}”推定）" if date.source_words else f"{shown}（推定）"


def understood(read: Interpretation) -> tuple[str, ...]:
    """How a question was understood, a line each."""
    lines = [
        f"“{repair.before}”理解为“{repair.after}”" if repair.after else f"没有用“{repair.before}”去查"
        for repair in read.repairs
    ]
    if read.follows is not None:
        lines.append(f"接着先前的“{read.follows}”来查")
    if read.unmatched:
        lines.append("原文没有提到：" + "、".join(read.unmatched))
    return tuple(lines)


def verified(same: bool, receipt: Mapping[str, object], found: Mapping[str, object]) -> tuple[str, ...]:
    """What replaying a receipt came to: the verdict, then what is not as it was, a line each."""
    verdict = "答复相同，一个字节都没有变。" if same else "答复和回执上的不同。"
    names = {"corpus": "实录版本", "settings": "设置", "program": "程序版本", "answer": "答复的摘要"}
    changed = [
        f"{name}不同：回执上是 {receipt[field]}，现在是 {found[field]}"
        for field, name in names.items()
        if receipt[field] != found[field]
    ]
    if same or len(changed) > 1:
        return (verdict, *changed)
    return (verdict, *changed, "版本、设置和程序都没有变：回执被改过，或者程序文件被改过。")


def lexicon_verdict(errors: int, notes: int) -> str:
    """What a check of the lexicon came to."""
    found = f"错误 {errors} 处，请改正后再检查。" if errors else "没有错误。"
    return f"{found}提示 {notes} 条。" if notes else found


def index_checked(seconds: float, name: str) -> str:
    """That an index is whole."""
    return f"索引“{name}”完好，用时 {seconds:.1f} 秒。"


def index_added(added: int, transcripts: int, passages: int, seconds: float) -> str:
    """How much was added to an index, and what there is in it now."""
    if not added:
        return f"没有新的实录，索引没有变：实录 {transcripts} 份，段落 {passages} 个。"
    return (
        f"已加入实录 {added} 份，用时 {seconds:.1f} 秒。索引里现有实录 {transcripts} 份，段落 {passages} 个。"
    )


def index_merged(transcripts: int, passages: int, anew: int, seconds: float) -> str:
    """That an index is one again, and how many transcripts were segmented anew for it."""
    again = f"其中 {anew} 份因为提到新的人名重新分了词，" if anew else ""
    return f"已合并：实录 {transcripts} 份，段落 {passages} 个，{again}用时 {seconds:.1f} 秒。"


def indexed(transcripts: int, passages: int, seconds: float, folder: str) -> str:
    """That an index was made: of how much, in what time, and how to ask it."""
    return (
        f"已建立索引：实录 {transcripts} 份，段落 {passages} 个，用时 {seconds:.1f} 秒。\n"
        f'现在可以问：minsheng ask --index {folder} "……"'
    )

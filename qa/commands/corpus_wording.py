"""Every word ``minsheng corpus`` says to people."""

from __future__ import annotations

from qa.cli_wording import day
from qa.model import Speech, Transcript, TurnKind
from qa.transcripts.description import LeftOut, LeftOutKind
from qa.versions.checking import DamageKind
from qa.versions.difference import What
from qa.versions.doubts import Doubt, DoubtKind

# Help. The first lines also stand in the list of commands.
CORPUS = """管理实录：添加、检查、发布、退回。

改动先放在草稿里，发布以后才拿来回答；发布前可以反复改，也可以丢弃。

例：minsheng corpus add 发布会实录.txt --date 2024-03-18
"""
ADD = """把实录文件添加到草稿。先列出读懂了什么，确认后才保存。

例：minsheng corpus add 发布会实录.txt

例：minsheng corpus add 发布会实录.txt --turns

例：minsheng corpus add 一季度.txt 二季度.txt --yes

例：minsheng corpus add 发布会实录.txt --title "住房保障新闻发布会" --date 2024-03-18 --url https://example.org/1.html

例：minsheng corpus add 更正稿.txt --id 2024-03-18-zhufangbaozhang --replace
"""
LIST = """列出实录。有草稿时列草稿，否则列当前版本。

例：minsheng corpus list

例：minsheng corpus list --version 3f2a9c1b77d0 --json
"""
SHOW = """显示一份实录：谁说的、问了什么、哪些已失效。

例：minsheng corpus show dazu-2024-minsheng

例：minsheng corpus show dazu-2024-minsheng --turns

例：minsheng corpus show dazu-2024-minsheng --text
"""
CHECK = """检查有没有损坏，并列出值得看一眼的地方。

例：minsheng corpus check

例：minsheng corpus check --version 3f2a9c1b77d0 --strict

损坏：文件与登记的校验值不符、位置对不上原文、词表或问题集读不懂、索引不能用。
提示：没有日期、发言人没有职务、内容与另一份几乎相同等。
没有损坏以状态 0 结束，有损坏以状态 1 结束；加 --strict，有提示也以状态 1 结束。
"""
REMOVE = """从草稿里去掉实录。已发布的版本不受影响，发布草稿后才生效。

例：minsheng corpus remove dazu-2021-faburen
"""
EXPIRE = """把不再有效的说法标为“已失效”：不再拿来回答，仍可阅读。

例：minsheng corpus expire dazu-2024-minsheng --words "……" --reason "2025年起调整" --instead "见2025年通知"

例：minsheng corpus expire dazu-2021 --words "……" --reason "换人" --by dazu-2024 --by-words "……"

原文要与实录一字不差，可从 minsheng corpus show 编号 --text 里复制。
"""
UNEXPIRE = """去掉“已失效”的标记。

例：minsheng corpus unexpire dazu-2024-minsheng --words "……原文的开头……"

例：minsheng corpus unexpire dazu-2024-minsheng --all
"""
DIFF = """看两个版本有什么不同。不写版本，就比较当前版本和草稿。

例：minsheng corpus diff

例：minsheng corpus diff 3f2a9c1b77d0 8e01d5c2a94b

相同以状态 0 结束，不同以状态 1 结束。
"""
DRAFT = """看草稿在哪里、改了什么；或丢弃它。

例：minsheng corpus draft

例：minsheng corpus draft --discard

词表和问题集直接在草稿文件夹里改（lexicon/、faq/）。还没有草稿时，加 --begin 建立一份。
"""
PUBLISH = """发布草稿：先用问题集比较发布前后的答复，确认后一次切换。

例：minsheng corpus publish --why "新增三月住房保障发布会"

例：minsheng corpus publish --faq questions.csv --max-broken 2%

例：minsheng corpus publish --max-broken 3 --yes

例：minsheng corpus publish --force --why "政策调整，旧答复应当消失"

原来答得对、发布后答错或答不出的问题超过 --max-broken（默认 0），就停下来，什么都不变，以状态 1 结束。
按 Ctrl-C 可以随时中断，什么都不变；再次执行会接着做。服务不用重启，几秒内换上新版本。
"""
ROLLBACK = """退回到以前的版本。不写版本，就退回上一个。

例：minsheng corpus rollback --why "发现错字"

例：minsheng corpus rollback 3f2a9c1b77d0 --why "发现错字" --yes
"""
PRUNE = """清理旧版本，腾出磁盘。当前版本和最近 N 个以前的版本总会留下。

例：minsheng corpus prune --keep 5

例：minsheng corpus prune --keep 3 --yes

先列出要清理哪些版本、腾出多少，确认后才动手。历史记录都还在，但清理掉的版本退不回去了。
随时可以中断，再次执行会接着做；服务不用停。
"""
VERSIONS = """列出发布过的版本：什么时候、谁、为什么。

例：minsheng corpus versions
"""

# Options and arguments
FILES = "实录文件，可以写多个。"
ID = "实录的编号；不写就按日期和标题自动起。"
TITLE = "标题；不写就用文件里的。"
DATE = "日期：2024、2024-03 或 2024-03-18。"
URL = "原文网址。"
PUBLISHER = "发布单位。"
REPLACE = "换掉编号相同的实录；要写 --id。"
YES = "不再询问，直接执行。"
JSON = "输出 JSON。"
VERSION = "看哪个版本：minsheng corpus versions 列出的编号（开头几位就够），current 是当前版本。"
ONE_ID = "实录的编号。"
IDS = "实录的编号，可以写多个。"
TEXT = "显示全文，可以复制原文。"
TURNS = "把每一段发言都列出来；不写只列前 30 段。"
STRICT = "有提示也算有问题。"
WORDS = "失效的原文，一字不差。"
UNEXPIRE_WORDS = "标记的原文，写开头就行。"
ALL = "去掉这份实录的所有标记。"
START = "失效的原文从第几个字开始（从 0 数）；与 --end 一起用，代替 --words。"
END = "失效的原文到第几个字为止。"
REASON = "为什么失效。"
SINCE = "从哪一天起失效：2024-03-18。"
BY = "由哪份实录里的说法代替：实录的编号，与 --by-words 一起用。"
BY_WORDS = "代替它的原文，一字不差。"
INSTEAD = "由什么代替，用一句话说明。"
BEGIN = "没有草稿时建立一份。"
DISCARD = "丢弃草稿。"
WHY = "为什么发布，记入历史。"
ROLLBACK_WHY = "为什么退回，记入历史。"
FAQ = "用哪个问题集比较；不写就用草稿里 faq/ 的。"
MAX_BROKEN = "最多容许多少个问题变坏：个数（3）或占比（2%）。"
FORCE = "超过 --max-broken 也发布；要用 --why 说明原因。"
WHO = "经手人；不写就用登录名。"
VERSION_ARGUMENT = "版本的编号，开头几位就够。"

# Bad usage
NO_FILES = "请写明要添加的文件，例如：minsheng corpus add 发布会实录.txt"
NO_ID = "请写明实录的编号。有哪些实录，请看：minsheng corpus list"
ONE_FILE_ONLY = "--id、--title、--date、--url 一次只能用于一个文件。请把文件分开添加。"
REPLACE_NEEDS_ID = "--replace 要和 --id 一起用，写明换掉哪一份。"
ID_TAKEN = "编号 {id} 已经有了。要换掉它，请加 --replace；否则请用 --id 另起一个。"
NOT_THERE = "没有编号为 {id} 的实录。有哪些实录，请看：minsheng corpus list"
NO_REASON = '请用 --reason 写明为什么失效，例如：--reason "2025年起调整"'
NO_WORDS = "请用 --words 写明失效的原文，或用 --start 和 --end 写明位置。"
WORDS_NOT_FOUND = "《{title}》里找不到这段原文。请从 minsheng corpus show {id} --text 里复制，一字不差。"
WORDS_TWICE = "这段原文在《{title}》里出现了 {count} 次。请多写几个字，或用 --start 和 --end 写明位置。"
SPAN_BAD = "--start 和 --end 不对：全文共 {length} 个字，开始要小于结束。"
SINCE_BAD = "--since 要写成 2024-03-18 这样的日期。"
BY_INCOMPLETE = "--by 和 --by-words 要一起写：哪份实录，哪段原文。"
BY_AND_INSTEAD = "--by 和 --instead 只能选一样。"
ALREADY_EXPIRED = "这段原文已经标过“已失效”。"
WHICH_MARK = "这份实录有 {count} 处标记，请用 --words 写明是哪一处，或用 --all 全部去掉："
NO_MARK = "这份实录没有这样的“已失效”标记。"
MAX_BROKEN_BAD = "--max-broken 要写成个数（3）或占比（2%）。"
FORCE_NEEDS_WHY = '--force 要和 --why 一起用，写明为什么仍要发布，例如：--why "政策调整"'
DIFF_ONE = "请写两个版本，或一个都不写。"

# Progress, on a terminal
READING_FILES = "正在读文件"
CHECKING = "正在检查"
INDEXING = "正在建立索引"
ASKING = "正在用问题集提问"

# Adding
UNDERSTOOD = "读懂了这些："
FILE = "文件"
WOULD_BE = "编号"
TITLE_LABEL = "标题"
DATE_LABEL = "日期"
PUBLISHER_LABEL = "发布单位"
URL_LABEL = "网址"
SIZE_LABEL = "字数"
TURNS_LABEL = "发言"
SPEAKERS = "发言人"
NOBODY = "没有认出发言人"
OFFICE_UNKNOWN = "职务没有写明"
QUESTIONS = "提问"
NO_QUESTIONS = "没有认出提问"
LEFT_OUT = "没有读的"
NOTHING_LEFT_OUT = "全文都读了"
DOUBTS = "请核对"
MORE = "……另有 {count} 处"
TURN_COLUMNS = ("序号", "做什么", "谁", "说了什么", "答的是哪个提问")
MORE_TURNS = "……另有 {count} 段发言，加 --turns 全部列出"
NAMELESS = "没有写明"
TURN_ANSWERS = "{number}：{asked}"
SAVE_ASK = "是否保存到草稿？"
NOT_SAVED = "没有保存。"
SAVED = (
    "已保存到草稿：{ids}。\n"
    "检查：minsheng corpus check    看改动：minsheng corpus diff    发布：minsheng corpus publish"
)
SAME_ALREADY = "{name}：与 {id} 是同一个文件，跳过。"

# Listing
LISTED_DRAFT = "草稿（还没有发布）"
LISTED_VERSION = "版本 {name}"
LISTED_SEED = "随程序发布的实录（还没有发布过版本）"
COLUMNS = ("编号", "日期", "标题", "字数", "提问", "已失效")
NO_DRAFT = "没有草稿，也就没有待发布的改动。"
DRAFT_AT = "草稿在 {folder}\n{who} 于 {when} 从版本 {base} 建立。"
DRAFT_BEHIND = "注意：草稿是从版本 {base} 建立的，现在是 {current}。请仔细看改动，不要把别人的改动退回去。"
DISCARD_ASK = "是否丢弃草稿和其中的全部改动？"
DISCARDED = "草稿已丢弃。"
EXPIRED_TITLE = "已失效"
SINCE_LABEL = "{since} 起"
REPLACED_BY = "代替它的：{transcript} 的“{words}”"
REPLACED_TEXT = "代替它的：{text}"

# Removing, expiring
REMOVE_ASK = "是否从草稿里去掉这 {count} 份实录？"
REMOVED = "已从草稿里去掉：{ids}。发布后生效。"
EXPIRE_ASK = "是否标为“已失效”？"
EXPIRED_DONE = "已在草稿里标为“已失效”：“{words}”。发布后不再拿来回答。"
UNEXPIRED = "已在草稿里去掉 {count} 处标记。发布后生效。"

# Differences
NO_DIFFERENCE = "没有不同。"
WHAT = {What.ADDED: "新增", What.REMOVED: "去掉", What.CHANGED: "改动"}
PART = {"transcripts": "实录", "lexicon": "词表", "faq": "问题集"}
FIELD = {
    "title": "标题",
    "title_basis": "标题的来历",
    "date": "日期",
    "publisher": "发布单位",
    "url": "网址",
    "source": "原文",
    "aliases": "别名",
    "expired": "已失效的标记",
    "transcript.yaml": "说明文件",
}

# Publishing
NOTHING_TO_PUBLISH = "草稿与当前版本没有不同，不用发布。"
CHANGES = "要发布的改动"
ANSWERS = "问题集的答复"
NO_CASES = "没有问题集，没有比较答复。可以用 --faq 指定一个。"
CHANGED_ANSWER = "{change}  {asked}\n    原来：{before}\n    现在：{after}"
CHANGE = {"fixed": "变好", "broken": "变坏", "moved": "换了原文", "appeared": "新出现", "vanished": "消失"}
NO_QUOTE = "没有答案"
NOT_ASKED = "没有这个问法"
PUBLISH_ASK = "是否发布？"
PUBLISHED = "已发布：版本 {after}（原来是 {before}）。正在运行的服务几秒内换上，不用重启。"
NOT_PUBLISHED = "没有发布，当前版本不变。"
INTERRUPTED = "已中断，当前版本不变。草稿和做完的部分都在，再次执行会接着做。"
ROLLBACK_ASK = "是否从版本 {before} 退回到 {after}？"
ROLLED_BACK = "已退回到版本 {after}（原来是 {before}）。正在运行的服务几秒内换上，不用重启。"
VERSION_COLUMNS = ("版本", "什么时候", "谁", "做了什么", "实录", "为什么")
KIND = {"seed": "最初的版本", "publish": "发布", "rollback": "退回"}
CURRENT_MARK = "← 当前"
PRUNED_MARK = "已清理"
KEEP = "除当前版本外，留下最近几个以前的版本，至少 1 个。"
NOTHING_TO_PRUNE = "没有要清理的：共 {count} 个版本，都要留下。"
PRUNE_LINE = "清理  {name}  {when}"
PRUNE_ASK = "是否清理这 {count} 个版本（留下 {kept} 个，腾出 {size}）？清理掉的版本退不回去。"
PRUNED = "已清理 {count} 个版本，腾出 {size}，留下 {kept} 个。"
NO_VERSIONS = "还没有发布过版本，回答用的是随程序发布的实录。"

# Checking
DAMAGE = {
    DamageKind.TRANSCRIPT: "实录读不出来",
    DamageKind.SPANS: "位置与原文对不上",
    DamageKind.REPLACEMENT: "代替失效说法的原文不在，或它自己也已失效",
    DamageKind.FILE: "文件缺少、多出或被改动",
    DamageKind.LEXICON: "词表读不懂",
    DamageKind.QUESTIONS: "问题集读不懂",
    DamageKind.INDEX: "索引不能用（会自动重建）",
    DamageKind.EMPTY: "没有实录",
}
SPAN_PROBLEM = {
    "outside": "有发言、小标题或标记的位置在全文之外",
    "reply": "有答复对着不存在的提问",
    "passages": "段落与发言的文字不同",
    "source": "有文字找不到它在原文件里的位置",
    "sha256": "原文件与登记的校验值不符",
}
DAMAGE_LINE = "损坏：{where}：{kind}{what}"
NOTE_LINE = "提示：{id}：{doubt}"


def doubt(found: Doubt) -> str:
    """What to look at, and what to do about it."""
    about = found.about
    return {
        DoubtKind.GARBLED: f"有 {about} 个字像乱码，可能是编码不对。请打开文件核对，另存为 UTF-8。",
        DoubtKind.SAME_FILE: f"与已有的 {about} 是同一个文件。",
        DoubtKind.NEAR_DUPLICATE: f"内容与 {about} 几乎相同，可能是重复的。",
        DoubtKind.UNDATED: "没有日期。知道的话，请用 --date 写明。",
        DoubtKind.PUBLISHED: f"文件写明 {about} 发布，发布会不一定是这一天。知道的话，请用 --date 写明。",
        DoubtKind.DATE_INFERRED: f"日期是根据“{about}”推定的，请核对。",
        DoubtKind.TITLE_INFERRED: f"标题不是原文写明的：“{about}”。不对的话，请用 --title 写明。",
        DoubtKind.UNKNOWN_SPEAKER: f"{about} 说了话，但哪里都没有写他的职务。",
        DoubtKind.SHORT: f"只有 {about} 个字，可能不完整。",
        DoubtKind.NO_SPEAKER: "没有认出任何发言人，引用时不会写是谁说的。",
        DoubtKind.UNANSWERED: f"有 {about} 个提问没有认出答复。",
    }[found.kind]


LEFT_OUT_KIND = {
    LeftOutKind.NAVIGATION: "网页上正文以外的",
    LeftOutKind.PAGE_HEADER: "页眉页脚",
    LeftOutKind.PAGE_NUMBER: "页码",
    LeftOutKind.CAPTION: "图片说明",
    LeftOutKind.NOTE: "脚注和批注",
    LeftOutKind.PICTURE: "没有文字的页，可能是扫描的图片",
    LeftOutKind.DELETED: "修订里删掉的",
}


def left_out(found: LeftOut, *, paged: bool) -> str:
    """Words of a file that are not read, what they are, and on which page or in which paragraph."""
    where = f"（第 {found.place} {'页' if paged else '段'}）" if found.place is not None else ""
    return f"{LEFT_OUT_KIND[found.kind]}{where}{'：' if found.text else ''}{found.text}"


TURN_KIND = {
    TurnKind.QUESTION: "提问",
    TurnKind.REPLY: "答复",
    TurnKind.STATEMENT: "发言",
    TurnKind.NARRATION: "叙述",
}


def turn_kind(kind: TurnKind, speech: Speech) -> str:
    """What a turn does, and whether its words are only reported."""
    return f"{TURN_KIND[kind]}（转述）" if speech is Speech.REPORTED else TURN_KIND[kind]


def turns(transcript: Transcript) -> str:
    """How many turns of each kind a transcript has."""
    counts = {kind: sum(turn.kind is kind for turn in transcript.turns) for kind in TURN_KIND}
    return "，".join(f"{TURN_KIND[kind]} {count}" for kind, count in counts.items() if count) or "没有"


def date(transcript: Transcript) -> str:
    """A transcript's date, with how it is known."""
    return day(transcript.date)


def checked(transcripts: int, damage: int, noted: int) -> str:
    """What a check came to."""
    found = f"损坏 {damage} 处，请先修好再发布。" if damage else "没有损坏。"
    return f"检查了 {transcripts} 份实录。{found}提示 {noted} 条。"


def compared(counts: dict[str, int]) -> str:
    """How the answers to a question set change."""
    names = {
        "fixed": "变好",
        "broken": "变坏",
        "moved": "换了原文",
        "appeared": "新出现",
        "vanished": "消失",
        "unchanged": "不变",
    }
    return "，".join(f"{name} {counts.get(kind, 0)}" for kind, name in names.items())


def too_many_broken(worse: int, asked: int, most: str) -> str:
    """That a publication was stopped, and what to do."""
    return (
        f"停止发布：{asked} 个问法里有 {worse} 个变坏或消失，超过容许的 {most}。当前版本不变。\n"
        "请核对上面列出的问题，修改草稿后再发布；"
        '确实应当如此，就用 --force --why "原因"，或放宽 --max-broken。'
    )

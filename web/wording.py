"""Every word the site says to citizens, in one place. Templates and scripts hold none of their own.

Short sentences, everyday words. What is quoted is called 原文, never 原话, unless it is the
speaker's own words.
"""

from __future__ import annotations

from collections.abc import Sequence

from qa.model import Basis, BriefingDate, Speaker, Speech, Status, TurnKind

# The frame of every page
SKIP = "跳到正文"
NAV_LABEL = "主要页面"
NAV_ASK = "提问"
NAV_TRANSCRIPTS = "实录"
FOOTER_SOURCE = "答复都摘自发布会实录，一字不改，不是机器编写的。"
FOOTER_API = "接口说明"
PRIVACY = "您问的内容不会出现在网址里。请不要填写身份证号、电话等个人信息。"

# Asking
ASK_TITLE = "您想问什么？"
ASK_LABEL = "写下您的问题"
ASK_LABEL_NEXT = "接着问，或者问别的"
ASK_HINT = "像平常说话一样写就行，最多 300 个字。"
ASK_BUTTON = "提问"
ASK_BUSY = "正在查找……"
ASK_FRESH = "重新开始"
ERROR_PREFIX = "没能提交："
ERROR_TITLE_PREFIX = "没能提交"
CLEANED = "看不见的字符已经替您去掉了。请看一看，再按“提问”。"
SUGGESTIONS_TITLE = "可以这样问"
SUGGESTIONS_INSTEAD = "您可以问这些"
COUNTER_LEFT = "还可以写 {n} 个字"
COUNTER_OVER = "多了 {n} 个字，请删短一些"

# The answer
ANSWER_TITLE = "答复"
ASKED = "您问"
ANSWERED_LEAD = "发布会实录的原文是："
NOT_FOUND_LEAD = "发布会实录里没有找到答案"
DECLINED_LEAD = "这个问题，本站不能回答"
RELATED_TITLE = "相关原文，不是答案"
SHORTENED = "（节选）"
NOTICES_TITLE = "请注意"
UNDERSTOOD_TITLE = "我们是这样理解的"
UNDO_REPAIRS = "按原话再查"
UNDO_FOLLOWS = "单独查这个问题"
AS_WRITTEN = "这次是按您的原话查的。"
SEE_TRANSCRIPT = "在实录中查看"
DATE_UNKNOWN = "日期不详"

# The reader
TRANSCRIPTS_TITLE = "发布会实录"
TRANSCRIPTS_INTRO = "本站只从下面的实录里找答案。"
TRANSCRIPTS_EMPTY = "现在还没有实录。"
PAGES_LABEL = "翻页"
PAGE_PREVIOUS = "上一页"
PAGE_NEXT = "下一页"
JUMP_TO_CITE = "跳到标出的原文"
CITE_LEGEND = "标出颜色的，就是答复里引用的原文。"
BAD_SPAN = "链接里的位置不对，没有标出原文。下面是实录全文。"
UPDATED = "得到那条答复以后，实录更新过。下面标出的文字可能和当时引用的不一样，请以现在的实录为准。"
DETAILS_TITLE = "核对信息"
SOURCE_FILE = "原始文件"
SOURCE_DIGEST = "文件指纹（SHA-256）"
PUBLISHER = "发布单位"
ORIGINAL_PAGE = "查看原网页"
BACK_TO_ASK = "回到提问"

# Errors, as (title, detail)
NOT_FOUND = ("找不到这个页面", "网址可能写错了，或者内容已经撤下。请回到首页重新提问。")
METHOD_NOT_ALLOWED = ("这样打不开", "这个网址不接受这种打开方式。请回到首页重新提问。")
BODY_TOO_LARGE = ("发来的内容太大", "一次最多只能发 64 KB。请只写一个问题。")
INTERNAL_ERROR = ("本站出了点问题", "不是您的错。请过一会儿再试。")
REQUEST_INVALID = ("请求有误", "请求的写法不对。请对照接口说明检查字段的名称和类型。")
REQUEST_NOT_JSON = "请求体应当是 JSON，并写明 Content-Type: application/json。"
QUESTION_PROBLEM = "问题不能这样提"
QUESTION_EMPTY = "请先写下您想问的问题，再按“提问”。"
QUESTION_CONTROL = "问题里有看不见的控制字符。请删掉后重新输入，或换一种方式粘贴文字。"
HISTORY_INVALID = "history 里有空的、超过 300 个字或带控制字符的问题。"

# Examples of the API
EXAMPLE_QUESTION = "社保没有交够15年怎么办？"
EXAMPLE_FOLLOW_UP = "那要交多少钱？"

# Starting the server
WEB_STARTED = "民生问答已启动：{url}"
PORT_TAKEN = "端口 {port} 已经有程序在用。请换一个端口，例如 --port {other}，或先停掉那个程序。"
PORT_FORBIDDEN = "没有权限使用端口 {port}。请换一个 1024 以上的端口，例如 --port 8000。"
ADDRESS_BAD = "不能在 {host} 上监听：本机没有这个地址。请检查 --host，例如 127.0.0.1 或 0.0.0.0。"
SETTINGS_BAD = "设置有误：{fields}。请检查命令行选项和环境变量。"


def intro(district: str) -> str:
    """What the site does, in two sentences."""
    return f"用自己的话问。本站从{district}的发布会实录里找出原文给您看；实录里没有的，就直接说没有。"


def collection(count: int) -> str:
    """The link to the transcripts, with how many there are."""
    return f"看看现在收录的 {count} 份发布会实录"


def page_title(site_name: str, title: str) -> str:
    """The title of the browser's tab. It never holds a question."""
    return f"{title}｜{site_name}"


def hotline(name: str, number: str) -> tuple[str, str, str]:
    """The words around the number to call: before, the number itself, after."""
    return "需要帮忙，可以打 ", number, f" {name}。"


def understood(before: str, after: str) -> str:
    """One repair of the question; an empty ``after`` means the words were left out."""
    if not after:
        return f"我们查找时没有用“{before}”这个说法。"
    return f"我们把“{before}”理解为“{after}”。"


def follows(question: str) -> str:
    """The earlier question that was taken over."""
    return f"我们接着您前面问的“{question}”来查。"


def unmatched(words: Sequence[str]) -> str:
    """The words of the question that the answer's briefing does not mention."""
    return "原文未提到：" + "、".join(words) + "。请看清楚原文说的是不是您要问的事。"


def date(when: BriefingDate) -> str:
    """A briefing's date with how it is known: 2021年（根据原文“…”推定）."""
    if when.value is None:
        return DATE_UNKNOWN
    shown = "".join(
        str(int(part)) + unit for part, unit in zip(when.value.split("-"), "年月日", strict=False)
    )
    if when.basis is not Basis.INFERRED:
        return shown
    return f"{shown}（根据原文“{when.source_words}”推定）" if when.source_words else f"{shown}（推定）"


def speech(kind: Speech, speaker: Speaker | None) -> str:
    """Whose words a quote is made of, in plain words."""
    if kind is Speech.NARRATION:
        return "记者叙述，不是官员的话"
    name = speaker.name if speaker else ""
    if kind is Speech.REPORTED:
        return f"记者转述{name}的话，不是逐字原话" if name else "记者转述，不是逐字原话"
    return f"{name}的原话" if name else "文件原文"


def manner(kind: TurnKind, how: Speech) -> str:
    """How the words of a turn come to be there, in one word."""
    if kind is TurnKind.QUESTION:
        return "提问"
    return {Speech.DIRECT: "原话", Speech.REPORTED: "记者转述", Speech.NARRATION: "记者叙述"}[how]


def speaker_label(speaker: Speaker, manners: Sequence[str], *, introduced: bool) -> str:
    """Who speaks, above a paragraph; the office only where the speaker is first met."""
    office = f"（{speaker.office}）" if speaker.office and not introduced else ""
    return f"{speaker.name}{office} · {'和'.join(manners)}"


def briefing(title: str) -> str:
    """A briefing's title as a source."""
    return f"《{title}》"


def see_transcript(number: int | None) -> str:
    """The link to the words in their transcript; numbered where one figure has several."""
    return SEE_TRANSCRIPT if number is None else f"{SEE_TRANSCRIPT}（第 {number} 段）"


def announcement(status: Status) -> str:
    """What a screen reader hears when the answer arrives."""
    return {
        Status.ANSWERED: "找到了原文。",
        Status.RELATED: "没有找到答案，有相关原文。",
        Status.NO_ANSWER: "没有找到答案。",
        Status.DECLINED: "不能回答。",
    }[status]


def page_of(page: int, pages: int) -> str:
    """Where in the list of transcripts the reader is."""
    return f"第 {page} 页，共 {pages} 页"

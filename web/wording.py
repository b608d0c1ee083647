"""Every word the site says to citizens, in one place. Templates and scripts hold none of their own.

Short sentences, everyday words. What is quoted is called 原文, never 原话, unless it is the
speaker's own words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from qa.model import Basis, BriefingDate, Citation, Expired, Source, Span, Speaker, Speech, Status, TurnKind
from qa.transcripts.places import place_in_file

# The frame of every page
SKIP = "跳到正文"
NAV_LABEL = "主要页面"
NAV_ASK = "提问"
NAV_TOPICS = "话题"
NAV_TRANSCRIPTS = "实录"
FOOTER_SOURCE = "答复都摘自发布会实录，一字不改，不是机器编写的。"
FOOTER_LABEL = "关于本站"
FOOTER_ABOUT = "关于本站和隐私"
FOOTER_ACCESSIBILITY = "无障碍说明"
FOOTER_DISPLAY = "显示设置"
FOOTER_API = "接口说明"
PRIVACY = "请不要填写身份证号、电话等个人信息。"
PRIVACY_MORE = "问题怎么保存"

# How pages are shown
ELDER_ON = "长辈版"
ELDER_OFF = "返回普通版"
SIZE_LABEL = "字号"
SMALLER = "字小一点"
LARGER = "字大一点"
DISPLAY_TITLE = "显示设置"
DISPLAY_INTRO = "选好后按“保存”，这台设备会记住一年，不需要登录。"
DISPLAY_VERSION = "版式"
DISPLAY_PLAIN = "普通版"
DISPLAY_ELDER = "长辈版：字大，按键大，内容少"
DISPLAY_SIZE = "字号"
DISPLAY_SIZES = ("标准", "大", "特大", "最大")
DISPLAY_COLOURS = "颜色"
DISPLAY_COLOUR_NAMES = {
    "auto": "跟随手机或电脑的设置",
    "light": "浅色",
    "dark": "深色",
    "high": "高对比",
}
DISPLAY_SAVE = "保存"

# Asking
ASK_TITLE = "您想问什么？"
ASK_LABEL = "写下您的问题"
ASK_LABEL_NEXT = "接着问，或者问别的"
ASK_HINT = "像平常说话一样写就行，最多 300 个字。"
ASK_BUTTON = "提问"
ASK_BUSY = "正在查找……"
ASK_FRESH = "清空这次对话，重新开始"
CONVERSATION_TITLE = "这次对话里问过的"
ERROR_PREFIX = "没能提交："
ERROR_TITLE_PREFIX = "没能提交"
CLEANED = "看不见的字符已经替您去掉了。请看一看，再按“提问”。"
SUGGESTIONS_TITLE = "可以这样问"
TOPICS_BY_SUBJECT = "按事情找"
TOPICS_BY_DEPARTMENT = "按部门找"
TOPICS_ALL = "看全部话题"
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
SEE_TRANSCRIPT = "在实录中打开"
DATE_UNKNOWN = "日期不详"
PERSONAL_DATA = "您的问题里像是有身份证号、电话或银行卡号，已经遮住，没有保存。"
OUTDATED = "得到这个答复以后，实录更新过。下面是按现在的实录重新查的。"
SECTION_PREFIX = "小标题："
TOOLS_LABEL = "带走这个答复"
READ_ALOUD = "朗读"
READ_STOP = "停止朗读"
COPY = "复制"
COPIED = "已复制"
COPY_FAILED = "没能复制，请长按文字自己选"
PRINT = "打印"
QR_TITLE = "二维码"
QR_LINK = "用手机扫一扫，打开这段原文所在的实录。"
QR_QUOTE = "用手机扫一扫，就能把这段原文存到手机里。"
QR_ALT = "二维码，内容是这段原文"
QR_ALT_LINK = "二维码，内容是这段原文的网址"
CUT = "……（节选）"
MENTIONS_TITLE = "其他发布会也说到"
RELATED_QUESTIONS_TITLE = "相关的问题"
FEEDBACK_TITLE = "有没有帮到您？"
FEEDBACK_YES = "帮到了"
FEEDBACK_NO = "没帮到"
FEEDBACK_REASON = "愿意的话，说说原因（可以不填）"
FEEDBACK_REASON_HINT = "请不要写个人信息。最多 300 个字。"
FEEDBACK_SEND = "发送"
THANKS = {
    "yes": "谢谢，已经记下：帮到了。",
    "no": "谢谢，已经记下：没帮到。我们会据此补充资料。",
    "said": "谢谢，您说的已经记下。",
    "lost": "对不起，现在没能记下。请过一会儿再试。",
}
FORGET = "删除这次提问"
FORGET_HINT = "这次的问题、答复的网址和您的评价会马上删掉。不删的话，答复的网址 {hours} 小时后失效。"
DELETED_TITLE = "已经删除"
DELETED = "这次的问题、答复的网址和评价都已经删掉，谁也打不开了。"
EXPIRED_TITLE = "这个答复已经打不开了"
EXPIRED = "答复只保留 {hours} 小时，或者已经被删除。请在下面重新提问。"
IN_CHARGE = "这件事最可能由这个部门负责："
CONTACT_SOURCE = "名称出处："

# The reader
TRANSCRIPTS_TITLE = "发布会实录"
TRANSCRIPTS_INTRO = "本站只从下面的实录里找答案。"
TRANSCRIPTS_EMPTY = "现在还没有实录。"
PAGES_LABEL = "翻页"
PAGE_PREVIOUS = "上一页"
PAGE_NEXT = "下一页"
JUMP_TO_CITE = "跳到标出的原文"
CONTENTS_TITLE = "目录"
SPEAKERS_TITLE = "谁在讲话"
FIND_LABEL = "在这份实录里查找"
FIND_BUTTON = "查找"
FIND_EMPTY = "请先写下要找的词，再按“查找”。"
FIND_TOO_LONG = "要找的词太长，最多 100 个字。请只写几个字。"
FIND_RESULTS = "查找结果"
SOURCE_DOWNLOAD = "下载原始文件"
TO_TOP = "回到顶部"
EXPIRED_NOW = "看现在的说法"
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
FORBIDDEN = ("没有收下这次提交", "它不是从本站的页面发来的。请回到首页，在页面上重新操作。")
TOO_MANY = ("问得太快了", "这一会儿收到的提问太多。请等一分钟再试。")
UNAVAILABLE = ("暂时打不开", "本站正在更新或者太忙。请过几分钟再试，您也可以直接打电话问。")
REQUEST_INVALID = ("请求有误", "请求的写法不对。请对照接口说明检查字段的名称和类型。")
REQUEST_NOT_JSON = "请求体应当是 JSON，并写明 Content-Type: application/json。"
QUESTION_PROBLEM = "问题不能这样提"
QUESTION_EMPTY = "请先写下您想问的问题，再按“提问”。"
QUESTION_CONTROL = "问题里有看不见的控制字符。请删掉后重新输入，或换一种方式粘贴文字。"
HISTORY_INVALID = "history 里有空的、超过 300 个字或带控制字符的问题。"

# Topics
TOPICS_TITLE = "话题"
TOPICS_INTRO = "下面的问题，发布会实录里都有答案。点一个话题，看有哪些。"
TOPICS_EMPTY = "现在还没有整理好的话题。您可以直接提问。"
TOPIC_QUESTIONS = "可以问这些"
TOPIC_SECTIONS = "在实录里读"
TOPICS_BACK = "看全部话题"

# Examples of the API
EXAMPLE_QUESTION = "社保没有交够15年怎么办？"
EXAMPLE_FOLLOW_UP = "那要交多少钱？"

# Starting the server
WEB_STARTED = "民生问答已启动：{url}"
PORT_TAKEN = "端口 {port} 已经有程序在用。请换一个端口，例如 --port {other}，或先停掉那个程序。"
PORT_FORBIDDEN = "没有权限使用端口 {port}。请换一个 1024 以上的端口，例如 --port 8000。"
ADDRESS_BAD = "不能在 {host} 上监听：本机没有这个地址。请检查 --host，例如 127.0.0.1 或 0.0.0.0。"
CONTACTS_BAD = (
    "部门联系方式的文件用不了：{path}（{why}）。每一条都要有 name 和 source，格式见 corpus/README.md。"
)


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


def short_date(when: BriefingDate) -> str:
    """A briefing's date alone: 2021年8月."""
    return DATE_UNKNOWN if when.value is None else date(replace(when, basis=Basis.STATED))


def as_of(when: BriefingDate) -> str:
    """As of when a quote holds."""
    if when.value is None:
        return "发布会的日期不详，现在可能有变化。"
    return f"截至该场发布会：{date(when)}。之后可能有变化。"


def quote_with_source(citation: Citation) -> str:
    """A quote as it is copied: the words, then where they come from."""
    return f"“{citation.quote}”{source_line(citation)}"


def in_file(source: Source, span: Span) -> str | None:
    """The page or paragraph of the file where words stand; None where nobody counts them."""
    place = place_in_file(source, span)
    return f"原文件{place}" if place else None


def source_line(citation: Citation) -> str:
    """Who said it, where and when, on one line."""
    speaker, transcript = citation.turn.speaker, citation.transcript
    who = f"{speaker.office or ''}{speaker.name}，" if speaker else ""
    place = in_file(transcript.source, citation.span)
    where = f"{briefing(transcript.title)}{f'（{place}）' if place else ''}"
    return f"——{who}{speech(citation.turn.speech, speaker)}，{where}，{as_of(transcript.date)}"


_LONG_TITLE = 60


def short_source(citation: Citation) -> str:
    """The same as short as it can be told, for a code that holds only so much."""
    speaker, transcript = citation.turn.speaker, citation.transcript
    who = f"{speaker.office or ''}{speaker.name}" if speaker else ""
    how = (
        ""
        if citation.turn.speech is Speech.DIRECT
        else f"（{manner(citation.turn.kind, citation.turn.speech)}）"
    )
    title = transcript.title
    title = title if len(title) <= _LONG_TITLE else f"{title[:_LONG_TITLE]}…"
    return f"——{who}{how}，{briefing(title)}，截至{short_date(transcript.date)}"


def expired(words: Expired) -> str:
    """Why words no longer hold, and what took their place."""
    since = f"（{words.since}起）" if words.since else ""
    now = f"现在是：{words.replaced_text}" if words.replaced_text else ""
    return f"上面划线的内容已经失效{since}：{words.reason.rstrip('。')}。{now}"


def found_in_transcript(count: int, *, more: bool) -> str:
    """How many places a search found."""
    if not count:
        return "这份实录里没有找到。换个说法再试试，或者直接提问。"
    return f"找到 {count} 处以上，只标出前 {count} 处。" if more else f"找到 {count} 处，文中已经标出。"


def questions_count(count: int) -> str:
    """How many questions a topic has."""
    return f"{count} 个问题"


def size_now(size: int) -> str:
    """The size of text now in force."""
    return f"现在：{DISPLAY_SIZES[size]}"


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


def see_mention(when: str) -> str:
    """The link to what another briefing says; its own words, so that links can be told apart."""
    return f"{SEE_TRANSCRIPT}（{when}）"


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

"""Every word of a report, in one place."""

from __future__ import annotations

from qa.coverage.compare import Change
from qa.coverage.records import AskedAs, Cause, Verdict
from qa.model import Status

TITLE = "FAQ 覆盖报告"
WHOLE = "合计"
UNNAMED = "未注明"
TO_REFUSE = "（应拒答）"
NOTHING = "无"
DASH = "—"
AND = "；"

VERDICTS = {
    Verdict.RIGHT: "答对",
    Verdict.WRONG: "答错",
    Verdict.REFUSED_RIGHTLY: "拒答对",
    Verdict.REFUSED_WRONGLY: "拒答错",
}
CAUSES = {
    Cause.NONE: "",
    Cause.IMPOSSIBLE: "要求的话原文里没有",
    Cause.NOT_FOUND: "没有找到",
    Cause.NOT_CHOSEN: "找到了，没有选用",
    Cause.CUT: "选用了，引文截短了",
    Cause.REFUSED: "找到了，没有作答",
    Cause.DECLINED: "当作不该问的",
    Cause.ANSWERED: "不该作答，却答了",
}
KINDS = {
    AskedAs.QUESTION: "问题",
    AskedAs.VARIANT: "其他问法",
    AskedAs.TRADITIONAL: "繁体字",
    AskedAs.PINYIN: "全写拼音",
    AskedAs.PINYIN_WORD: "一词写成拼音",
    AskedAs.HOMOPHONE: "同音错字",
    AskedAs.SLIP: "两字颠倒",
    AskedAs.DIALECT: "方言",
}
STATUSES = {
    Status.ANSWERED: "作答",
    Status.RELATED: "只列相关原文",
    Status.NO_ANSWER: "没有答案",
    Status.DECLINED: "不答",
}
CHANGES = {
    Change.FIXED: "改好了",
    Change.BROKEN: "变坏了",
    Change.MOVED: "换了引文",
    Change.APPEARED: "新加的",
    Change.VANISHED: "去掉的",
    Change.UNCHANGED: "没有变",
}

# -- headings -------------------------------------------------------------------------------------------

SUMMARY = "总的情况"
FAILURES = "没有达到预期的"
BY_TOPIC = "按主题"
BY_DEPARTMENT = "按部门"
BY_TRANSCRIPT = "按实录"
BY_CAUSE = "按原因"
THRESHOLDS = "换一个作答门槛会怎样"
HISTOGRAM = "可能性的分布"
ROBUSTNESS = "换一种写法还答得对吗"
FLIPS = "换了写法，结果就变的"
MATRIX = "覆盖矩阵：哪些问题引了哪一段"
UNREACHED = "没有问题问到的段落"
UNCOVERED = "能答问题、却没有 FAQ 的句子"
RESULTS = "全部结果"
COMPARISON = "与另一次结果比较"

# -- columns --------------------------------------------------------------------------------------------

NUMBER, CASE, QUESTION, KIND, EXPECTED, ANSWER = "序号", "编号", "问题", "问法", "预期", "答复"
VERDICT, CAUSE, REASON, CONFIDENCE, STATUS = "结果", "原因", "说明", "可能性", "状态"
TOPIC, DEPARTMENT, TRANSCRIPT, SPEAKER = "主题", "部门", "实录", "发言人"
SHARE, TOTAL, OK = "达到预期", "问题数", "达到预期数"
THRESHOLD, ANSWERED, WRONG, WRONG_SHARE = "门槛", "作答", "其中答错", "答错的占"
RANGE, WORDS, QUOTED_BY, PASSAGE, SENTENCE = "可能性", "开头", "引了它的问题", "段落", "句子"
PLACE = "位置"
REWORDED, BROKE, MENDED, BEFORE, AFTER, CHANGE = "换的写法", "变坏", "变好", "原来", "现在", "变化"
COUNT = "个数"

# -- sentences ------------------------------------------------------------------------------------------

HEADLINE = "{ok} / {total} 达到预期，{share}"
ABOUT = "语料版本 {corpus}，程序 {program}，问题集 {faq}"
SETTINGS = (
    "每段最多 {passage_chars} 字，读前 {candidates} 段，{as_of}"
    "可能性够 {answer} 作答，相关程度够 {near} 列相关原文"
)
AS_OF = "以 {as_of} 为今天，"
EACH_WORDING = "每一种问法算一个；自动改写的另外列出，不算在内。"
SIGNALS_NOTE = "括号里的数是各个信号让对数几率增减了多少：−0.7 约使把握减半，+0.7 约使把握加倍。"
THRESHOLD_NOTE = "每个问题都记下了“假如作答，会引什么”，所以能算出门槛高低的结果。虚线是现在的门槛 {answer}。"
THRESHOLD_NOW = "现在"
HISTOGRAM_NOTE = "虚线是现在的门槛：左边不作答，右边作答。"
MATRIX_NOTE = "横着是问题，竖着是段落，都按先后。涂满的是答对时引的，斜线的是答错时引的。"
MATRIX_ROWS = "下表只列有问题引用的段落。"
UNREACHED_NOTE = "记者的叙述、图片说明不一定要有人问；官员的话没有人问到，值得补一条 FAQ。"
UNCOVERED_NOTE = (
    "官员（或文件）的话里，带有数目、金额、比例、时间、期限、名次或规定的句子（到分号为止也算一句），"
    "既没有哪个答对的问题引到，也没有哪条 FAQ 要求。"
)
ROBUST_NOTE = "由程序把每个问题改写：同一个问题总是改成同样的写法。方言用的是词表里的说法。"
NO_FAILURES = "全部达到预期。"
NO_FLIPS = "换了写法，结果都没有变。"
NOTHING_LEFT = "没有。"
SAME_VERSION = "两次的语料版本、设置和问题集都相同。"
VERSION_BEFORE, VERSION_AFTER = "原来：{about}", "现在：{about}"
MORE = "另有 {count} 个，全部见网页报告或表格。"
REFUSE_EXPECTED = "应拒答"
ANY_ANSWER = "作答即可"
ALL_OF, ANY_OF, FROM, BY = "必含{words}", "任一{words}", "出自 {name}", "{name}所说"
CASES_SHEET, GROUPS_SHEET, MATRIX_SHEET, GAPS_SHEET = "问题", "分组", "覆盖矩阵", "缺口"
CONFIDENCE_SHEET, ROBUST_SHEET, CHANGES_SHEET, ABOUT_SHEET = "可能性", "换写法", "比较", "说明"


def percent(share: float) -> str:
    """A share as people read it: 84.6%."""
    return f"{share * 100:.1f}%"

"""Every word the room says about transcripts, the draft, publishing and words that no longer hold."""

from __future__ import annotations

from qa.coverage.compare import Change
from qa.model import Speech, TurnKind
from qa.transcripts.description import LeftOutKind
from qa.versions.checking import Damage, DamageKind
from qa.versions.doubts import DoubtKind

# -- files that are sent --------------------------------------------------------------------------------

UPLOADS = "上传实录"
UPLOADS_INTRO = "先上传，核对读懂了什么，改好标题和日期，再放进草稿。草稿发布以后才拿来回答。"
UPLOAD_FILES = "实录文件（可以一次选多个）"
UPLOAD_HINT = (
    "支持 {endings}；每个不超过 {each} MB，一次最多 {files} 个、合计不超过 {all} MB。"
    "扫描的 PDF、有密码的文件读不了。"
)
UPLOAD_BUTTON = "上传"
UPLOAD_NONE = "请先选择要上传的文件。"
UPLOAD_MANY = "一次最多上传 {most} 个文件。请分几次上传。"
UPLOAD_HUGE = (
    "文件太大",
    "这次上传的文件合计超过 {most} MB，没有收下。请分几次上传，或去掉文件里的图片和视频。",
)
UPLOAD_BROKEN = ("上传没有完成", "收到的内容不完整，没有收下。请返回上一页重新选择文件再上传。")
TOO_MANY_KEPT = "已有 {most} 个上传的文件没有处理。请先把它们放进草稿或丢弃，再上传。"
UPLOADS_KEPT = "待处理的文件"
UPLOADS_NONE = "没有待处理的文件。"
UPLOAD_COLUMNS = ("文件", "读懂的标题", "谁", "时间", "情况")
UPLOAD_WAITING, UPLOAD_READY, UPLOAD_BAD = "正在读", "等待核对", "读不了"
UPLOAD_DOUBTS = "{count} 处请核对"
READING = "正在读文件，页面每 3 秒自动刷新。可以离开，不影响。"
STAND_STILL = "停止自动刷新"
READING_STILL = "还有文件正在读。"
UPLOAD_MORE = "再上传几个"
READ_TOO_LONG = "{name}：读了太久还没有读完，已经停下。请拆成几份，或把文字另存为 .txt 后再上传。"
READ_TOO_LARGE = "{name}：读它要的内存太多，已经停下。请拆成几份，或把文字另存为 .txt 后再上传。"
READ_FAILED = "{name}：读不出来，文件可能已损坏。请用原来的软件打开后另存一份，再上传。"
SENT_TOO = "另一份上传 {name}（{share:.0%}）"
NOT_COMPARED = "没有与已有的实录比较是否重复：{why}"

PREVIEW = "核对实录"
PREVIEW_BACK = "← 回上传的文件"
PREVIEW_KNOWN = "读懂了这些"
PREVIEW_SENT = "{who} 上传于 {when}，{size}"
FIELD_TITLE, FIELD_DATE, FIELD_URL = "标题", "日期", "原文网址"
FIELD_PUBLISHER, FIELD_ID = "发布单位", "编号"
DATE_HINT = "写成 2024、2024-03 或 2024-03-18；不知道就空着。"
ID_HINT = "不填就按日期和标题自动起。"
OPTIONAL = "（可以不填）"
DATE_STATED = "原文写明。"
DATE_INFERRED = "根据“{words}”推定，请核对。"
DATE_UNKNOWN = "原文没有写日期。"
TITLE_INFERRED = "标题不是原文写明的，请核对。"
REPLACE = "编号相同的实录已经有了，用这一份换掉它（它的“已失效”标记会去掉）"
STORE = "放进草稿"
UPLOAD_DISCARD = "丢弃这个文件"
DOUBTS = "请核对"
NO_DOUBTS = "没有发现要核对的地方。"
SPEAKERS, NOBODY = "发言人", "没有认出发言人，引用时不会写是谁说的。"
OFFICE_UNKNOWN = "职务没有写明"
SPOKE = "{count} 段"
ASKED, NOTHING_ASKED = "提问", "没有认出提问。"
LEFT_OUT, NOTHING_LEFT_OUT = "没有读的文字", "全文都读了。"
LEFT_OUT_MORE = "另有 {count} 处。"
TURNS = "逐段的发言"
TURNS_NOTE = "共 {count} 段。答复和发言可以被引用；叙述是记者的话，不当作谁说的。"
TURN_COLUMNS = ("段", "类型", "谁", "原文")
KINDS = {
    TurnKind.QUESTION: "提问",
    TurnKind.REPLY: "答复",
    TurnKind.STATEMENT: "发言",
    TurnKind.NARRATION: "叙述",
}
SPEECH = {Speech.DIRECT: "原话", Speech.REPORTED: "转述", Speech.NARRATION: "叙述"}
LEFT_OUT_KINDS = {
    LeftOutKind.NAVIGATION: "网页上正文以外的",
    LeftOutKind.PAGE_HEADER: "页眉页脚",
    LeftOutKind.PAGE_NUMBER: "页码",
    LeftOutKind.CAPTION: "图片说明",
    LeftOutKind.PICTURE: "没有文字的一页",
    LeftOutKind.NOTE: "脚注和批注",
    LeftOutKind.DELETED: "修订里删掉的",
}
ID_TAKEN = "编号 {id} 已经有了。要换掉它，请勾选下面的一项；否则请另起一个编号。"
SAME_FILE = "草稿里的 {id} 就是这个文件，不用再放。请丢弃这个文件。"
UPLOAD_NOT_READ = "这个文件还没有读好，或读不了，不能放进草稿。"
ADDING, REMOVING, MARKING = "添加实录", "去掉实录", "标记失效"
REVERTING, PUBLISHING, ROLLING_BACK, DISCARDING = "撤回改动", "发布", "退回版本", "丢弃草稿"
EXAMINING = "做发布前的检查"


def turn(kind: TurnKind, speech: Speech, replies_to: int | None) -> str:
    """What a turn is, how its words come to be there, and which turn it answers (``replies_to``, from 0)."""
    manner = "" if SPEECH[speech] == KINDS[kind] else f" · {SPEECH[speech]}"
    return f"{KINDS[kind]}{manner}" + ("" if replies_to is None else f" · 答第 {replies_to + 1} 段")


def size(count: int) -> str:
    """A file's size, as people read it."""
    return f"{count / 1_000_000:.1f} MB" if count >= 100_000 else f"{max(1, round(count / 1000))} KB"


def doubt(kind: DoubtKind, about: str) -> str:
    """What to look at, and what to do about it here."""
    return {
        DoubtKind.GARBLED: f"有 {about} 个字像乱码，可能是编码不对。请打开文件核对，另存为 UTF-8 再上传。",
        DoubtKind.SAME_FILE: f"与已有的 {about} 是同一个文件。",
        DoubtKind.NEAR_DUPLICATE: f"内容与 {about} 几乎相同，可能是重复的。",
        DoubtKind.UNDATED: "没有日期。知道的话，请在上面填写。",
        DoubtKind.PUBLISHED: f"文件写明 {about} 发布，发布会不一定是这一天。不对的话，请在上面改。",
        DoubtKind.DATE_INFERRED: f"日期是根据“{about}”推定的。不对的话，请在上面改。",
        DoubtKind.TITLE_INFERRED: f"标题不是原文写明的：“{about}”。不对的话，请在上面改。",
        DoubtKind.UNKNOWN_SPEAKER: f"{about} 说了话，但哪里都没有写他的职务。",
        DoubtKind.SHORT: f"只有 {about} 个字，可能不完整。",
        DoubtKind.NO_SPEAKER: "没有认出任何发言人，引用时不会写是谁说的。",
        DoubtKind.UNANSWERED: f"有 {about} 个提问没有认出答复。",
    }[kind]


# -- the draft, and publishing it -----------------------------------------------------------------------

DRAFT = "草稿与发布"
DRAFT_INTRO = "实录、词表、问题集的改动都先放在草稿里。检查过对答复的影响，由“管理”权限的账号发布。"
NO_DRAFT = "现在没有草稿，也就没有待发布的改动。上传实录、标记失效、改词表或问题集以后，改动会列在这里。"
DRAFT_FROM = "{who} 于 {when} 从版本 {base} 建立。"
DRAFT_BEHIND = (
    "注意：草稿是从版本 {base} 建立的，现在用的是 {current}。"
    "照原样发布会把后来的改动退回去。请逐项核对下面的改动，不要的请撤回。"
)
DRAFT_CHANGES, DRAFT_SAME = "草稿里的改动", "草稿与当前版本没有不同。"
DRAFT_COLUMNS = ("变化", "部分", "名称", "改动的项目", "操作")
FIELDS = {
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
REVERT = "撤回"
REVERT_WHICH = "撤回“{name}”的改动"
REVERTED_ALREADY = "草稿里没有这项改动，可能别人刚撤回。"
DISCARD = "丢弃整个草稿"
DISCARD_SURE = "确实要丢弃，以上改动都不要了"
DISCARD_TICK = "要丢弃草稿，请先勾选“确实要丢弃”。"
NOT_FOLLOWED = (
    "注意：本服务启动时指定了实录（--corpus、--index 或数据包），在这里发布的版本它不会用上。"
    "要用发布的版本，请让管理员去掉这项设置后重新启动。"
)
EXAMINE = "发布前的检查"
EXAMINE_INTRO = "检查草稿是否完好，再用问题集分别问当前版本和草稿，看哪些答复会变。"
EXAMINE_START, EXAMINE_AGAIN = "开始检查", "重新检查"
EXAMINE_RUNNING = "正在检查。可以离开这一页；页面每 3 秒自动刷新。检查期间不能改草稿。"
STEPS = {
    "": "正在准备",
    "check": "正在核对每份实录",
    "index": "正在建立索引",
    "before": "正在问当前版本",
    "after": "正在问草稿",
    "stage": "正在准备",
}
EXAMINATION_SILENT = "没有留下说明。请再试一次；还不行，请让管理员看服务器的日志。"
EXAMINATION_FAILED = "上一次检查没有做完："
EXAMINATION_OLD = "检查以后草稿或当前版本又变了，请重新检查。"
EXAMINED_BY = "{who} 检查于 {when}。"
DAMAGED = "草稿有损坏，不能发布。请先改好："
NOTHING_CHANGES = "草稿与当前版本没有不同，不用发布。"
NO_CASES = "没有问题集，没有比较答复。"
EXAMINED_COUNTS = "问了 {asked} 个问法："
EXAMINED_ALLOWED = "没有变坏的答复，可以发布。"
EXAMINED_STOPPED = (
    "有 {worse} 个原来答对的问法变坏或消失，停止发布。请修改草稿后重新检查；"
    "确实应当如此，由“管理”权限的账号写明原因后仍可发布。"
)
CHANGES = {
    Change.FIXED: "变好",
    Change.BROKEN: "变坏",
    Change.MOVED: "换了原文",
    Change.APPEARED: "新出现",
    Change.VANISHED: "消失",
    Change.UNCHANGED: "不变",
}
ANSWER_COLUMNS = ("变化", "问法", "原来", "现在")
ANSWER_NONE, ANSWER_NOT_ASKED = "没有答案", "没有这个问法"
ANSWER_RIGHT, ANSWER_WRONG = "符合预期", "不符合预期"
ANSWERS_MORE = "只列前 {most} 条，全部请下载。"
PUBLISH = "发布"
PUBLISH_WHY = "为什么发布（记入历史）"
PUBLISH_OVERRULE = "仍要发布，尽管有答复变坏"
PUBLISH_NEEDS_WHY = "有答复变坏时仍要发布，请勾选“仍要发布”并写明原因。"
PUBLISH_ADMINS = "检查已通过。发布要“管理”权限的账号。"
PUBLISH_ADMINS_ONLY = "有答复变坏。仍要发布，要“管理”权限的账号写明原因。"
PUBLISH_UNCHECKED = "草稿还没有检查，或检查以后又变了，没有发布。请先做发布前的检查。"
PUBLISHED_LATELY = "已经发布：版本 {name}。正在运行的服务几秒内换上，不用重启。"
SWITCHING = "正在换上版本 {name}，页面每 3 秒自动刷新。"
FORCED = "尽管 {worse} 个问法变坏：{why}"


def damage(found: Damage) -> str:
    """What is damaged, where."""
    kinds = {
        DamageKind.TRANSCRIPT: "实录读不出来",
        DamageKind.SPANS: "位置与原文对不上",
        DamageKind.REPLACEMENT: "代替失效说法的原文不在，或它自己也已失效",
        DamageKind.FILE: "文件缺少、多出或被改动",
        DamageKind.LEXICON: "词表读不懂",
        DamageKind.QUESTIONS: "问题集读不懂",
        DamageKind.INDEX: "索引不能用",
        DamageKind.EMPTY: "没有实录",
    }
    return f"{found.where}：{kinds[found.kind]}。{found.what}".rstrip("。") + "。"


# -- rolling back ---------------------------------------------------------------------------------------

ROLL_BACK = "退回这一版"
ROLL_BACK_TITLE = "退回以前的版本"
ROLL_BACK_INTRO = "从版本 {before} 退回到 {after}。下面是退回以后会有的变化。草稿不受影响。"
ROLL_BACK_WHY = "为什么退回（记入历史）"
ROLL_BACK_NEEDS_WHY = "请写明为什么退回。"
ROLL_BACK_SAME = "现在用的就是这一版，没有变动。"

# -- the transcripts of the version in force ------------------------------------------------------------

TRANSCRIPTS = "实录"
TRANSCRIPTS_INTRO = "当前版本的实录。打开一份，可以把不再有效的说法标为“已失效”：不再拿来回答，仍可阅读。"
TRANSCRIPTS_NONE = "没有这样的实录。"
TRANSCRIPT_COLUMNS = ("标题", "日期", "编号", "字数", "提问", "已失效")
FIND_TITLE, FIND_BUTTON = "标题或编号里有", "查看"
TO_UPLOAD = "上传新的实录"
REMOVE = "从草稿里去掉这份实录"
REMOVE_HINT = "发布草稿以后，这份实录不再拿来回答，也不能再阅读；以前的版本里仍有。"
REMOVE_SURE = "确实要去掉"
REMOVE_TICK = "要去掉这份实录，请先勾选“确实要去掉”。"
REMOVED_ALREADY = "这份实录已经从草稿里去掉，发布后生效。"
SENTENCES = "正文"
SENTENCES_HINT = "点一句话后面的“标失效”。要标的不是整句，到下一页再改。"
MARK = "标失效"
MARKED = "已失效"
READER_BACK = "← 回实录"

EXPIRE = "标为“已失效”"
EXPIRE_INTRO = "先放进草稿，发布以后不再拿来回答，仍可阅读。"
EXPIRE_WORDS = "失效的原文（与实录一字不差；可以删短或加长）"
EXPIRE_REASON = "为什么失效"
EXPIRE_SINCE = "从哪一天起（2024-03-18；可以不填）"
EXPIRE_INSTEAD = "由什么代替"
INSTEAD_NONE = "没有代替的说法"
INSTEAD_TEXT = "用一句话说明"
INSTEAD_TEXT_LABEL = "说明"
INSTEAD_WORDS = "实录里的另一句话"
FIND_WORDS = "找代替的原文：里面有这些字"
FIND_WORDS_BUTTON = "找一找"
FOUND_WORDS = "选一句："
FOUND_NOTHING = "没有一句话里有这些字。请换几个字再找。"
FOUND_MORE = "只列前 {most} 句。请多写几个字再找。"
EXPIRE_BUTTON = "放进草稿"
EXPIRED_NOW = "这份实录里已失效的说法"
EXPIRED_WHY = "{reason}"
EXPIRED_SINCE = "{since} 起"
EXPIRED_BY = "代替它的：“{words}”（{title}）"
EXPIRED_TEXT = "代替它的：{text}"
UNEXPIRE = "去掉标记"
IN_DRAFT = "（在草稿里，发布后生效）"
WORDS_EMPTY = "请写明失效的原文。"
WORDS_GONE = "《{title}》里找不到这段原文。请照实录一字不差地写，或回上一页重新选一句。"
REASON_EMPTY = "请写明为什么失效。"
SINCE_BAD = "日期要写成 2024-03-18。"
ALREADY_EXPIRED = "这段原文已经标过“已失效”。"
INSTEAD_EMPTY = "选了“用一句话说明”，请把说明写上。"
INSTEAD_UNCHOSEN = "选了“实录里的另一句话”，请先找一找，再选一句。"
INSTEAD_SELF = "代替它的不能是失效的原文自己。"
NOT_IN_DRAFT = "草稿里没有这份实录，或它的原文已经换过。请先发布或丢弃草稿再标。"
MARK_GONE = "这处标记已经不在了，可能别人刚去掉。"

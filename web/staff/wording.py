"""Every word the room says, in one place."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from qa.model import Status
from qa.versions.difference import What
from web.records.model import CHINA, NoteKind, NoteState, Role, Scope

TITLE = "工作室"
SKIP = "跳到正文"
NAV_LABEL = "工作室导航"
NAV = (
    ("try", "/staff/try", "试一试", Role.VIEWER),
    ("questions", "/staff/questions", "居民提问", Role.VIEWER),
    ("feedback", "/staff/feedback", "反馈", Role.VIEWER),
    ("mining", "/staff/mining", "实录里的提问", Role.VIEWER),
    ("notes", "/staff/notes", "待办", Role.VIEWER),
    ("passages", "/staff/passages", "段落", Role.VIEWER),
    ("coverage", "/staff/coverage", "问题集检查", Role.VIEWER),
    ("transcripts", "/staff/transcripts", "实录", Role.VIEWER),
    ("uploads", "/staff/uploads", "上传", Role.VIEWER),
    ("lexicon", "/staff/lexicon", "词表", Role.VIEWER),
    ("faq", "/staff/faq", "问题集", Role.VIEWER),
    ("draft", "/staff/draft", "草稿与发布", Role.VIEWER),
    ("versions", "/staff/versions", "版本", Role.VIEWER),
    ("accounts", "/staff/accounts", "账号", Role.ADMIN),
    ("keys", "/staff/keys", "密钥", Role.ADMIN),
    ("audit", "/staff/audit", "修改记录", Role.ADMIN),
)
ROLES = {Role.VIEWER: "查看", Role.EDITOR: "编辑", Role.ADMIN: "管理"}
SIGNED_IN_AS = "账号"
SIGN_OUT = "退出"
TO_START = "回工作室首页"

STATUSES = {
    Status.ANSWERED: "答了",
    Status.RELATED: "给了相关内容",
    Status.NO_ANSWER: "没答上",
    Status.DECLINED: "婉拒",
}

# -- what goes wrong ------------------------------------------------------------------------------------

NO_STORE = (
    "工作室没有打开",
    "工作室要把账号、登录和修改记录存起来，而本服务的记录库是关着的（MINSHENG_RECORDS=off）。"
    "请去掉这项设置，再用 minsheng-records account add 名字 --role admin 建一个账号。",
)
NO_ENGINE = ("现在看不了", "当前的问答服务不能说明答案的来由。请让管理员检查服务是怎样启动的。")
STORE_AWAY = "记录库暂时用不了"
NOT_DONE = "没有办成"
REQUEST_BAD = ("请求不完整", "表单没有填完整，或者填的内容不对。请返回上一页检查后再试。")
NOT_FOUND = ("没有这一页", "地址可能写错了，或者内容已经删除。请从上面的导航重新进入。")
FORM_STALE = (
    "这一页已经过期",
    "可能是登录已失效，或页面打开太久。刚才的操作没有执行，请返回上一页，刷新后再试。",
)
FROM_ELSEWHERE = ("没有执行", "这次提交不是从本站页面发出的。请从工作室的页面上操作。")


def forbidden(needed: Role) -> tuple[str, str]:
    """That a role is needed."""
    return "没有权限", f"这一页要“{ROLES[needed]}”权限的账号。需要时请找管理员调整。"


# -- signing in -----------------------------------------------------------------------------------------

SIGN_IN = "登录工作室"
SIGN_IN_BUTTON = "登录"
NAME = "账号"
PASSWORD = "密码"
SIGN_IN_HINT = "只供工作人员使用。忘了密码，请找管理员重设。"
SIGN_IN_WRONG = "账号或密码不对。请检查后再试。"
TOO_MANY = "试的次数太多了。请过几分钟再试。"
ERROR_PREFIX = "没有成功："
SESSION_OVER_KEPT = "登录已经失效。刚才填的内容还在，登录后可以接着提交。"
SESSION_OVER_LEFT_OUT = "刚才填的密码或选的文件没有留下来，登录后请重新填、重新选。"
RESUME = "接着刚才的提交"
RESUME_INTRO = "登录失效前在“{page}”填的内容还没有提交。要提交，请点下面的按钮。"
RESUME_BUTTON = "继续提交"
RESUME_NOT = "不提交了"


def wait(left: timedelta) -> str:
    """How long the next try must wait, whoever the name is."""
    minutes = math.ceil(left.total_seconds() / 60)
    return f"连续几次没有登录成功。请过 {minutes} 分钟再试。"


# -- trying ---------------------------------------------------------------------------------------------

TRY = "试一试，看来由"
TRY_INTRO = "像居民一样问一句，看答案是怎么来的。这里问的不计入居民提问。"
TRY_LABEL = "问题"
TRY_BUTTON = "看答案和来由"
TRY_REPAIR = "理解方言、错别字和繁体（居民页面的做法）"
TRY_ANSWER = "居民看到的"
TRY_WHY = "为什么这样答"
TRY_CONFIDENCE = "把握"
TRY_SCALE = (
    "把握 {value:.3f}；达到 {answer:.3f} 才作答。"
    "相关程度 {nearness:.2f}；不作答时，达到 {near:.2f} 才给出相关内容。"
)
TRY_FOR, TRY_AGAINST = "有利于作答的：", "不利于作答的："
TRY_HITS = "找到的段落"
TRY_HITS_NOTE = (
    "按得分从高到低，最多列 20 段。得分是检索得分（BM25），只能在同一个问题内比较；点开看每个词加了多少分。"
)
TRY_NO_HITS = "一段也没有找到：问题里的词在实录中都没有出现。"
TRY_TREE = "逐步的数字"
TRY_TREE_NOTE = "每一项：特征值 × 权重 = 贡献。点开看下一层。"
SCORE = "得分"
PASSAGE = "段落"
SUGGESTED = "居民还会看到这些建议问题："
SHORTENED = "（有删节）"
RELATED = "没有直接回答，给出了相关内容："


def time(when: datetime | None) -> str:
    """A time as people in China read it."""
    return "从未" if when is None else f"{when.astimezone(CHINA):%Y-%m-%d %H:%M}"


# -- lists ----------------------------------------------------------------------------------------------

FILTER_BUTTON = "查看"
DO = "处理"
PAGER = "翻页"
PREVIOUS, NEXT = "上一页", "下一页"
DOWNLOAD_CSV, DOWNLOAD_XLSX = "下载 CSV", "下载 Excel"

# -- feedback -------------------------------------------------------------------------------------------

FEEDBACK = "居民反馈"
FEEDBACK_INTRO = "居民看完答案后点的“有帮助”“没帮到”，最新的在前。"
FEEDBACK_NONE = "还没有这样的反馈。居民在答案下面点“有帮助”或“没帮到”以后，会列在这里。"
FEEDBACK_SHOWN = {"unhelpful": "没帮到", "helpful": "有帮助", "all": "全部"}
FEEDBACK_GONE = "（这个问题已过保存期限）"
FEEDBACK_WHEN, FEEDBACK_VERDICT, FEEDBACK_REASON = "时间", "评价", "原因"
QUESTION = "问题"
OUTCOME_THEN = "当时"

# -- notes ----------------------------------------------------------------------------------------------

NOTES = "待办"
NOTES_INTRO = "从居民提问里记下来的：需要开发布会说清楚的问题，和要放进问题集的草稿。"
NOTES_NONE = "这里还没有内容。在“居民提问”和“实录里的提问”里可以一键记下来。"
NOTE_STATES = {NoteState.OPEN: "待处理", NoteState.DONE: "已办"}
NOTE_KINDS = {
    NoteKind.NEEDS_BRIEFING: "需要发布会",
    NoteKind.FAQ_DRAFT: "问题集草稿",
    NoteKind.NOT_FAQ: "不放进问题集",
}
NOTE_BODY = {
    NoteKind.NEEDS_BRIEFING: "备注（例如请哪个部门来说）",
    NoteKind.FAQ_DRAFT: "答案必含的原话，每行一处",
}
NOTE_TO_FAQ = "放进问题集"
NOTE_COLUMNS = "也可以按问题集的列来写，例如“任一：67部｜280余部”“其他问法：…｜…”“出处：…”“应拒答：是”。"
NOTE_LONG = "写得太长，最多 {most} 个字。请删减后再保存。"
NOTE_SAVE, NOTE_DONE, NOTE_REOPEN = "保存", "办好了", "重新打开"
NOTE_BY = "{author} 记于 {created}"
DRAFTS_DOWNLOAD = "待处理的草稿也可以下载成问题集表格，补好后交给 minsheng coverage："

# -- coverage -------------------------------------------------------------------------------------------

COVERAGE = "问题集检查"
COVERAGE_INTRO = "把问题集逐条问当前版本，看哪些答对、哪些没答上，改动前后各做一次可以对比。"
COVERAGE_BACK = "← 回工作室"
RUN_START = "开始检查"
RUN_ROBUST = "再把问题自动换成错别字、拼音、繁体等写法各问一遍（慢得多）"
RUN_EDITORS = "还没有检查过。开始检查要“编辑”权限。"
RUN_UNDER_WAY = "正在检查"
RUN_BY = "由 {who} 开始。可以离开这一页，检查会继续；页面每 5 秒自动刷新。"
RUN_FAILED = "上一次检查没有做完："
RUN_DONE = "{who} 上一次开始的检查已做完，结果在下面。"
RUN_SILENT = "没有留下说明。请再试一次；还不行，请让管理员在命令行运行 minsheng coverage 看详情。"
RUN_NOT_STARTED = "检查没有开始：数据目录写不进去。请让管理员检查磁盘空间和权限。"
RUNS = "检查记录"
RUNS_NONE = "还没有检查记录。"
RUNS_MORE = "只列最近 30 次。更早的请在命令行用 minsheng coverage --runs 查看。"
RUN_WHEN, RUN_SHARE, RUN_TOTAL = "完成时间", "符合预期", "问法"
RUN_CORPUS, RUN_FAQ, RUN_FILES = "实录版本", "问题集", "下载"
RUN_KINDS = {"html": "报告", "xlsx": "Excel", "csv": "CSV", "json": "JSON"}
COMPARE, COMPARE_BEFORE, COMPARE_AFTER = "对比", "前", "后"
COMPARE_BUTTON = "对比选中的两次"


def progress(done: int, total: int | None) -> str:
    """How far a run is."""
    if not total:
        return f"已问 {done} 条。"
    return f"已问 {done} 条，共 {total} 条。"


# -- accounts, keys, the log ----------------------------------------------------------------------------

ACCOUNTS = "账号"
ACCOUNTS_INTRO = "谁可以进工作室。重设密码会让该账号在各处退出登录。"
ACCOUNT_ADD = "新建账号"
ACCOUNT_CHANGE = "修改"
ACCOUNT_DISABLED = "已停用"
ACCOUNT_TIMES = "建于 {created}，上次登录 {last}"
NEW_PASSWORD = "新密码（至少 {least} 个字符）"
SET_PASSWORD, SET_ROLE, DISABLE, ENABLE = "重设密码", "改权限", "停用账号", "恢复使用"
ROLE = "权限"
ROLES_HINT = (
    "查看：看各页、试问；编辑：另可记待办、做检查，上传实录、改词表和问题集、标失效（都先放进草稿）；"
    "管理：另可发布和退回版本，管账号、密钥，看修改记录。"
)
NOT_ONESELF = "不能改自己的权限，也不能停用自己的账号，以免没有人能再进来。请由另一位管理员来改。"

KEYS = "接口密钥"
KEYS_INTRO = "给程序调用接口用。密钥只在新建或更换时显示一次；作废后十秒内各处失效。"
KEYS_NONE = "还没有密钥。"
KEY_ADD = "新建密钥"
KEY_LABEL = "用途（例如“东门自助机”）"
KEY_COLUMNS = ("用途", "可以做", "每分钟上限", "到期", "上次使用", "操作")
KEY_NO_LIMIT, KEY_NO_EXPIRY, KEY_CLOSED = "不单设", "不到期", "已作废"
KEY_ROTATE, KEY_REVOKE = "更换（旧的再用一天）", "作废"
KEY_DAYS = "有效天数（不填就不到期）"
KEY_LIMIT = "每分钟最多几次（不填就不单设）"
KEY_MADE = "“{label}”的密钥如下，只显示这一次，请现在存好："
NUMBER_BAD = "天数和次数要填 1 到 {most} 的整数，或者不填。"
SCOPES = {
    Scope.ASK: "提问",
    Scope.FEEDBACK: "提交反馈",
    Scope.COVERAGE: "问题集检查",
    Scope.METRICS: "读取运行指标",
    Scope.ADMIN: "管理",
}

AUDIT = "修改记录"
AUDIT_INTRO = "谁在什么时候改了什么，最新的在前。"
AUDIT_NONE = "没有记录。"
AUDIT_COLUMNS = ("时间", "谁", "做了什么", "对象", "说明", "改前摘要", "改后摘要")
NO_SUCH_NAME = "（没有这个账号）"
FAILED_WRONG = "密码不对，或账号已停用"
FAILED_WAITING = "等待时间未到又试"
FAILED_ADDRESS = "同一来源试的次数太多"
_ACTIONS = {
    "login": "登录",
    "logout": "退出",
    "note.add": "记待办",
    "note.change": "改待办",
    "note.remove": "取消忽略",
    "coverage.start": "开始问题集检查",
    "login.failed": "登录失败",
    "upload.add": "上传文件",
    "upload.discard": "丢弃上传的文件",
    "draft.add": "实录放进草稿",
    "draft.remove": "实录移出草稿",
    "draft.expire": "标为已失效（草稿）",
    "draft.unexpire": "去掉已失效标记（草稿）",
    "draft.lexicon": "改词表（草稿）",
    "draft.faq": "改问题集（草稿）",
    "draft.revert": "撤回草稿里的改动",
    "draft.discard": "丢弃草稿",
    "draft.check": "发布前的检查",
    "lexicon.try": "试改词表",
    "corpus.publish": "发布",
    "corpus.overrule": "有答复变坏仍发布",
    "corpus.rollback": "退回版本",
    "account.add": "新建账号",
    "account.password": "重设密码",
    "account.role": "改权限",
    "account.disable": "停用账号",
    "account.enable": "恢复账号",
    "key.add": "新建密钥",
    "key.rotate": "更换密钥",
    "key.revoke": "作废密钥",
}


def failures_unwritten(count: int) -> str:
    """How many failed sign-ins were counted and not written down one by one."""
    return f"；此前另有 {count} 次没有逐条记下"


def action(code: str) -> str:
    """What was done; the code itself where it is of another part of the program."""
    return _ACTIONS.get(code, code)


# -- versions -------------------------------------------------------------------------------------------

VERSIONS = "版本"
VERSIONS_INTRO = "正在用哪一版实录回答，以前用过哪些，每次改了什么。"
VERSIONS_NONE = "还没有发布过，正在用随程序带的实录。"
VERSION_NOW = "正在使用"
VERSION_SEED = "随程序带的实录"
VERSION_HOLDS = "{count} 份实录"
VERSION_READ = "看实录"
VERSION_ANSWERS = "决定答案的全部内容（实录、词表、参数、问题集）的摘要："
VERSION_HISTORY = "发布记录"
VERSION_COLUMNS = ("时间", "做了什么", "版本", "谁", "原因", "改动")
VERSION_KINDS = {"seed": "首次建立", "publish": "发布", "rollback": "退回"}
VERSION_CHANGED = "看改了什么"
VERSION_BETWEEN = "从 {before} 到 {after}。"
VERSION_BACK = "回实录版本"
VERSION_HOW = "新的版本从这里发布："
DIFFERENCE_COLUMNS = ("变化", "部分", "名称", "改动的项目")
DIFFERENCE_NONE = "两个版本没有区别。"
DIFFERENCES = {What.ADDED: "新加", What.REMOVED: "去掉", What.CHANGED: "改动"}
PARTS = {"transcripts": "实录", "lexicon": "词表", "faq": "问题集"}


def time_of(when: str) -> str:
    """A recorded time, ISO 8601, as people in China read it."""
    return time(datetime.fromisoformat(when))

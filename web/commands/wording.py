"""Every word of ``minsheng-records``, in one place."""

from __future__ import annotations

from web.records.model import Role, Scope

PROGRAM = """管理记录库：检查、备份、恢复、清理，账号和接口密钥。

例：minsheng-records check

记录库在哪里，由设置 MINSHENG_RECORDS 决定；不写就用数据目录里的 records.db。
"""
CHECK = """检查记录库能不能用，有多少记录；旧版的表会顺便升级。

例：minsheng-records check

能用以状态 0 结束，不能用以状态 1 结束。
"""
BACKUP = """把记录库备份成一个文件，服务不用停。

例：minsheng-records backup /backup/records-2026-11-22.db

备份里有居民的问题（已隐去证件号、电话）和密码、密钥的指纹，请像保管原件一样保管。
"""
RESTORE = """用备份恢复记录库：先检查备份，再整个换掉现在的记录，要么全换，要么不动。

例：minsheng-records restore /backup/records-2026-11-22.db --yes

SQLite 的备份可以恢复到 PostgreSQL，反过来也行。恢复以后所有人要重新登录。
"""
PURGE = """立即删除过期的记录。服务运行时每小时也会自动删一次。

例：minsheng-records purge
"""
FORGET = """删除一个问题，连同它的答复网址和反馈。

例：minsheng-records forget 0123456789abcdef0123456789abcdef

写答复网址里的那串编码，或问题的编号。
"""
ACCOUNT = """工作人员的账号。

例：minsheng-records account add 王小明 --role editor
"""
ACCOUNT_ADD = """新建账号。密码由您输入，不写在命令里。

例：minsheng-records account add 王小明 --role editor

例：minsheng-records account add 王小明 --role editor < 密码文件
"""
ACCOUNT_LIST = """列出所有账号。

例：minsheng-records account list
"""
ACCOUNT_PASSWORD = """重设密码；这个账号要重新登录。

例：minsheng-records account password 王小明
"""
ACCOUNT_ROLE = """换一个角色。

例：minsheng-records account role 王小明 admin
"""
ACCOUNT_DISABLE = """停用账号，立即退出登录。

例：minsheng-records account disable 王小明
"""
ACCOUNT_ENABLE = """重新启用账号。

例：minsheng-records account enable 王小明
"""
KEY = """自助机和程序用的接口密钥。

例：minsheng-records key add 一楼大厅 --scope ask --days 365
"""
KEY_ADD = """新发一个密钥。密钥只显示这一次。

例：minsheng-records key add 一楼大厅 --scope ask --scope feedback --days 365 --per-minute 60
"""
KEY_LIST = """列出所有密钥和近 30 天的用量。密钥本身不保存，列不出来。

例：minsheng-records key list
"""
KEY_ROTATE = """换一个新密钥，旧的再用几天，好让自助机逐台换。

例：minsheng-records key rotate 0a1b2c3d4e5f --overlap-days 7
"""
KEY_REVOKE = """停用密钥，十秒内在所有进程生效。

例：minsheng-records key revoke 0a1b2c3d4e5f
"""

# Options and arguments
DATA = "数据目录，代替设置 MINSHENG_DATA。"
YES = "已有的内容照样换掉，不再问。"
FILE = "备份文件。"
CODE = "答复网址里的编码，或问题的编号。"
NAME = "账号名。"
ROLE = "角色：viewer 只看，editor 能改，admin 还能管账号。"
LABEL = "说明，比如放在哪个大厅。"
SCOPE = f"权限，可以写多次：{'、'.join(Scope)}。"
DAYS = "多少天后到期；不写就不到期。"
PER_MINUTE = "每分钟最多多少次；不写就按全站的限制。"
KEY_ID = "密钥的编号，见 key list。"
OVERLAP = "旧密钥再用多少天，默认 7；写 0 就立即停用。"
METAVARS = {"file": "文件", "code": "编码", "name": "名字", "role": "角色", "label": "说明", "id": "编号"}

# Bad usage
BAD_USAGE = "命令写法不对。写法请看：{command} --help"
NO_FILE = "请写明备份文件，例如：minsheng-records {command} /backup/records.db"
NO_CODE = "请写明答复网址里的编码，或问题的编号。"
NO_NAME = "请写明账号名，例如：minsheng-records account {command} 王小明"
NO_ROLE = f"请写明角色，{'、'.join(Role)} 里选一个，例如：--role editor"
BAD_ROLE = f"没有 {{role}} 这个角色。请在 {'、'.join(Role)} 里选一个。"
NO_LABEL = "请写明密钥的说明，例如：minsheng-records key add 一楼大厅 --scope ask"
BAD_SCOPE = f"没有 {{scope}} 这项权限。请在 {'、'.join(Scope)} 里选。"
NO_ID = "请写明密钥的编号，例如：minsheng-records key {command} 0a1b2c3d4e5f"
BAD_DAYS = "天数要在 {least} 到 3650 之间。"
EXISTS = "{name} 已经有了。请换一个文件名；要换掉它，请加 --yes。"
NOT_EMPTY = "记录库里已有 {count} 条记录，恢复会全部换掉。请先备份；确定要恢复，请加 --yes。"
PASSWORDS_DIFFER = "两次输入的密码不一样。请再运行一次。"
NO_PASSWORD = "没有读到密码。请在终端里运行，或从标准输入送进来，例如：< 密码文件"

# What is said
PASSWORD = "密码"
PASSWORD_AGAIN = "再输入一次"
PLACE = "记录库：{url}"
FINE = "可以读写，表是最新的（{revision}）。"
BACKING_UP = "正在备份"
RESTORING = "正在恢复"
BACKED_UP = "已备份到 {name}：{counts}。"
RESTORED = "已恢复：{counts}。\n备份以后停用的账号、密钥又变回备份时的样子，删掉的问题也会回来，请检查。"
ASIDE = "原来的文件已损坏，留在 {name}。"
PURGED = "已删除：答复网址 {answers} 个，问题 {questions} 个，反馈 {feedback} 条，其他 {other} 条。"
FORGOTTEN = "已删除。"
NOT_FOUND = "没有找到。可能已经删除，或编码不完整。"
ACCOUNT_ADDED = "已建账号 {name}（{role}）。"
PASSWORD_SET = "已重设 {name} 的密码。"
ROLE_SET = "{name} 的角色现在是 {role}。"
DISABLED = "已停用账号 {name}。"
ENABLED = "已启用账号 {name}。"
NO_ACCOUNTS = "还没有账号。新建一个：minsheng-records account add 王小明 --role admin"
NO_KEYS = "还没有密钥。新发一个：minsheng-records key add 一楼大厅 --scope ask"
KEY_MADE = "密钥（只显示这一次，请马上抄到自助机里）："
KEY_MADE_ID = "编号 {id}，{expires}。"
KEY_OLD = "旧密钥 {id} 用到 {when}。"
REVOKED = "已停用密钥 {id}，十秒内生效。"
EXPIRES = "{when} 到期"
NEVER = "不到期"
NEVER_USED = "没用过"
STATES = {True: "可用", False: "停用"}
ACCOUNT_COLUMNS = ("账号", "角色", "状态", "上次登录")
KEY_COLUMNS = ("编号", "说明", "权限", "每分钟", "到期", "状态", "上次使用", "近 30 天", "其中拒绝")
TABLES = {
    "answers": "答复网址",
    "questions": "问题",
    "feedback": "反馈",
    "accounts": "账号",
    "attempts": "登录失败",
    "keys": "密钥",
    "key_usage": "密钥用量",
    "notes": "草稿和待办",
    "audit": "操作日志",
    "passage_hits": "段落出现次数",
}

# Why a store cannot be used: a piece of what the database says -> what to do
REASONS = (
    ("locked", "数据库被别的程序锁住了。请看有没有别的程序正在打开它，稍后再试。"),
    ("Timeout", "等了很久也没轮到。请看有没有别的程序正在使用记录库，稍后再试。"),
    ("readonly", "数据库不能写。请检查文件和所在文件夹的权限。"),
    ("Permission", "数据目录不能写。请检查文件夹的权限。"),
    (
        "unable to open",
        "打不开数据库文件。请检查路径和权限；文件没了的话，用 minsheng-records restore 恢复。",
    ),
    ("full", "磁盘满了。请腾出空间再试。"),
    ("malformed", "数据库文件损坏了。请用 minsheng-records restore 恢复备份；损坏的文件会留下来。"),
    ("not a database", "数据库文件损坏了。请用 minsheng-records restore 恢复备份；损坏的文件会留下来。"),
    ("28P01", "数据库的用户名或密码不对。请检查设置 MINSHENG_RECORDS。"),
    ("3D000", "没有这个数据库。请先在 PostgreSQL 里建好，或检查设置 MINSHENG_RECORDS。"),
)
REASON_OTHER = "记录库连不上或读写失败（{detail}）。请检查数据库有没有启动、设置 MINSHENG_RECORDS 对不对。"


def counts(rows: dict[str, int]) -> str:
    """How many of what."""
    return "，".join(f"{TABLES[name]} {count}" for name, count in rows.items())


def reason(detail: str) -> str:
    """Why the store cannot be used, and what to do."""
    for piece, told in REASONS:
        if piece in detail:
            return told
    return REASON_OTHER.format(detail=detail)

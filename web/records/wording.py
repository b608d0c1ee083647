"""Every word the record store says to people, in one place."""

from __future__ import annotations

UNAVAILABLE = "记录库现在用不了。问答不受影响；请稍后再试，或用 minsheng-records check 查看原因。"
OFF = "记录库没有启用。请把设置 MINSHENG_RECORDS 改成数据库地址，再重新启动。"
URL_BAD = (
    "设置 MINSHENG_RECORDS 有误。请写 off，或数据库地址，"
    "例如 sqlite:////srv/minsheng/records.db 或 postgresql://用户:密码@主机/库名。"
)
NEWER = (
    "记录库是更新版本的程序写的，这个版本读不了。请升级程序，或用 minsheng-records restore 恢复较早的备份。"
)
FOREIGN = "这个数据库里有别的程序的表，不能用来存记录。请在设置 MINSHENG_RECORDS 里换一个空的数据库。"

# Accounts
NAME_BAD = "账号名要 2 到 32 个字：汉字、字母、数字、点、下划线或横线，不能是电话或身份证号。请换一个。"
NAME_TAKEN = "已经有账号 {name}。请换一个名字，或用 minsheng-records account password {name} 重设密码。"
NO_ACCOUNT = "没有账号 {name}。有哪些账号，请看：minsheng-records account list"
PASSWORD_LENGTH = "密码要 {least} 到 {most} 个字。请换一个。"
PASSWORD_SIMPLE = "密码太简单：不能含账号名，至少要有 5 个不同的字。请换一个。"

# Keys
LABEL_BAD = "请给密钥写一个说明，比如放在哪个大厅，最多 {most} 个字。"
NO_SCOPE = "请至少给密钥一项权限，例如 ask。"
LIMIT_BAD = "每分钟的次数至少是 1。"
EXPIRY_PAST = "到期时间已经过了。请写一个以后的时间。"
NO_KEY = "没有编号为 {id} 的密钥。有哪些密钥，请看：minsheng-records key list"
KEY_CLOSED = "密钥 {id} 已经停用或到期，不能轮换。请用 minsheng-records key add 另发一个。"

# Notes
NO_NOTE = "这条记录已经不在了，可能刚被别人删除。请刷新页面。"

# Backup and restore
BACKUP_UNWRITABLE = "备份写不到 {name}。请检查文件夹是否存在、能不能写、磁盘是否已满。"
BACKUP_UNREADABLE = "打不开备份 {name}。请检查路径和读取权限。"
NO_BACKUP = "{name} 不是记录库的备份。请写 minsheng-records backup 生成的文件。"
BACKUP_DAMAGED = "备份 {name} 已经损坏，没有恢复。请换一个备份。"
NOT_PREPARED = "记录库还没有升级到这个版本。请先启动一次 minsheng-web，或运行 minsheng-records check。"

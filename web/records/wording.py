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

"""What the page of the transcripts' questions says."""

from __future__ import annotations

MINING = "实录里的提问"
MINING_INTRO = (
    "发布会上记者和居民已经问过、也有人答过的问题。一键放进问题集草稿，以后每次检查都会拿它来问："
    "答案里必须有答复中的关键原话。建议的原话可以先改再放。"
)
TRANSCRIPT, EVERY_TRANSCRIPT, PART_OF_TITLE, STATE = "实录", "全部实录", "标题里的字", "状态"
STATES = {"open": "还没处理的", "taken": "已放进草稿的", "ignored": "忽略了的", "all": "全部"}
COUNT = "共 {count} 个。"
NONE = {
    "open": "没有待处理的提问。可能都处理过了，或者这些实录里没有一问一答；可以把状态改成“全部”再看。",
    "taken": "还没有放进草稿的。在“还没处理的”里点“放进问题集草稿”即可。",
    "ignored": "没有忽略过提问。",
    "all": "这些实录里没有认出一问一答。",
}
ASKED_BY = "{who}问"
REPLY = "答复"
READ = "看原文"
COVERED = "问题集里已有相同的问题：{question}"
STATUS = {"taken": "已放进草稿", "ignored": "已忽略"}
QUESTION = "问题"
MUST = "答案必含的原话，每行一处"
EITHER = "或者含其中任一处，用 | 隔开"
TAKE = "放进问题集草稿"
IGNORE = "忽略"
RESTORE = "不再忽略"

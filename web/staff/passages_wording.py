"""What the page of the passages says."""

from __future__ import annotations

PASSAGES = "段落"
INTRO = (
    "正在使用的版本里每一段话，给居民看过多少次。只记段落的次数，不记是谁问的、问了什么、什么时候问的；"
    "在“试一试”和问题集检查里问的不算。"
)
TOTAL = "能引用的段落共 {total} 段，其中 {never} 段从没给居民看过。"
TRANSCRIPT, EVERY_TRANSCRIPT = "实录", "全部实录"
PART_OF_TITLE = "标题里的字"
SPEAKER = "发言人（姓名或职务）"
SHOW, ORDER, SCOPE = "给居民看过", "排序", "统计范围"
SHOWN = {"all": "全部", "shown": "看过的", "never": "从没看过的"}
ORDERS = {"most": "次数从多到少", "least": "次数从少到多", "text": "按原文顺序"}
SCOPES = {"version": "只算这一版", "every": "原文没变过的各版合计"}
COLUMNS = ("实录", "位置", "发言人", "段落", "引用", "作为相关内容")
PASSAGE, QUOTED, RELATED = "段落", "引用", "作为相关内容"
NOT_QUOTABLE = "不作引用"
NONE = "没有符合条件的段落。可以去掉发言人，或把实录和“给居民看过”改成“全部”再看。"
DOWNLOAD_MOST = "下载的是符合条件的全部段落，最多 {most} 段。"

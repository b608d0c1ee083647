"""The words of the kiosk screen beside the site's own: short, for people on their feet."""

from __future__ import annotations

# The frame
TAGLINE = "点一点，看发布会上是怎么说的"
HOME = "返回首页"
BACK = "返回上一页"
MORE = "往下看"
BUSY = "正在查找……"
BAR_LABEL = "返回和翻看"

# Nobody touches it
IDLE_TITLE = "您还在吗？"
IDLE_TEXT = "很久没有人点屏幕了。马上返回首页，刚才的内容会清除。"
IDLE_LEFT = "秒后返回"
IDLE_STAY = "我还在看"
IDLE_LEAVE = "现在返回首页"

# The start
START_TITLE = "您想了解什么？"
TOPICS_TITLE = "点一件事情"
TOPICS_ALL = "全部话题和部门"
COMMON_TITLE = "大家常问"
OTHER_WAYS = "没有您要问的？"
FIND = "按首字母找"
FIND_EXAMPLE = "养老 按 Y L"
DEPARTMENTS = "按部门找"
DEPARTMENTS_EXAMPLE = "和全部话题"
WRITE = "自己写问题"
WRITE_EXAMPLE = "用手写或屏幕键盘"
NOTHING_YET = "现在还没有整理好的话题和问题。您可以自己写问题，或者打电话问。"
TOPIC_TITLE = "点一个问题，看原文怎么说"

# Finding by initials
FIND_TITLE = "按拼音首字母找问题"
FIND_HINT = "每个字按一个字母。例如“养老”按 Y、L。"
FIND_TYPED = "您按的字母"
FIND_NONE_TYPED = "还没有按"
FIND_KEYS = "字母键"
FIND_DELETE = "退一格"
FIND_CLEAR = "全部重来"
FIND_FOUND = "找到 {n} 个"
FIND_MORE = "找到 {n} 个，先列出 {shown} 个。再按一个字母，会更准。"
FIND_ALL = "可以查的问题"
FIND_TOPIC = "话题"

# Writing one's own
WRITE_TITLE = "写下您的问题"
WRITE_HINT = "像平常说话一样写就行，最多 300 个字。"
WRITE_ASK = "提问"
WRITE_PRIVACY = "请不要写身份证号、电话等个人信息。离开后屏幕会清除。"

# The answer
ASKED = "您问"
QR_TITLE = "带走这段原文"
NUMBER_LEAD = "可以打电话问"
CONTACT_LEAD = "这件事最可能由这个部门负责"
OTHERS_TITLE = "还可以看"

# Without the network
OFFLINE = "网络中断，数据截至{when}。"
OFFLINE_WHEN = "{y}年{m}月{d}日{h}时{n}分"
NEEDS_NETWORK_TITLE = "自己写的问题现在查不了"
NEEDS_NETWORK = "自己写的问题要联网才能查。话题和常问的问题照样能查，也可以打电话问。"
AWAY_TITLE = "暂时连不上"
AWAY = "网络中断了，请过一会儿再试，也可以打电话问，或者问大厅的工作人员。"


def kept_days(days: int) -> str:
    """How long what is asked here is kept, for whoever writes a question."""
    return f"问题会遮住个人信息，保存 {days} 天，用来改进答复。"

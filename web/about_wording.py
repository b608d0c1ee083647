"""What the pages about the site say: where answers come from, privacy, accessibility. Plain and short."""

from __future__ import annotations

ABOUT_TITLE = "关于本站和隐私"
WHERE_TITLE = "答复从哪里来"
LIMITS_TITLE = "本站做不到的"
LIMITS = (
    "只查收录的发布会实录，别的资料一概不看。",
    "发布会以后政策可能有变化，所以每段原文都写明截至哪场发布会。要办事，请再向经办部门核实。",
    "查不到个人的账户、办件进度和私人信息。",
)
PRIVACY_TITLE = "隐私"
PRIVACY_NEVER = (
    "问题不会出现在网址里，也不会传给别的网站。页面不从别处加载任何东西。",
    "不需要登录，不收集姓名、电话、位置，不记录您的网络地址。",
    "问题里的身份证号、手机号、银行卡号，会先认出来遮住，再做别的处理；保存和显示的都是遮住以后的。",
    "只用一个 Cookie，记住您选的字号和颜色，保存一年。清除浏览器数据就没有了。",
)
KEPT_TITLE = "保存什么，保存多久"
NOT_KEPT = "本站现在不保存任何问题和答复。"
DELETE_TITLE = "怎样删除"
DELETE = "每个答复下面都有“删除这次提问”。按一下，问题、答复的网址和评价马上删掉，不需要说明理由。"
DELETE_LATER = "答复的网址已经失效、又想删除的，请打 {number} 说明提问的大概时间和内容。"
VERSION_TITLE = "资料的版本"
HOTLINE_TITLE = "电话"

ACCESSIBILITY_TITLE = "无障碍说明"
ACCESSIBILITY_INTRO = (
    "本站按 WCAG 2.2 AA 级和国家标准 GB/T 37668-2019 来做，"
    "长辈版按工业和信息化部的《互联网网站适老化通用设计规范》来做。"
)
CAN_TITLE = "您可以"
CAN = (
    "按页面上方的“长辈版”：字号从 22 像素起，最大 30 像素；按键至少 60 像素高；"
    "内容更少；文字和底色的对比至少 7 比 1。",
    "在“显示设置”里选字号、深色或高对比，不需要登录，这台设备会记住。",
    "只用键盘操作：Tab 键移动，回车键确定，第一个链接可以直接跳到正文。",
    "用读屏软件：每页有标题和分区，答复出来时会报告，出错时会说明是哪一栏。",
    "按“朗读”听原文（浏览器里装有中文语音时才有这个按键）。",
    "把页面放大到 400%，或者用 320 像素宽的屏幕，内容不会丢，也不用左右拖动。",
    "关掉 JavaScript，除了朗读、复制和打印按键，别的都照样能用。",
)
KNOWN_TITLE = "还做不到的"
KNOWN = (
    "没有手语和语音提问。手机输入法自带的语音输入可以用。",
    "有的实录是扫描或排版文件，下载的原始文件本身不一定适合读屏；页面上的全文可以。",
)
REPORT_TITLE = "用不了，怎么办"
REPORT = "请打 {number} 告诉我们是哪一页、用什么设备。也可以请对方直接帮您查。"


def where(name: str, district: str) -> str:
    """Where answers come from."""
    return (
        f"{name}收录{district}的发布会实录。您提问以后，程序从实录里找出能回答的原文，一字不改地给您看，"
        "写明是谁说的、哪场发布会、截至什么时候，点一下就能打开实录对照。程序不编写答案；实录里没有的，就直接说没有。"
    )


def kept(hours: int, days: int) -> tuple[str, ...]:
    """What is kept and for how long."""
    return (
        f"答复的网址：保留 {hours} 小时，网址是随机的，别人猜不到。到时间自动删除。",
        f"遮住个人信息以后的问题、有没有找到答案：保留 {days} 天，"
        "用来发现大家关心而资料里没有的事。到时间自动删除。",
        f"您的评价和原因：和问题一起，保留 {days} 天。",
    )


def version(collected: int, version: str) -> str:
    """Which state of the corpus answers."""
    return f"现在收录 {collected} 份实录，资料版本 {version}。"

"""What stands between the words of an article and is none of it: share buttons, links elsewhere, counters."""

from __future__ import annotations

import re

from qa.transcripts.html_blocks import Block, squashed

__all__ = ["is_clutter"]

_MOST_LINKED = 0.6
"""A block that is links to a greater share leads elsewhere."""
_LONGEST_INFO = 80

_CLASS = re.compile(
    r"(?i)(?:^|[\s_-])(?:b?d?share|nav|menu|(?:bread)?crumbs?|position|relate[ds]?|recommend|comments?|toolbar"
    r"|tools?|pager|page-?nav|pagination|copyright|footer|qrcode|ewm|fenxiang|xgxw|xgyd)(?:$|[\s_-])"
)
_WORDS = re.compile(
    r"[\[【〖(（]?\s*(?:分享(?:到|至)?.{0,20}|打印(?:本页|文章|页面)?|关闭(?:本页|窗口|页面)?|收藏(?:本页|本站)?"
    r"|返回(?:顶部|首页|列表)|大\s*中\s*小|字体放大|扫一扫.{0,20}|我要纠错|网站地图|微信|微博|QQ空间|无障碍.{0,4}"
    r"|[上下]一[篇条页]\s*[:：]?.{0,60}|相关(?:新闻|阅读|链接|文章|报道|稿件|推荐)\s*[:：]?"
    r"|您?(?:的|现在的?|当前的?|所在)?位置\s*[:：].*|(?:浏览|阅读|点击)(?:次数|量|数)?\s*[:：]?\s*\d*\s*次?"
    r"|(?:字体|字号)\s*[:：].{0,20}|版权所有.*|.{0,10}ICP备.*)\s*[\]】〗)）]?"
)
_INFO = re.compile(r"(?:(?:发布|發布|更新)?(?:时间|日期)|来源|來源|作者|浏览|字号|字体|点击)\s*[:：]")


def is_clutter(block: Block, main: str) -> bool:
    """Whether a block between the first and the last words of an article is none of it.

    Args:
        main: the main text without white space; what stands in it is doubted less.
    """
    words = " ".join(block.text.split())
    if block.around or block.caption or _WORDS.fullmatch(words) or _is_info(words):
        return True
    if squashed(words) in main:
        return False
    near = [block.element, *list(block.element.iterancestors())[:2]]
    named = " ".join(f"{element.get('class') or ''} {element.get('id') or ''}" for element in near)
    return block.linked > _MOST_LINKED * len(words) or _CLASS.search(named) is not None


def _is_info(words: str) -> bool:
    """The line under a title that says when and by whom a page was put up, and how often it was read."""
    return len(words) <= _LONGEST_INFO and len(_INFO.findall(words)) > 1

"""Every word the API says: problems in Chinese for people, descriptions for whoever builds on it."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from web.records.model import CHINA

# Problems beside those of the pages, as (title, detail)
RATE_LIMITED = (
    "请求太频繁",
    "请过一会儿再试；过多久，看响应头 Retry-After。需要更多次数，请向管理单位申请密钥。",
)
OVERLOADED = ("现在问的人太多", "请过一会儿再问；过多久，看响应头 Retry-After。")
KEY_MISSING = ("需要密钥", "请在请求头里写 Authorization: Bearer 加上密钥。密钥向管理单位申请。")
KEY_INVALID = ("密钥无效", "密钥写错了、过期了或已停用。请检查 Authorization 请求头，或向管理单位申请新的。")
SCOPE_MISSING = ("密钥没有这项权限", "这个密钥不能用于这个接口。请向管理单位申请有这项权限的密钥。")
NOT_CURRENT = ("不是现在的版本", "参数 v 说的版本现在没有提供。请去掉 v，或先问 /api/v1/version。")
NOT_READY = ("还没有准备好", "服务正在启动，或暂时不能回答。请过一会儿再试。")
QUESTION_TOO_LONG = "问题太长了：最多 300 个字，现在有 312 个字。请只留下最想问的一件事。"
TRANSCRIPT_UNKNOWN = "没有这份实录。请先看 /api/v1/transcripts。"
NO_SUCH_PAGE = "没有这一页。一共几页，看 /api/v1/transcripts 里的 pages。"
UNKNOWN_FIELD = "请求里有接口不认识的字段。请对照接口说明检查字段的名称。"

PROBLEM_MEANINGS: Final = {
    "question_empty": "没有写问题",
    "question_too_long": "问题超过 300 个字",
    "question_control": "问题里有控制字符",
    "request_invalid": "请求不是 JSON，或字段、参数的名称、类型、范围不对",
    "key_missing": "必须带密钥，而请求没有带",
    "key_invalid": "密钥写错、过期或已停用",
    "scope_missing": "密钥没有这项权限",
    "not_found": "没有这个网址，或没有这份实录",
    "version_not_current": "参数 v 说的版本不是现在的版本",
    "method_not_allowed": "这个网址不接受这种请求方法",
    "body_too_large": "请求体超过 64 KB",
    "rate_limited": "一段时间里请求的次数用完了",
    "overloaded": "同时问的人太多，没有排上",
    "internal_error": "服务出错，请稍后再试",
    "not_ready": "服务还不能回答",
}

BUNDLE_WITHOUT_KEY = "用 --bundle 时，还要用 --bundle-key 写明公钥文件。"

# The OpenAPI document
DESCRIPTION = """{name}: residents' questions, answered with words quoted from briefings.

- **Same question, same bytes.** A question, a version (`corpus`) and settings give one answer, byte for
  byte. Every answer carries a `Minsheng-Receipt` header; `POST /api/v1/receipts` gives it as a file that
  `minsheng verify` replays.
- **Problems** are RFC 9457 documents with a stable `code`; `title` and `detail` are Chinese, for people.
  All codes: [/api#problems](/api#problems).
- **Limits**: `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers) on every response
  that was counted (one that is `overloaded` was not), `Retry-After` on every 429. Without a key an
  address has a low rate; a key (`Authorization: Bearer …`) has its own.
- **Caching**: `GET` responses carry an `ETag` of the version. With `?v=` and the digest of the current
  version they never change.
- **Request ids**: `X-Request-ID` is echoed when it is 1 to 64 letters, digits, `-`, `_` or `.`, and made
  up otherwise.
- **Deprecation**: within `/api/v1` fields, codes and operations are only added: ignore what you do not
  know. What is to go is announced at least six months ahead with `Deprecation` (RFC 9745), `Sunset`
  (RFC 8594) and a `Link` to `/api#deprecation`.
"""

TAGS: Final = [
    {"name": "ask", "description": "Questions and answers"},
    {"name": "browse", "description": "What can be asked, and what the answers are taken from"},
    {"name": "operate", "description": "Version, health and metrics"},
]

# The page about the API
PAGE_TITLE = "接口说明"
PAGE_INTRO = (
    "自助机、小程序和别的系统可以用这些接口提问。同一个问题，同一版实录和设置，得到的内容逐字节相同。"
)
PAGE_DOCUMENT = "完整的格式见 OpenAPI 文档"
PAGE_CALLS = "怎样调用"
PAGE_CALLS_INTRO = "下面的命令可以照抄，在命令行里运行："
PAGE_PROBLEMS = "出错时"
PAGE_PROBLEMS_INTRO = "出错时返回 application/problem+json（RFC 9457），用其中的 code 判断原因："
PAGE_LIMITS = "次数和密钥"
PAGE_LIMITS_TEXT = (
    "不带密钥也可以用，但同一个网络地址每分钟的次数有限。带密钥的，按密钥自己的次数算：大厅里多台自助机共用一个地址，"
    "请给每台配一个密钥，写在请求头 Authorization: Bearer 后面。",
    "响应头 RateLimit-Policy 写明一共多少次，RateLimit 写明还剩多少次、多少秒后重新算。"
    "次数用完，或者同时问的人太多，返回 429，等 Retry-After 说的秒数再试。批量提问按问题的个数算次数。",
    "密钥由管理单位发给，只显示一次，服务里只存它的摘要。换密钥时，新旧两个可以同时用一段时间，不必停机。",
)
PAGE_CACHE = "缓存和版本"
PAGE_CACHE_TEXT = (
    "答复不缓存。其他内容带有 ETag，下次请求写上 If-None-Match，没有变就返回 304。"
    "网址后面加上 ?v= 和现在的版本号，内容永远不变，可以长期缓存；版本变了，返回 version_not_current。",
    "每个请求有一个编号，在响应头 X-Request-ID 里。"
    "请求里写了合格的编号（1 到 64 个字母、数字或 - _ .），就用您的。反映问题时请告诉我们这个编号。",
)
PAGE_RECEIPT = "回执"
PAGE_RECEIPT_TEXT = (
    "每个答复的响应头 Minsheng-Receipt 里，有实录版本、设置和答复的摘要；"
    "/api/v1/receipts 把它们连同问题写成一份回执。",
    "以后用 minsheng verify 加回执文件重问一遍，就知道答复是不是一个字节都没有变。回执里的个人信息是遮住的。",
)
PAGE_DEPRECATION = "接口的变动"
PAGE_DEPRECATION_TEXT = (
    "在 /api/v1 里，只增加字段、错误代码和接口，不改、不删已有的；请忽略不认识的字段。"
    "确实要停用的，至少提前六个月在响应头 Deprecation（RFC 9745）和 Sunset（RFC 8594）里说明，并写在这里。"
    "现在没有准备停用的接口。",
)


def parameter_invalid(name: str) -> str:
    """That a parameter of the address is not as it must be."""
    return f"参数 {name} 缺少或写法不对。请对照接口说明检查它的类型和范围。"


def data_as_of(created: datetime) -> str:
    """That what is answered from is of a certain day, and no newer: the day in China."""
    day = created.astimezone(CHINA)
    return f"数据截至{day.year}年{day.month}月{day.day}日，之后的发布会没有收进来。"

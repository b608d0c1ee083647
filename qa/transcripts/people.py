"""Who holds which office: places where an office and a name stand together.

``大足区民政局党委书记、局长薛千勇`` is found by general rules: a run that ends in the title of an
office, then a Chinese name that something other than a name follows. No place, office or person is
named here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from qa.model import Attribution, Span, Speaker
from qa.transcripts.script import simplified
from qa.transcripts.verbs import ADVERBS, SAYS

__all__ = ["LATIN_NAME", "NAME", "TITLE", "attributions", "is_office_line", "offices", "usual_office"]

_TITLES = (
    r"(?:党[组委]成员|副?书记|[副常]?委员|常委|委员长|副?(?:局|厅|司|处|科|股|部|院|校|所|站|队|馆|台|社|署|区|县|镇|乡|州|省"
    r"|村|会|行|组|关|总队|支队|大队|检察|秘书|理事|董事)长|副?市长(?!江)|副?(?:主任|主席|经理|总经理|巡视员|调研员)"
    r"|发言人|负责人|提案人|次长|主委|(?<=[^处令])秘书(?!长)|教授|院士|研究员|[医护药技]师|律师|总(?:工程师|规划师|经济师|会计师)|党工委书记|政委|专员|(?<=[报社台网刊])记者)"
)
TITLE = _TITLES
"""The last title of an office, as a piece of a regular expression on simplified text."""
_TITLE = re.compile(_TITLES)
_ENDS_IN_TITLE = re.compile(_TITLES + r"\Z")

# The commoner surnames. A character that is far oftener an ordinary word (和, 时, 于, 都, 从) is left out.
_SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章苏潘葛奚范彭郎鲁韦马苗凤"
    "方俞任袁柳鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐傅卞齐康伍余顾孟黄穆萧尹姚邵汪祁毛禹狄米贝臧计成戴宋"
    "庞熊纪舒屈项祝董梁杜阮蓝闵席季贾路娄江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯管卢莫房解应宗丁宣"
    "邓郁单杭洪包左石崔吉龚程邢裴陆荣翁荀甄封储靳邴井段富巫乌焦巴谷车侯宓蓬全班仰秋仲伊宫宁仇栾甘厉祖武符刘"
    "薄景詹束龙叶幸司黎溥印白蒲台鄂索赖卓蔺屠蒙池乔阴胥闻党翟谭贡劳申扶堵冉桑桂濮牛寿边扈燕冀尚农温庄晏柴瞿阎"
    "连习艾鱼容向古易慎戈廖终衡步耿满弘匡国文寇广东欧沃利蔚师巩聂晁敖冷辛阚那简饶曾沙丰关查荆游权盖桓肖付代"
    "覃涂岳区佘揭苟雍但牟税敬淳阳蹇晋楚闫佟隋苑姬帅苍代岩雒禤花卜粟仝谌逄鞠麦招练幸展庾晁修寸缪麻仉"
)
_COMPOUND_SURNAMES = (
    "欧阳", "上官", "司马", "诸葛", "皇甫", "尉迟", "公孙", "慕容", "令狐", "东方", "司徒", "夏侯",
)  # fmt: skip

NAME = (
    rf"(?:(?:{'|'.join(_COMPOUND_SURNAMES)})[\u4e00-\u9fff]{{1,2}}"
    rf"|[{''.join(sorted(_SURNAMES))}][ \u3000]?[\u4e00-\u9fff](?:[ \u3000]?[\u4e00-\u9fff])?)"
)
"""What may be a Chinese name of two to four characters, perhaps with spaces in it, likewise."""

LATIN_NAME = r"[A-Z][a-z'’.-]*(?: [A-Z][a-z'’.-]*){1,3}"
"""What may be a name in Latin letters, likewise, on text whose capitals are kept."""
_LATIN = re.compile(LATIN_NAME)

# A name ends where one of these begins, or at the end of the line.
_AFTER_NAME = re.compile(
    rf"\Z|[^\w]|(?:{ADVERBS}){{1,3}}(?:{SAYS})|(?:{SAYS})|[则也还在对向就为和与及等的代]|现场|主持|出席|[今昨][天日]|日前|近日|上午|下午|到|来|陪同|讲话|发言|致辞|先生|女士|同志|小姐|走|作|带队|率队|接受|摄|通报|参加"
)
# Characters that begin what follows a name far oftener than they end a name.
_NEVER_LAST = frozenset("则也还在对向就为及等的现称说表介指告认")

_BREAKS = frozenset(" \t\u3000，,。；;：:！!？?“”‘’\"'…—（）()《》【】\n")
_MANY = 200  # different offices of one person that are compared
_RUN_LIMIT = 40  # no title is longer (code points); bounds the work on text without punctuation
_OFFICE_LINE = 120  # no office with a name is longer, several titles and spaces in it included
_LEAD_IN = re.compile(
    r"\d{4}年(?:\d{1,2}月)?(?:\d{1,2}日)?|.*(?:的|了|是|专访|采访|对话|访谈|邀请到|请到|让|请|(?<!自)由|被)|据|而|是|问|时任|(?:今天|昨天|今日|昨日|当天|日前|近日|上午|下午|会上|随后)+"
    r"|[对向与和及](?=\w{2,3}[省市区县])"
)


def attributions(text: str) -> tuple[Attribution, ...]:
    """Every place of ``text`` where an office and a name stand together, in reading order.

    A span covers office and name; spaces between the two (guest lists) belong to the span and to
    neither of the two.
    """
    return tuple(_attributions(simplified(text), text))


def offices(found: tuple[Attribution, ...]) -> dict[str, Speaker]:
    """Name -> the speaker with the office stated most often for that name; the first of equals.

    A short form (``局长石朝勇``) counts for the full one it ends. Most often, and not longest: offices
    have been seen misprinted in a heading.
    """
    stated: dict[str, list[str]] = {}
    for attribution in found:
        stated.setdefault(attribution.speaker.name, []).append(attribution.speaker.office or "")
    return {name: Speaker(name, usual_office(names)) for name, names in stated.items()}


def usual_office(stated: list[str]) -> str:
    """The office stated most often, the first of equals; a short form counts for the full one it ends."""
    counts = Counter(stated)
    usual: Counter[str] = Counter()
    for short, count in counts.items():
        usual[
            max(
                (long for long in islice(counts, _MANY) if _is_short_for(short, long)), key=len, default=short
            )
        ] += count
    return usual.most_common(1)[0][0]


def _is_short_for(short: str, long: str) -> bool:
    """局长 or 区民政局局长 for 区民政局党委书记、局长: the end of it, or its agency and its last title."""
    if long.endswith(short):
        return True
    several, _, last = long.rpartition("、")
    return bool(several) and short.endswith(last) and several.startswith(short.removesuffix(last))


def is_office_line(line: str) -> bool:
    """Whether a line is an office and a name and nothing else, as in a list of guests."""
    if len(line) > _OFFICE_LINE:
        return False
    found = attributions(line)
    return len(found) == 1 and found[0].span == Span(0, len(line))


def _attributions(text: str, original: str) -> Iterator[Attribution]:
    """The attributions found in the simplified ``text``, in the words of the original."""
    for title in _TITLE.finditer(text):
        name = _name(text, title.end())
        if name is None:
            continue
        start = _office_start(text, title.start(), title.end())
        speaker = Speaker(name.of(original), original[start : title.end()])
        yield Attribution(speaker, Span(start, name.end))


def _name(text: str, at: int) -> Span | None:
    """The name that begins at ``at``, after spaces if any; None if there is none."""
    while at < len(text) and text[at] in " \u3000":
        at += 1
    latin = _LATIN.match(text, at)
    if latin is not None and _AFTER_NAME.match(text, latin.end()):
        return Span(at, latin.end())
    for length in _lengths(text, at):
        end = at + length
        name = text[at:end]
        whole = len(name) == length and name.isalpha() and name[-1] not in _NEVER_LAST
        if whole and _AFTER_NAME.match(text, end):
            return Span(at, end)
    return None


def _lengths(text: str, at: int) -> tuple[int, ...]:
    """The lengths a name at ``at`` may have, the likelier first."""
    if text.startswith(_COMPOUND_SURNAMES, at):
        return (4, 3)
    if text[at : at + 1] in _SURNAMES:
        return (3, 2)
    return ()


def _office_start(text: str, title_start: int, title_end: int) -> int:
    """Where the office whose last title is ``[title_start, title_end)`` begins.

    Several titles of one person are joined by 、; an office before 、 belongs to them if it ends in
    a title too.
    """
    start = _run_start(text, title_start)
    while start > 0 and text[start - 1] == "、" and _ends_in_title(text, start - 1):
        start = _run_start(text, start - 1)
    lead_in = _LEAD_IN.match(text, start, title_start)
    while lead_in is not None and lead_in.end() > start:
        start = lead_in.end()
        lead_in = _LEAD_IN.match(text, start, title_start)
    return start


def _ends_in_title(text: str, end: int) -> bool:
    return _ENDS_IN_TITLE.search(text, _run_start(text, end), end) is not None


def _run_start(text: str, end: int) -> int:
    start = end
    limit = max(end - _RUN_LIMIT, 0)
    while start > limit and text[start - 1] not in _BREAKS and text[start - 1] != "、":
        start -= 1
    return start

"""What a web page states of itself: title, date, publisher, address."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from lxml import etree

from qa.transcripts.description import Description, StatedDate, date_in, plausible_title

__all__ = ["declared_encoding", "page_facts"]

# The names of 《政府网站网页标签规范》 first, then those of the open web.
_TITLE = ("articletitle", "og:title", "twitter:title", "title")
_DATE = (
    "pubdate",
    "article:published_time",
    "publishdate",
    "publish_date",
    "og:release_date",
    "date",
    "dc.date",
)
_PUBLISHER = ("contentsource", "publisher", "dc.publisher", "og:site_name", "sitename", "article:author")
_ADDRESS = ("url", "og:url")

_CHARSET = re.compile(
    rb"""(?i)<(?:meta[^>]{0,200}?charset|\?xml[^>]{0,200}?encoding)\s*=\s*["']?\s*([\w.:-]{2,30})"""
)
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)(https?://\S+?)\s*-->")
_SITE = re.compile(r"\s*(?:[_|｜]|\s[-–—]\s|--|——)\s*[^_|｜]{2,40}$")
_HEAD_LENGTH = 4096


def declared_encoding(data: bytes) -> str | None:
    """The encoding that the head of a page declares, as it is written there, or None."""
    found = _CHARSET.search(data[:_HEAD_LENGTH])
    return found.group(1).decode("ascii") if found else None


def page_facts(root: etree._Element, page: str) -> Description:
    """What the head of a page, and where it was saved from, say."""
    named = _named(root)
    saved = _SAVED_FROM.search(page[:_HEAD_LENGTH])
    links = (link.get("href") for link in root.iter("link") if (link.get("rel") or "").lower() == "canonical")
    address = _first((*links, *(named.get(name) for name in _ADDRESS), saved.group(1) if saved else None))
    return Description(
        title=_title(root, named),
        published=_published(root, named),
        publisher=_first(named.get(name) for name in _PUBLISHER),
        url=address if address and re.fullmatch(r"https?://\S+", address) else None,
    )


def _named(root: etree._Element) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for meta in root.iter("meta"):
        name = (meta.get("name") or meta.get("property") or "").strip().lower()
        content = " ".join((meta.get("content") or "").split())
        if name and content:
            found.setdefault(name, content)
    return found


def _first(values: Iterable[str | None]) -> str | None:
    return next((value for value in values if value), None)


def _title(root: etree._Element, named: Mapping[str, str]) -> str | None:
    for name in _TITLE:
        if title := plausible_title(named.get(name)):
            return title
    headings = [plausible_title("".join(heading.itertext())) for heading in root.iter("h1")]
    if len(headings) == 1 and headings[0]:
        return headings[0]
    title = root.find("head/title")
    words = " ".join((title.text or "").split()) if title is not None else ""
    return plausible_title(_SITE.sub("", words)) or plausible_title(words)


def _published(root: etree._Element, named: Mapping[str, str]) -> StatedDate | None:
    times = (time.get("datetime") or "" for time in root.iter("time"))
    return next(
        (day for words in (*(named.get(n, "") for n in _DATE), *times) if (day := date_in(words))), None
    )

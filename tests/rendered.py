"""A text put into the formats that transcripts come in, by the programs that make such files."""

from __future__ import annotations

import html
import io
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import docx
import pypdfium2

from qa.settings import seed_corpus

__all__ = [
    "ARTICLE",
    "FOUNDING",
    "docx_of",
    "founding",
    "page_of",
    "pdf_of",
    "print_page_of",
    "scanned",
    "web_page_of",
]

FOUNDING = ("dazu-2021-faburen", "dazu-2024-minsheng")

ARTICLE = (
    "# 便民服务发布会\n\n今天上午，县政府举行新闻发布会，介绍便民服务大厅的情况，请大家提问。\n\n"
    "甲县民政局局长王小明表示，大厅周一到周五上午九点开门，下午五点半关门，中午不休息。\n\n"
    "没带证件的，可以当场补办；行动不便的老人，可以打电话预约上门服务，不收任何费用。\n"
)
"""A short made-up briefing."""


def founding(id: str) -> str:
    """The source text of a founding briefing."""
    return (seed_corpus() / "transcripts" / id / "source.txt").read_text(encoding="utf-8")


def _paragraphs(text: str) -> Iterator[tuple[int, list[str]]]:
    """Level of the heading (0 for a paragraph) and lines of every paragraph of a Markdown text."""
    for paragraph in text.split("\n\n"):
        lines = [line.strip().replace("**", "") for line in paragraph.split("\n") if line.strip()]
        if lines:
            bare = lines[0].lstrip("#")
            level = len(lines[0]) - len(bare)
            yield level, [bare.strip(), *lines[1:]]


def docx_of(text: str, table: Sequence[Sequence[str]] = ()) -> bytes:
    """A Word document with a header, a footer and perhaps a table at its end."""
    document = docx.Document()
    document.core_properties.title = "Word Document"
    section = document.sections[0]
    section.header.paragraphs[0].text = "甲县人民政府办公室"
    section.footer.paragraphs[0].text = "第 1 页 共 1 页"
    for level, lines in _paragraphs(text):
        if level:
            document.add_heading("".join(lines), level)
            continue
        paragraph = document.add_paragraph()
        for at, line in enumerate(lines):
            if at:
                paragraph.runs[-1].add_break()
            half = len(line) // 2  # as Word cuts runs, anywhere
            paragraph.add_run(line[:half])
            paragraph.add_run(line[half:]).bold = True
    if table:
        cells = document.add_table(rows=len(table), cols=len(table[0]))
        for at, row in enumerate(table):
            for column, words in enumerate(row):
                cells.cell(at, column).text = words
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


_ENTITIES = {"“": "&ldquo;", "”": "&rdquo;", "—": "&mdash;", "…": "&hellip;", "万": "&#19975;"}
_MENU = ("首页", "政务公开", "办事服务", "互动交流", "新闻中心", "专题专栏")
_RELATED = ("全县民政工作会议召开", "老旧小区改造项目集中开工", "春季招聘会举行")


def web_page_of(text: str, title: str = "便民服务发布会") -> str:
    """The page of a county's website, with everything such a page has around its article."""
    menu = "".join(f'<li><a href="/{at}/">{words}</a></li>' for at, words in enumerate(_MENU))
    related = "".join(f'<li><a href="/n{at}">{words}</a></li>' for at, words in enumerate(_RELATED))
    return f"""<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"
 "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<!-- saved from url=(0042)http://www.example.gov.cn/zwgk/xwfb/1.html -->
<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312" />
<title>{title}_甲县人民政府网站</title>
<meta name="SiteName" content="甲县人民政府网站" /><meta name="ArticleTitle" content="{title}" />
<meta name="PubDate" content="2024-03-05 09:12" />
<style>.nav {{ color: red }}</style><script>var words = "<p>这不是正文，请不要读出来。</p>";</script></head>
<body><div class="header"><p>今天是2024年3月6日 <a href="#">无障碍浏览</a></p>
<ul class="nav">{menu}</ul></div>
<div class="crumb">当前位置：<a href="/">首页</a> &gt; <a href="/x">新闻发布会</a></div>
<div class="main"><div class="title">{title}</div>
<div class="info">发布时间：2024-03-05 09:12&nbsp;&nbsp;来源：甲县融媒体中心&nbsp;字号：[大 中 小] 打印</div>
<div class="TRS_Editor" id="zoom">{page_of(text, "&emsp;&emsp;&nbsp;")}</div>
<div class="share">分享到：<a href="#">微信</a><a href="#">微博</a></div><p>上一篇：<a href="#">没有了</a></p>
<div class="related"><h3>相关新闻</h3><ul>{related}</ul></div></div>
<div class="footer">主办：甲县人民政府办公室 版权所有 <a href="#">某ICP备05003300号</a></div>
<div style="display: none">这里看不见。</div><script src="x.js"></script></body></html>"""


def page_of(text: str, indent: str = "") -> str:
    """The paragraphs of a text as HTML, some characters as entities."""
    made = []
    for level, lines in _paragraphs(text):
        words = "<br/>\n".join(html.escape(line) for line in lines)
        for char, entity in _ENTITIES.items():
            words = words.replace(char, entity)
        made.append(f"<h{level}>{words}</h{level}>" if level else f"<p>{indent}<span>{words}</span></p>")
    return "\n".join(made)


def print_page_of(text: str, columns: int = 1) -> str:
    """A page to be printed as official documents are: first lines set in, headings larger."""
    style = (
        "@page { size: A4; margin: 30mm 25mm } h1, h2 { margin: 0.8em 0 }"
        " body { font: 12pt/1.7 'Noto Serif CJK SC', serif } p { text-indent: 2em; margin: 0 }"
        f" article {{ columns: {columns} }}"
    )
    return (
        f'<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>甲县政务公开</title>'
        f"<style>{style}</style><article>{page_of(text)}</article></html>"
    )


def pdf_of(page: str, folder: Path, *, header: bool = False) -> bytes:
    """A page printed by Chromium, perhaps with its running header, footer and page numbers."""
    source, made = folder / "page.html", folder / "page.pdf"
    source.write_text(page, encoding="utf-8")
    command = ["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", f"--print-to-pdf={made}"]
    if not header:
        command.append("--no-pdf-header-footer")
    subprocess.run(
        [*command, f"--user-data-dir={folder / 'profile'}", source.as_uri()],
        check=True,
        capture_output=True,
        timeout=60,
    )
    return made.read_bytes()


def scanned(pdf: bytes) -> bytes:
    """A PDF whose pages are pictures of those of ``pdf``."""
    made = pypdfium2.PdfDocument.new()
    for page in pypdfium2.PdfDocument(pdf):
        picture = pypdfium2.PdfImage.new(made)
        picture.set_bitmap(page.render(scale=0.5))
        width, height = page.get_size()
        picture.set_matrix(pypdfium2.PdfMatrix().scale(width, height))
        sheet = made.new_page(width, height)
        sheet.insert_obj(picture)
        sheet.gen_content()
    held = io.BytesIO()
    made.save(held)
    return held.getvalue()

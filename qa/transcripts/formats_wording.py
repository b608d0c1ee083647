"""What is said about a file that cannot be read: what is wrong, and what to do. ``{name}`` is the file."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from qa.transcripts.sniff import Kind

__all__ = [
    "ANOTHER_KIND",
    "BYTES_DAMAGED",
    "DOCX_DAMAGED",
    "DOCX_PASSWORD",
    "DOCX_TOO_LARGE",
    "EMPTY",
    "ENCODING_UNKNOWN",
    "ENDINGS",
    "ENDING_UNKNOWN",
    "GARBLED",
    "HTML_DAMAGED",
    "HTML_NO_ARTICLE",
    "HTML_TOO_LONG",
    "KINDS",
    "PDF_DAMAGED",
    "PDF_NO_UNICODE",
    "PDF_PASSWORD",
    "PDF_SCANNED",
    "PDF_TOO_LONG",
    "PDF_UNREADABLE",
    "TOO_LARGE",
    "TOO_LONG",
]

EMPTY: Final = "{name}：文件是空的。请重新上传有文字的实录原文。"
TOO_LARGE: Final = (
    "{name}：文件有 {size} MB，超过上限 {most} MB。请去掉图片和视频，只保留文字，另存后再上传。"
)

TOO_LONG: Final = "{name}：文字太长，超出了一场发布会的篇幅。请拆开，每场发布会一个文件，再上传。"

ENCODING_UNKNOWN: Final = (
    "{name}：看不出文字是用什么编码存的。请用记事本等软件打开，确认文字正常后另存为 UTF-8，再上传。"
)
BYTES_DAMAGED: Final = (
    "{name}：第 {line} 行附近有损坏的字节，那里的字认不出来。请打开原文件改正这一处，另存为 UTF-8 后再上传。"
)
GARBLED: Final = "{name}：文字已经是乱码（如“锟斤拷”“�”）。请向提供的人重新要一份原文，不要从乱码的页面复制。"

HTML_NO_ARTICLE: Final = (
    "{name}：网页里找不到正文。请在浏览器里打开正文页面后另存为“网页，仅 HTML”，"
    "或把正文复制到记事本里存成 .txt，再上传。"
)
HTML_DAMAGED: Final = (
    "{name}：网页正文里有损坏的字（�）。请在浏览器里重新打开正文页面，另存为“网页，仅 HTML”后再上传。"
)
HTML_TOO_LONG: Final = "{name}：网页太长，超出了一场发布会的篇幅。请只保存正文页面，再上传。"

DOCX_DAMAGED: Final = "{name}：Word 文件已损坏，打不开。请用 Word 或 WPS 修复后另存为 .docx，或重新要一份。"
DOCX_TOO_LARGE: Final = "{name}：文件解压后太大，不像一份实录。请只保留文字，另存为新的 .docx 后再上传。"
DOCX_PASSWORD: Final = "{name}：Word 文件有密码。请打开后在“文件—信息—保护文档”里取消密码，保存后再上传。"

PDF_PASSWORD: Final = "{name}：这份 PDF 有密码。请用密码打开后另存（打印）为没有密码的 PDF，再上传。"
PDF_DAMAGED: Final = "{name}：PDF 已损坏，打不开。请重新下载，或向提供的人重新要一份。"
PDF_TOO_LONG: Final = "{name}：PDF 太长，超出了一场发布会的篇幅。请拆开，每场发布会一个文件，再上传。"
PDF_UNREADABLE: Final = (
    "{name}：PDF 读不出来，可能已损坏，或内容异常大。请用浏览器打开后重新打印成 PDF，或重新要一份，再上传。"
)
PDF_SCANNED: Final = (
    "{name}：这份 PDF 是扫描的图片，没有文字。请先用文字识别（OCR）软件转成文字，核对后再上传。"
)
PDF_NO_UNICODE: Final = (
    "{name}：这份 PDF 里的文字取不出来（字体没有编码信息）。"
    "请向提供的人要 Word 或网页原文，或用文字识别（OCR）软件转成文字，核对后再上传。"
)

_AS_WORD: Final = "请用 Word 或 WPS 打开，另存为 .docx 后再上传。"
_OCR: Final = "请先用文字识别（OCR）软件转成文字，核对后存成 .txt 或 .docx 再上传。"
_UNPACK: Final = "请解压后上传里面的实录文件。"
_ONLY_HTML: Final = "请在浏览器里打开，另存为“网页，仅 HTML”（.html）后再上传。"
_FROM_OFD: Final = "请用 OFD 阅读器打开，导出为 PDF 或 .docx 后再上传。"
_SHEET: Final = "请把文字复制到 Word 里，另存为 .docx 后再上传。"

ENDING_UNKNOWN: Final = "不支持这种文件格式。请转成以下格式之一：{endings}。"
_OTHER_DOCUMENTS: Final = (".doc", ".wps", ".dot", ".odt", ".pages", ".rtf")
_PICTURES: Final = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp", ".heic")
_ARCHIVES: Final = (".zip", ".rar", ".7z", ".gz", ".tar")
_SHEETS: Final = (".xls", ".xlsx", ".et", ".csv", ".ppt", ".pptx", ".dps")
ENDINGS: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(_OTHER_DOCUMENTS, f"不支持这种文档格式。{_AS_WORD}"),
        ".ofd": f"不支持 OFD 格式。{_FROM_OFD}",
        **dict.fromkeys((".mht", ".mhtml"), f"不支持单个文件的网页存档。{_ONLY_HTML}"),
        **dict.fromkeys(_PICTURES, f"这是图片。{_OCR}"),
        **dict.fromkeys(_ARCHIVES, f"这是压缩包。{_UNPACK}"),
        **dict.fromkeys(_SHEETS, f"不支持表格和演示文稿。{_SHEET}"),
    }
)
"""What to do with the endings that come instead of those that are read."""

ANOTHER_KIND: Final = "{name}：结尾是 {ending}，内容却是{kind}"
_RENAME: Final = "请把文件名的结尾改成 {ending} 后再上传。"
KINDS: Final[Mapping[Kind, str]] = MappingProxyType(
    {
        Kind.TEXT: f"纯文本。{_RENAME.format(ending='.txt')}",
        Kind.HTML: f"网页。{_RENAME.format(ending='.html')}",
        Kind.DOCX: f" Word 文档。{_RENAME.format(ending='.docx')}",
        Kind.PDF: f" PDF。{_RENAME.format(ending='.pdf')}",
        Kind.OLD_OFFICE: f"旧版 Office 文件（.doc、.wps 等）。{_AS_WORD}",
        Kind.OTHER_OFFICE: f"表格、演示文稿或别家的文档。{_SHEET}",
        Kind.RTF: f" RTF 文档。{_AS_WORD}",
        Kind.OFD: f" OFD 文档。{_FROM_OFD}",
        Kind.MHTML: f"单个文件的网页存档。{_ONLY_HTML}",
        Kind.PICTURE: f"图片。{_OCR}",
        Kind.ARCHIVE: f"压缩包。{_UNPACK}",
    }
)

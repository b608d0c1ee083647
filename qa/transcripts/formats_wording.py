"""What is said about a file that cannot be read: what is wrong, and what to do. ``{name}`` is the file."""

from __future__ import annotations

from typing import Final

__all__: list[str] = []

EMPTY: Final = "{name}：文件是空的。请重新上传有文字的实录原文。"
ENCODING_UNKNOWN: Final = (
    "{name}：看不出文字是用什么编码存的。请用记事本等软件打开，确认文字正常后另存为 UTF-8，再上传。"
)
GARBLED: Final = "{name}：文字已经是乱码（如“锟斤拷”“�”）。请向提供的人重新要一份原文，不要从乱码的页面复制。"
PDF_PASSWORD: Final = "{name}：这份 PDF 有密码。请用密码打开后另存（打印）为没有密码的 PDF，再上传。"
PDF_DAMAGED: Final = "{name}：PDF 已损坏，打不开。请重新下载，或向提供的人重新要一份。"
PDF_TOO_LONG: Final = (
    "{name}：PDF 页数或字数太多，超出了一场发布会的篇幅。请拆开，每场发布会一个文件，再上传。"
)
PDF_SCANNED: Final = (
    "{name}：这份 PDF 是扫描的图片，没有文字。请先用文字识别（OCR）软件转成文字，核对后再上传。"
)
PDF_NO_UNICODE: Final = (
    "{name}：这份 PDF 里的文字取不出来（字体没有编码信息）。"
    "请向提供的人要 Word 或网页原文，或用文字识别（OCR）软件转成文字，核对后再上传。"
)

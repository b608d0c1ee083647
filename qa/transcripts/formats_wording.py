"""What is said about a file that cannot be read: what is wrong, and what to do. ``{name}`` is the file."""

from __future__ import annotations

from typing import Final

__all__: list[str] = []

EMPTY: Final = "{name}：文件是空的。请重新上传有文字的实录原文。"
ENCODING_UNKNOWN: Final = (
    "{name}：看不出文字是用什么编码存的。请用记事本等软件打开，确认文字正常后另存为 UTF-8，再上传。"
)
GARBLED: Final = "{name}：文字已经是乱码（如“锟斤拷”“�”）。请向提供的人重新要一份原文，不要从乱码的页面复制。"

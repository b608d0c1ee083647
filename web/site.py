"""What a deployment calls itself: one frozen record, given to ``create_app``."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Site"]


@dataclass(frozen=True, slots=True)
class Site:
    """Names and limits of one deployment.

    ``hotline`` is the number residents are sent to when the transcripts have no answer;
    ``hotline_name`` is what it is called. ``max_body`` is the largest request body in bytes,
    ``page_size`` the number of transcripts on a page of the list.
    """

    name: str = "民生问答"
    district: str = "大足区"
    hotline: str = "12345"
    hotline_name: str = "政务服务便民热线"
    max_body: int = 64 * 1024
    page_size: int = 50
    shown_suggestions: int = 6

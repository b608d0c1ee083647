"""What a deployment calls itself: one frozen record, given to ``create_app``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from qa.settings import seed_corpus
from web.contacts import Contact, load_contacts
from web.settings import WebSettings

__all__ = ["UPLOAD_BYTES", "Site", "site_of"]

UPLOAD_BYTES: Final = 120_000_000
"""The largest request body, in bytes, where staff send transcripts."""


@dataclass(frozen=True, slots=True)
class Site:
    """Names and limits of one deployment.

    ``hotline`` is the number residents are sent to when the transcripts have no answer;
    ``hotline_name`` is what it is called, ``hotline_source`` where it was published. ``contacts`` are the
    offices to name beside it. ``public_url`` is the address residents reach the site by, without a slash at
    its end; None: codes to take along hold the quote
    itself. ``keeps`` is whether questions are kept, ``token_hours`` how long an answer's address holds,
    ``question_days`` how long a question is kept. ``max_body`` is the largest
    request body in bytes, ``page_size`` the number of transcripts on a page of the list,
    ``shown_suggestions`` and ``shown_topics`` how many questions and topics a page offers. ``kiosk_idle`` are
    the seconds without a touch after which a kiosk asks whether anybody is there.
    """

    name: str = "民生问答"
    district: str = "大足区"
    hotline: str = "12345"
    hotline_name: str = "政务服务便民热线"
    hotline_source: str | None = None
    contacts: tuple[Contact, ...] = ()
    public_url: str | None = None
    keeps: bool = False
    token_hours: int = 24
    question_days: int = 180
    max_body: int = 64 * 1024
    page_size: int = 50
    shown_suggestions: int = 6
    shown_topics: int = 8
    kiosk_idle: int = 60


def site_of(settings: WebSettings) -> Site:
    """The site that ``settings`` describe.

    Raises:
        ContactsError: if the contacts file cannot be used.
    """
    contacts = load_contacts(settings.contacts or seed_corpus() / "contacts.yaml")
    return Site(
        name=settings.site_name,
        district=settings.district,
        hotline=contacts.hotline,
        hotline_name=contacts.hotline_name,
        hotline_source=contacts.hotline_source,
        contacts=contacts.offices,
        public_url=settings.public_url.rstrip("/") if settings.public_url else None,
        keeps=settings.store_questions and settings.records != "off",
        token_hours=settings.token_hours,
        question_days=settings.question_days,
        kiosk_idle=settings.kiosk_idle,
    )

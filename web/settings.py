"""The site's own settings, beside ``qa.settings``; environment variables ``MINSHENG_<NAME>`` alike.

Nothing is read at import. ``records_wait_ms`` is what a resident may be made to wait for the record store.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import limits
from pydantic import AfterValidator, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from web.service import LogFormat, Service

__all__ = ["WebSettings"]


def _rate(text: str) -> str:
    """A rate that can be read, in few words (``60/minute``); empty for none."""
    if text:
        limits.parse(text)
    return text


Rate = Annotated[str, AfterValidator(_rate)]


class WebSettings(BaseSettings):
    """What an operator may set of the site."""

    model_config = SettingsConfigDict(env_prefix="MINSHENG_", frozen=True, extra="ignore")

    site_name: Annotated[str, Field(min_length=1, max_length=40, description="What the site is called.")] = (
        "民生问答"
    )
    district: Annotated[str, Field(max_length=40, description="Whose briefings they are.")] = "大足区"
    public_url: Annotated[
        str | None,
        Field(
            pattern=r"^https?://[^/\s]+(/\S*)?$",
            description="Where residents reach the site, e.g. https://wen.example.gov.cn; QR codes lead "
            "there. Without it a code holds the quote itself.",
        ),
    ] = None
    contacts: Annotated[
        Path | None,
        Field(
            description="The hotline and the offices to name, by default contacts.yaml of the seed corpus."
        ),
    ] = None
    records: Annotated[
        str | None,
        Field(
            description="Where records are kept: sqlite:///FILE, postgresql://…, or off; "
            "by default records.db in the data directory."
        ),
    ] = None
    store_questions: Annotated[
        bool, Field(description="Whether anything residents write is kept; off: answers get no address.")
    ] = True
    question_days: Annotated[
        int, Field(ge=1, le=3650, description="Days that questions and feedback are kept.")
    ] = 180
    token_hours: Annotated[
        int, Field(ge=1, le=24 * 31, description="Hours that an answer can be found at its address.")
    ] = 24
    records_wait_ms: Annotated[
        int, Field(ge=10, le=2000, description="Milliseconds an answer may wait for the record store.")
    ] = 80
    records_queue: Annotated[
        int, Field(ge=1, le=1_000_000, description="How many records may wait to be written.")
    ] = 10_000
    rate: Annotated[
        Rate,
        Field(description="Requests to the API from one address without a key; empty: any number."),
    ] = "60/minute"
    key_rate: Annotated[
        Rate,
        Field(description="Requests of a key that has no limit of its own; empty: any number."),
    ] = "600/minute"
    require_key: Annotated[bool, Field(description="Refuse whoever calls the API without a key.")] = False
    bundle: Annotated[
        str | None,
        Field(description="An address or a file with a bundle to answer from, checked with bundle_key."),
    ] = None
    bundle_key: Annotated[
        Path | None, Field(description="The public key file that belongs to the key bundles are signed with.")
    ] = None
    bundle_seconds: Annotated[
        float, Field(ge=1, le=86_400, description="Seconds between two looks for another bundle.")
    ] = 300
    bundle_days: Annotated[
        int, Field(ge=1, le=3650, description="Days after which every page says how old the bundle is.")
    ] = 30
    trusted_proxies: Annotated[
        str,
        Field(description="Addresses or networks of proxies whose X-Forwarded-For is believed, by comma."),
    ] = ""
    at_work: Annotated[
        int, Field(ge=1, le=64, description="Questions answered at a time, in each process.")
    ] = 1
    waiting: Annotated[
        int,
        Field(ge=0, le=1000, description="Questions that may wait in a burst; others get a 429."),
    ] = 8
    standing: Annotated[
        int, Field(ge=0, le=1000, description="Questions that may wait where more come than are answered.")
    ] = 0
    log: Annotated[
        LogFormat, Field(description="A line for each request on standard error, never what was asked.")
    ] = "json"
    kiosk_idle: Annotated[
        int, Field(ge=5, le=600, description="Seconds without a touch after which a kiosk starts anew.")
    ] = 60

    def service(self) -> Service:
        """What ``create_app`` is given."""
        return Service(
            rate=self.rate or None,
            key_rate=self.key_rate or None,
            require_key=self.require_key,
            at_work=self.at_work,
            waiting=self.waiting,
            standing=self.standing,
            log=self.log,
        )

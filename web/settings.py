"""The site's own settings, beside ``qa.settings``; environment variables ``MINSHENG_<NAME>`` alike.

Nothing is read at import. ``records_wait_ms`` is what a resident may be made to wait for the record store.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

__all__ = ["WebSettings"]


class WebSettings(BaseSettings):
    """What an operator may set of the site."""

    model_config = SettingsConfigDict(env_prefix="MINSHENG_", frozen=True, extra="ignore")

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

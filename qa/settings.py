"""Settings: a name, a default and a help text each; environment variables ``MINSHENG_<NAME>``.

Nothing is read at import. A value outside its range is a pydantic ``ValidationError``, which the
command line and the server turn into one clear line.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

__all__ = ["DECIDING", "Settings", "default_data", "seed_corpus"]

DECIDING: Final = frozenset({"as_of", "candidates", "passage_chars"})
"""The settings that decide answers, besides what is asked; the others only say where and how it runs."""


def seed_corpus() -> Path:
    """The corpus that ships with the program, found from the package and not from the current folder.

    In a checkout it stands beside the package; in an installed wheel, inside it.
    """
    package = Path(__file__).resolve().parent
    beside = package.parent / "corpus"
    return beside if beside.is_dir() else package / "corpus"


def default_data() -> Path:
    """The data directory of a checkout is ``var/`` in it; that of an installed wheel its environment's."""
    root = Path(__file__).resolve().parent.parent
    return root / "var" if (root / "corpus").is_dir() else Path(sys.prefix) / "var" / "minsheng"


class Settings(BaseSettings):
    """What an operator may set."""

    model_config = SettingsConfigDict(env_prefix="MINSHENG_", frozen=True, extra="ignore")

    corpus: Annotated[
        Path | None,
        Field(description="A folder with transcripts/ (and perhaps lexicon/), or a .jsonl of documents."),
    ] = None
    index: Annotated[Path | None, Field(description="An index made by `minsheng index`.")] = None
    data: Annotated[
        Path, Field(description="The data directory: everything that changes while the service runs.")
    ] = default_data()
    host: Annotated[str, Field(description="The address the site listens on.")] = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535, description="The port the site listens on.")] = 8000
    workers: Annotated[int, Field(ge=1, le=64, description="Server processes.")] = 1
    as_of: Annotated[
        str | None,
        Field(
            pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$",
            description="What counts as today, e.g. 2024-03-01; by default the newest briefing's date.",
        ),
    ] = None
    passage_chars: Annotated[
        int, Field(ge=50, le=2000, description="The length of a passage, in code points.")
    ] = 300
    candidates: Annotated[
        int, Field(ge=1, le=200, description="How many passages are read for a question.")
    ] = 12

    index_engine: Annotated[
        Literal["auto", "small", "large"],
        Field(description="The engine an index is made for: chosen by size (auto), or this one."),
    ] = "auto"
    large_from: Annotated[
        int, Field(ge=1, description="From how many passages on an index is made for the large engine.")
    ] = 20_000
    index_memory: Annotated[
        int,
        Field(ge=256, description="MiB of memory that making a large index may take, in all."),
    ] = 1536

    @property
    def token_cache(self) -> Path:
        """Where segmented text is kept by content; disposable."""
        return self.data / "cache" / "tokens.sqlite"

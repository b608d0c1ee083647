"""The engine of what is in force: the version that is current, or the seed where none was published."""

from __future__ import annotations

import json
from pathlib import Path

from qa.about import program_version
from qa.answering.fitted import Fitted
from qa.engine import Engine, build_engine
from qa.errors import IndexFormatError, SettingsError, VersionError
from qa.indexing import Size, index_corpus
from qa.settings import Settings
from qa.versions.inventory import INDEX, damage, read_manifest
from qa.versions.layout import DataDirectory, read_state, short

__all__ = ["in_force", "open_engine", "open_version"]


def in_force(settings: Settings) -> Settings:
    """The settings with ``corpus`` set to what is asked: as they are where they name a corpus or an index.

    Raises:
        VersionError: if it cannot be told which version is current.
    """
    if settings.corpus is not None or settings.index is not None:
        return settings
    data = DataDirectory(settings.data)
    state = read_state(data)
    return settings if state is None else settings.model_copy(update={"corpus": data.version(state.current)})


def open_engine(settings: Settings, fitted: Fitted | None = None) -> Engine:
    """The engine over the corpus or index that ``settings`` name, by default the current version.

    Raises:
        MinshengError: as :func:`qa.engine.build_engine`, and VersionError for a version that is damaged.
    """
    if settings.corpus is not None or settings.index is not None:
        return build_engine(settings, fitted)
    data = DataDirectory(settings.data)
    state = read_state(data)
    if state is None:
        return build_engine(settings, fitted)
    return open_version(data.version(state.current), settings, fitted)


def open_version(folder: Path, settings: Settings, fitted: Fitted | None = None) -> Engine:
    """The engine of a version. Its sources are checked; an index that does not fit is made again.

    Raises:
        VersionError: if a file of the version is missing or changed.
    """
    manifest = read_manifest(folder)
    broken = damage(folder, manifest)
    if broken:
        more = f"等 {len(broken)} 个文件" if len(broken) > 1 else ""
        raise VersionError(
            f"版本 {short(folder.name)} 已损坏：{broken[0]}{more}与发布时不一样。"
            "请从备份恢复这个版本，或退回别的版本：minsheng corpus rollback 版本",
            code="version_damaged",
            detail=f"{folder}: {', '.join(broken[:5])}",
        )
    indexed = settings.model_copy(update={"index": folder / INDEX, "corpus": None})
    read = settings.model_copy(update={"index": None, "corpus": folder})
    if _made_by(folder / INDEX) == program_version():
        try:
            return build_engine(indexed, fitted)
        except IndexFormatError:
            pass  # derived and disposable: made again below
        except SettingsError as error:
            if error.code != "index_settings":
                raise
            return build_engine(read, fitted)
    try:
        size = Size.of(settings)
        index_corpus(folder, folder / INDEX, settings.passage_chars, settings.token_cache, size=size)
    except IndexFormatError:
        return build_engine(read, fitted)  # where it cannot be written, it is held in memory only
    return build_engine(indexed, fitted)


def _made_by(index: Path) -> str | None:
    """The program that made an index; another one may read transcripts otherwise."""
    try:
        made = json.loads((index / "manifest.json").read_bytes())["made_by"]
    except (OSError, ValueError, LookupError, TypeError):
        return None
    return str(made).rpartition(" ")[2]

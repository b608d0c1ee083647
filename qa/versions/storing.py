"""A folder becomes a version: its files, its index, then one rename. What is half-written is cleared away."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from qa.about import program_version
from qa.engine import lexicon_folder
from qa.errors import VersionError
from qa.indexing import Size, Watch, index_loaded, read_corpus
from qa.settings import Settings, seed_corpus
from qa.versions.files import copy_file, place, remove_folder, storing, write_file
from qa.versions.inventory import INDEX, MANIFEST, Manifest, damage, inventory, read_manifest
from qa.versions.layout import DataDirectory, Publication, State, now, read_state, write_state

__all__ = ["Seeded", "clear_leftovers", "current_folder", "ensure_seeded", "store"]

_STAGE: Final = ".new"
_LEXICON: Final = "lexicon/"
_READ_ONLY: Final = 0o444
_SEED_WHO: Final = "minsheng"
_SEED_WHY: Final = "随程序发布的实录"


@dataclass(frozen=True, slots=True)
class Seeded:
    """The state of a data directory that has a current version."""

    data: DataDirectory
    state: State

    @property
    def folder(self) -> Path:
        """The current version's folder."""
        return self.data.version(self.state.current)


def current_folder(data: DataDirectory) -> Path:
    """The corpus in force: the current version's folder, or the seed where nothing was published yet."""
    state = read_state(data)
    return seed_corpus() if state is None else data.version(state.current)


def ensure_seeded(data: DataDirectory, settings: Settings) -> Seeded:
    """The state of the data directory; where there is none yet, the seed becomes version one.

    To be called while the directory is held (see :mod:`qa.versions.lock`).
    """
    state = read_state(data)
    if state is None:
        name = store(data, seed_corpus(), settings)
        first = Publication(when=now(), who=_SEED_WHO, kind="seed", before=None, after=name, why=_SEED_WHY)
        state = State(current=name, history=(first,))
        write_state(data, state)
    return Seeded(data, state)


def store(data: DataDirectory, corpus: Path, settings: Settings, watch: Watch = iter) -> str:
    """Keeps a corpus folder as a version, with its index, and gives the version's name.

    What another version already holds is linked, not copied: a version costs what changed. The same
    corpus stored twice is one version. Nothing is current by being stored.

    Raises:
        CorpusError: if the corpus cannot be read.
        VersionError: if it cannot be written; nothing is left behind but what is cleared away next time.
    """
    with storing(data.root):
        data.versions.mkdir(parents=True, exist_ok=True)
        stage = data.versions / _STAGE
        remove_folder(stage)
        files = _stage(data, corpus, stage)
    loaded = read_corpus(stage)
    digest = loaded.digest.removeprefix("sha256:")
    kept = _kept(data, digest, files)
    if kept is not None:
        with storing(data.root):
            remove_folder(stage)
        return kept
    index_loaded(
        loaded, stage / INDEX, settings.passage_chars, settings.token_cache, watch, Size.of(settings)
    )
    manifest = Manifest(
        corpus=loaded.digest,
        transcripts=len(loaded.transcripts),
        made=now(),
        made_by=program_version(),
        files=files,
    )
    name = _free_name(data, digest)
    with storing(data.root):
        write_file(stage / MANIFEST, manifest.rendered())
        place(stage, data.version(name))
    return name


def clear_leftovers(data: DataDirectory, keep: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """Removes what interrupted work left, and versions that were prepared but never published.

    To be called while the directory is held. Versions in ``keep`` stay. Gives the names removed.
    """
    state = read_state(data)
    if state is None or not data.versions.is_dir():
        return ()
    staying = keep.union(state.published())
    gone = []
    with storing(data.root):
        for folder in sorted(data.versions.iterdir()):
            if folder.is_dir() and folder.name not in staying:
                remove_folder(folder)
                gone.append(folder.name)
    return tuple(gone)


def _stage(data: DataDirectory, corpus: Path, stage: Path) -> dict[str, str]:
    """Links or copies the files of ``corpus``; the sha256 of each."""
    stage.mkdir()
    here = inventory(corpus)
    lexicon = lexicon_folder(corpus)
    elsewhere = {}
    if not lexicon.is_relative_to(corpus):  # the seed's, made the version's own
        seed = inventory(lexicon.parent)
        elsewhere = {name: digest for name, digest in seed.items() if name.startswith(_LEXICON)}
    shared = _held(data)
    for name, digest in sorted((here | elsewhere).items()):
        source = (corpus if name in here else lexicon.parent) / name
        _keep(source, stage / name, shared.get(digest))
    return inventory(stage)


def _keep(source: Path, target: Path, same: Path | None) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if same is not None:
        try:
            os.link(same, target)
        except OSError:  # another file system, or too many links
            copy_file(source, target)
    else:
        copy_file(source, target)
        target.chmod(_READ_ONLY)  # versions share files: none is to be written to


def _held(data: DataDirectory) -> Mapping[str, Path]:
    """The files of the current version by their sha256, as it should be; whether they are is looked at."""
    state = read_state(data)
    if state is None:
        return {}
    folder = data.version(state.current)
    try:
        manifest = read_manifest(folder)
    except VersionError:
        return {}
    broken = set(damage(folder, manifest))
    return {digest: folder / name for name, digest in manifest.files.items() if name not in broken}


def _kept(data: DataDirectory, digest: str, files: Mapping[str, str]) -> str | None:
    """The version that holds these very files already, whole."""
    for name in data.names():
        if name.startswith(digest):
            manifest = read_manifest(data.version(name))
            if manifest.files == files and not damage(data.version(name), manifest):
                return name
    return None


def _free_name(data: DataDirectory, digest: str) -> str:
    """The digest; with a number where only what decides no answer differs (what an FAQ case expects)."""
    name, number = digest, 2
    while data.version(name).exists():
        name, number = f"{digest}-{number}", number + 1
    return name

"""The words that sound like what was typed.

A question has a few first sounds, the words of a corpus have hundreds: words are put under the sound of
their first character, and only those that begin with one that is asked for are heard out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from qa.language.pinyin import SOUND_END, PinyinTable

__all__ = ["Sounds"]


@dataclass(frozen=True, slots=True)
class _Heard:
    """Of the words that begin with one sound: the words of each sound, and every run of whole syllables
    that some of them begin with."""

    words: Mapping[str, tuple[str, ...]]
    starts: frozenset[str]


_NONE = _Heard({}, frozenset())


class Sounds:
    """Words by what they sound like; sounds are written as :func:`qa.language.pinyin.joined` writes them.

    Which words begin with a sound is worked out when it is first asked for, and remembered.
    """

    def __init__(self, words: Iterable[str], pinyin: PinyinTable) -> None:
        self._pinyin = pinyin
        held = list(words)
        self._by_first: defaultdict[str, list[str]] = defaultdict(list)
        for sound, word in zip(pinyin.heard_first(held), held, strict=True):
            self._by_first[sound].append(word)
        self._heard: dict[str, _Heard] = {}

    def words(self, sound: str) -> Sequence[str]:
        """The words that sound just so, in their own order."""
        return self._beginning(sound).words.get(sound, ())

    def begin(self, sound: str) -> bool:
        """Whether some word begins with just these syllables, or has no others."""
        return sound in self._beginning(sound).starts

    def _beginning(self, sound: str) -> _Heard:
        first = sound[: sound.find(SOUND_END) + 1]
        found = self._heard.get(first)
        if found is None:
            words = self._by_first.get(first)
            found = self._heard[first] = _NONE if words is None else self._hear(sorted(words))
        return found

    def _hear(self, words: Sequence[str]) -> _Heard:
        groups: dict[str, list[str]] = {}
        for sound, word in zip(self._pinyin.heard(words), words, strict=True):
            groups.setdefault(sound, []).append(word)
        return _Heard({sound: tuple(found) for sound, found in groups.items()}, _starts(groups))


def _starts(sounds: Collection[str]) -> frozenset[str]:
    """Every run of whole syllables that some of ``sounds`` begins with."""
    found, longer = set(sounds), set(sounds)
    while longer := {sound[: sound.rfind(SOUND_END, 0, -1) + 1] for sound in longer} - found:
        found |= longer
    return frozenset(found) - {""}

"""Repairing a question: script, pinyin, dialect, numerals, slips of the hand.

Each step changes the text and says what it changed. A word that is right is never "repaired": a slip
is taken for one only where the corrected text is so much more probable (unigram over jieba's counts,
with the corpus's and the lexicon's own words favoured) that it is worth a stated number of nats.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from qa.language import numerals
from qa.language.lexicon import DialectEntry, Lexicon
from qa.language.pinyin import PinyinTable, split_syllables, toneless
from qa.language.script import ScriptConverter
from qa.language.segment import Segmenter, Word
from qa.language.sounds import Sounds
from qa.model import Repair
from qa.text import is_han

__all__ = ["Repairer"]

_COMMON = 50
"""jieba's count from which a dictionary word is common enough to be decoded to from pinyin."""
_CORPUS_BONUS = 4.0
_LEXICON_BONUS = 2.0
_LEAST, _NAME_LEAST = -14.0, -11.0
"""The lowest log probability of a domain word, and of an office's or a place's name: jieba knows few."""
_SINGLE_PENALTY = 1.5
_TERM_BONUS = 6.0
"""What a term of three characters or more (加强针) gains over the same sounds as several words (加强真)."""
_USED = 500
"""jieba's count from which a word keeps a dialect word from being seen across its edge."""
_SAME_SOUND_NATS = 4.0
_NEAR_SOUND_NATS = 7.0
_SAME_SHAPE_NATS = 6.0
_TORN_NATS = 2.0
"""What a slip must gain that stands as a word behind another, the whole being a word of the corpus."""
_SPOKEN_NUMBER = "多少"
"""The word as probable as which numbers of years, days and the like are typed."""
_TEENS = range(11, 20)
"""The numbers whose first syllable is commonly typed for a word of its own (shi: 十 or 是)."""
_LASTING = frozenset({"duration", "age"})
_PARTICLES = frozenset("呀呃呗咯哇哈哎哟哦哪唉啥啦啵喃喔嗦嗨嗯嘛嘞噢噻诶么些几咋")
"""What may stand behind any word, however rarely it is written (规范哇), and what asks."""
_SHORT_NATS = 1.5
"""What a slip in a word of two characters must gain on top: so short a word is easily met by chance."""
_STANDS_ALONE = 20000
"""jieba's count from which a character is often a word of its own (打, 到, 已)."""
_UNFAMILIAR_NATS = 3.0
"""What a correction must gain on top when the corpus writes it no oftener than what was typed."""
_EVERYDAY = 8000
"""jieba's count from which a word is meant often enough, whether the corpus writes it or not."""
_FAR_OFTENER = 150
_FUNCTION = 100_000
"""jieba's count from which a character is a function word (个, 了)."""
_USED_HERE = 1000
"""jieba's count from which a word is used on the mainland too, whatever else it means elsewhere."""
_CONTEXT = 5
_LONGEST = 6
_MOST_READINGS = 8
_LONGEST_SEEN = 4
"""The characters up to which a text is compared with what looks like it."""
_MOST_SLIPS = 5

_IDEOGRAPHS = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
_WORD = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]{2,}")
_LATIN = re.compile(r"[a-zà-öø-ÿāēīōūǎěǐǒǔüǖǘǚǜḿńňǹê']+\d?(?:[ ]*[a-zà-öø-ÿāēīōūǎěǐǒǔüǖǘǚǜḿńňǹê']+\d?)*")


@dataclass(frozen=True, slots=True)
class _Slip:
    start: int
    end: int
    right: str
    excess: float
    """Nats gained over what was needed."""


class _Domain(Mapping[str, float]):
    """The words of a corpus and of a lexicon, with what each weighs: worked out when it is asked for, as a
    question has few of them."""

    def __init__(self, corpus: frozenset[str], lexicon: Lexicon, segmenter: Segmenter) -> None:
        self._corpus = corpus
        self._segmenter = segmenter
        self.words = frozenset(filter(_WORD.fullmatch, corpus | lexicon.vocabulary()))
        names = {name for office in lexicon.offices for name in office.names}
        self._names = names.union(*(place.names for place in lexicon.places))

    def __len__(self) -> int:
        return len(self.words)

    def __iter__(self) -> Iterator[str]:
        return iter(self.words)

    def __contains__(self, word: object) -> bool:
        return word in self.words

    def __getitem__(self, word: str) -> float:
        if word not in self.words:
            raise KeyError(word)
        least = _NAME_LEAST if word in self._names else _LEAST
        bonus = _CORPUS_BONUS if word in self._corpus else _LEXICON_BONUS
        return max(self._segmenter.log_probability(word), least) + bonus


class Repairer:
    """Repairs questions against a vocabulary.

    Args:
        corpus_words: the words of the corpus being asked.
        seen: whether two ideographs stand side by side somewhere in that corpus.
    """

    def __init__(
        self,
        lexicon: Lexicon,
        segmenter: Segmenter,
        script: ScriptConverter,
        corpus_words: Iterable[str],
        seen: Callable[[str], bool],
    ) -> None:
        self._seen = seen
        self._lexicon = lexicon
        self._segmenter = segmenter
        self._script = script
        self._domain = _Domain(frozenset(corpus_words), lexicon, segmenter)
        self._pinyin = PinyinTable(self._typed_words)
        self._sounds = self._by_sound()
        self._shapes = _look_alikes(lexicon.shapes)
        self._dialect: dict[str, list[int]] = {}
        for place, entry in enumerate(lexicon.dialect):
            if entry.standard and entry.kind != "疑问两可":
                self._dialect.setdefault(entry.word[0], []).append(place)
        self._regional = sorted(lexicon.regional.items(), key=lambda item: (-len(item[0]), item[0]))
        self._english = frozenset(said for said in lexicon.pointers if said.isascii())

    # -- vocabulary ---------------------------------------------------------------------------------

    @cached_property
    def _initials(self) -> Mapping[str, tuple[str, ...]]:
        """The domain's words by the first letters of their syllables."""
        return self._pinyin.by_initials(word for word in self._domain if len(word) <= 6)

    def _typed_words(self) -> Mapping[str, float]:
        common = {
            word: self._segmenter.log_probability(word) - self._single_penalty(word)
            for word in self._segmenter.words_counted(_COMMON)
            if len(word) <= 8 and is_han(word[0])
        }
        lasting = {
            numerals.spoken(number) + unit: self._segmenter.log_probability(_SPOKEN_NUMBER)
            for unit, kind in self._lexicon.units.items()
            for number in _TEENS
            if kind in _LASTING and len(unit) == 1 and is_han(unit)
        }
        counted = {
            asking + unit: self._segmenter.log_probability("多少")
            for unit, kind in self._lexicon.units.items()
            for asking in ("多少", "几")
            if kind == "count" and len(unit) == 1 and is_han(unit)
        }
        terms = {
            word: score + (_TERM_BONUS if len(word) > 2 else 0.0) for word, score in self._domain.items()
        }
        return common | counted | lasting | terms

    def _single_penalty(self, word: str) -> float:
        # Decoding pinyin one character at a time is a last resort, but 了, 的 and 个 do stand alone.
        return _SINGLE_PENALTY if len(word) == 1 and word not in self._lexicon.stopwords else 0.0

    def _by_sound(self) -> Sounds:
        everyday = (word for word in self._segmenter.words_counted(_EVERYDAY) if len(word) > 1)
        every = self._domain.words.union(filter(_IDEOGRAPHS.fullmatch, everyday))
        return Sounds((word for word in every if len(word) <= _LONGEST), self._pinyin)

    def _word_score(self, word: str) -> float:
        known = word in self._domain
        return self._domain[word] if known else self._segmenter.log_probability(word)

    def _is_word(self, word: str) -> bool:
        return word in self._domain or self._segmenter.frequency(word) > 0

    def _is_used(self, word: str) -> bool:
        return word in self._domain or self._segmenter.frequency(word) >= _USED

    # -- the steps ----------------------------------------------------------------------------------

    def plain(self, text: str) -> tuple[str, tuple[Repair, ...]]:
        """``text`` folded and nothing else: what is read when the resident undoes the repairs."""
        return self._script.fold(text), ()

    def repair(self, text: str) -> tuple[str, tuple[Repair, ...]]:
        """``text`` in standard simplified Chinese, folded, and what was changed, in order."""
        repairs: list[Repair] = []
        steps: tuple[Callable[[str, list[Repair]], str], ...] = (
            self._to_this_script,
            self._decode_pinyin,
            self._to_standard,
            self._to_arabic,
            self._mend_slips,
        )
        for step in steps:
            text = step(text, repairs)
        return text, tuple(repairs)

    def _to_this_script(self, text: str, repairs: list[Repair]) -> str:
        folded = self._script.fold(text)
        if not self._script.is_traditional(text):
            return folded
        repairs.append(Repair("traditional", text, folded))
        here = "".join(self._word_here(word.text) for word in self._segmenter.words(folded))
        for word, standard in self._regional:
            if word in here and not self._written(word):
                here = here.replace(word, standard)
        if here != folded:
            repairs.append(Repair("regional", folded, here))
        return here

    def _word_here(self, word: str) -> str:
        """Another region's word in the words used here, unless it is used here too."""
        if len(word) < 2 or self._segmenter.frequency(word) >= _USED_HERE or self._written(word):
            return word
        return self._script.fold(self._script.regional(word))

    def _written(self, word: str) -> bool:
        return all(map(self._seen, _pairs(word)))

    def _decode_pinyin(self, text: str, repairs: list[Repair]) -> str:
        def decode(match: re.Match[str]) -> str:
            typed = match.group()
            read = self._read_latin(typed, alone=typed.strip() == text.strip(" ?？。!！"))
            if read is None:
                return typed
            repairs.append(Repair("pinyin", typed.strip(), read))
            return read

        return _LATIN.sub(decode, text)

    def _read_latin(self, typed: str, alone: bool) -> str | None:
        if typed.strip() in self._english or any(word in self._english for word in typed.split()):
            return None
        letters = [toneless(part) for part in re.split(r"[ '\d]+", typed) if part]
        read: list[str] = []
        syllables: list[str] = []
        for part in filter(None, letters):
            split = split_syllables(part, self._pinyin.syllables)
            named = None if split else self._named_by(part)
            if named:
                read += [self._pinyin.decode(syllables) or "", named]
                syllables = []
            elif split:
                syllables += split
            else:
                return None
        if not read:
            return self._believable(self._pinyin.decode(syllables)) if len(syllables) > 1 else None
        rest = self._pinyin.decode(syllables)
        return None if rest is None else self._believable("".join([*read, rest]))

    def _named_by(self, letters: str) -> str | None:
        """The most probable word whose syllables begin with ``letters``, which are none themselves."""
        if not 3 <= len(letters) <= 6 or re.search(r"[aeiouv]", letters[1:]):
            return None
        named = self._initials.get(letters, ())
        return max(named, key=lambda word: (self._domain[word], word), default=None)

    def _believable(self, decoded: str | None) -> str | None:
        """Decoded text if most of it is words of two characters or more: English decodes to single ones."""
        if decoded is None:
            return None
        inside = sum(len(w.text) for w in self._segmenter.words(decoded) if len(w.text) > 1)
        return decoded if inside >= 0.5 * len(decoded) and inside > 1 else None

    def _to_standard(self, text: str, repairs: list[Repair]) -> str:
        near = [place for char in set(text) for place in self._dialect.get(char, ())]
        for place in sorted(near):  # the lexicon's own order: longest first
            entry = self._lexicon.dialect[place]
            if entry.word in text:
                text = self._replace_dialect(text, entry, repairs)
        return text

    def _replace_dialect(self, text: str, entry: DialectEntry, repairs: list[Repair]) -> str:
        out, at = [], 0
        for match in re.finditer(re.escape(entry.word), text):
            if match.start() < at or self._splits_a_word(text, match.start(), match.end()):
                continue
            out.append(text[at : match.start()] + entry.standard)
            at = match.end()
        if at and entry.word != entry.standard:  # an entry equal to itself says: leave this alone
            repairs.append(Repair("dialect", entry.word, entry.standard))
        return "".join(out) + text[at:]

    def _splits_a_word(self, text: str, start: int, end: int) -> bool:
        near = max(0, start - 4)
        for word in self._segmenter.words(text[near : end + 4]):
            left, right = word.start + near, word.end + near
            if word.text[0] == "多" and start < left:
                continue  # 好多 asks before any counter, whatever 多 makes a word with (多家, 多部)
            if (left < start < right or left < end < right) and self._is_used(word.text):
                return True
        return False

    def _to_arabic(self, text: str, repairs: list[Repair]) -> str:
        out, at = [], 0
        for name in (*self._names(text), Word("", len(text), len(text))):
            converted, changes = numerals.arabic(text[at : name.start])
            repairs.extend(Repair("number", before, after) for before, after in changes)
            out.append(converted + name.text)
            at = name.end
        return "".join(out)

    def _names(self, text: str) -> Iterator[Word]:
        """Words with a numeral that the corpus writes just so (文明十五条): names, not amounts."""
        return (
            word
            for word in self._segmenter.words(text)
            if len(word.text) > 2
            and word.text in self._domain
            and numerals.arabic(word.text)[1]
            and self._written(word.text)
        )

    def _mend_slips(self, text: str, repairs: list[Repair]) -> str:
        for _ in range(_MOST_SLIPS):
            slip = max(self._slips(text), key=lambda s: (s.excess, -s.start, s.right), default=None)
            if slip is None:
                return text
            repairs.append(Repair("typo", text[slip.start : slip.end], slip.right))
            text = text[: slip.start] + slip.right + text[slip.end :]
        return text

    def _slips(self, text: str) -> Iterator[_Slip]:
        inside = self._inside_words(text)
        known = inside | {at - 1 for at in inside}
        sounds = [self._pinyin.sounds(c) if is_han(c) else () for c in text]
        for start in range(len(text) - 1):
            heard: Sequence[str] = sounds[start]
            for end in range(start + 2, min(start + _LONGEST, len(text)) + 1):
                if not sounds[end - 1] or not sounds[start]:
                    break
                heard = self._begun(heard, sounds[end - 1])
                if not heard and end - start > _LONGEST_SEEN:
                    break
                cuts = start in inside or end in inside
                if cuts and (end - start == 2 or known.issuperset(range(start, end))):
                    continue  # 了解方军: what is made of known words alone is cut where they meet
                yield from self._slips_at(text, start, end, self._heard(heard))

    def _begun(self, begun: Sequence[str], sounds: tuple[str, ...]) -> list[str]:
        """Sounds that some word begins with, a further character's in any of its readings added."""
        longer = [before + sound for before in begun for sound in sounds]
        return list(filter(self._sounds.begin, longer))[:_MOST_READINGS]

    def _heard(self, begun: Sequence[str]) -> list[str]:
        """The words that sound just so."""
        words: dict[str, None] = {}
        for sound in begun:
            words.update(dict.fromkeys(self._sounds.words(sound)))
        return list(words)

    def _is_function(self, char: str) -> bool:
        return char in self._lexicon.stopwords or self._segmenter.frequency(char) > _FUNCTION

    def _inside_words(self, text: str) -> frozenset[int]:
        """Positions inside a word that is known: a slip of two characters never begins or ends there."""
        return frozenset(
            at
            for word in self._segmenter.words(text)
            if word.text in self._domain or self._segmenter.frequency(word.text) >= _COMMON
            for at in range(word.start + 1, word.end)
        )

    def _slips_at(self, text: str, start: int, end: int, heard: Sequence[str]) -> Iterator[_Slip]:
        typed = text[start:end]
        often = self._segmenter.frequency(typed)
        if typed in self._domain or (often and len(typed) > 2):
            return  # three characters that are a word of the dictionary are no slip by chance (采石厂)
        seen = self._seen_as(typed)
        if not (heard or seen):
            return
        for right in heard:
            if self._is_torn(text, start, end, right):
                yield from self._worth(text, start, end, right, _TORN_NATS)
        if often >= _COMMON:
            # jieba counts some common slips as words (自已): only one far rarer than its look-alike is one.
            seen = [right for right in seen if self._segmenter.frequency(right) >= _FAR_OFTENER * often]
            heard = ()
        if len(typed) == 2 and all(self._segmenter.frequency(c) > _STANDS_ALONE for c in typed):
            heard = ()  # two characters that often stand alone are two words, not a slip
        if any(self._is_function(c) for c in (typed[0], typed[-1])):
            heard = ()  # 是, 有, 在 … at an edge are words of their own
        for right in heard:
            same = self._sounds_same(typed, right)
            need = _SAME_SOUND_NATS if same else _NEAR_SOUND_NATS
            kept = sum(a == b for a, b in zip(typed, right, strict=True))
            if kept or (same and len(typed) > 2):
                yield from self._worth(text, start, end, right, need)
        for right in seen:
            yield from self._worth(text, start, end, right, _SAME_SHAPE_NATS)

    def _is_torn(self, text: str, start: int, end: int, right: str) -> bool:
        """Whether a word of the corpus stands there, its last character another of the same sound (加强真).

        What comes before that character is a word, so that it stands apart as one, too, and may be one
        that says little (真). It is right where it fits: where the corpus writes it behind these words, or it
        makes a word with what follows (真的).
        """
        typed, last = text[start:end], text[end - 1]
        return (
            len(typed) > 2
            and right[:-1] == typed[:-1]
            and self._written(right)
            and not self._seen(typed[-2:])
            and self._is_used(typed[:-1])
            and self._segmenter.frequency(last) < _STANDS_ALONE
            and last not in _PARTICLES
            and not any(self._is_word(text[end - 1 : end + more]) for more in (1, 2) if end < len(text))
            and self._sounds_same(typed, right)
        )

    def _sounds_same(self, typed: str, right: str) -> bool:
        """Whether two texts of one length can be read alike, tones aside."""
        readings = zip(typed, self._pinyin.word(right), strict=True)
        return all(sound in self._pinyin.readings(char) for char, sound in readings)

    def _seen_as(self, typed: str) -> Iterable[str]:
        if len(typed) > _LONGEST_SEEN or self._shapes.keys().isdisjoint(typed):
            return ()
        options = (
            typed[:at] + other + typed[at + 1 :]
            for at, char in enumerate(typed)
            for other in self._shapes.get(char, "")
        )
        return [w for w in options if w in self._domain or self._segmenter.frequency(w) >= _COMMON]

    def _worth(self, text: str, start: int, end: int, right: str, need: float) -> Iterator[_Slip]:
        if text[start:end] == right:
            return
        familiar = self._familiar(text, start, end, right)
        if familiar < 0:
            return
        need += (_SHORT_NATS if end - start == 2 else 0.0) + (
            _UNFAMILIAR_NATS if familiar == 0 and self._segmenter.frequency(right) < _EVERYDAY else 0.0
        )
        left, after = text[max(0, start - _CONTEXT) : start], text[end : end + _CONTEXT]
        gain = self._score(left + right + after) - self._score(left + text[start:end] + after)
        if gain >= need:
            yield _Slip(start, end, right, gain - need)

    def _familiar(self, text: str, start: int, end: int, right: str) -> int:
        """How many more pairs of neighbours the corpus knows after the correction than before it.

        What the corpus writes as typed is right, however odd it looks (names above all).
        """
        left, after = text[max(0, start - 1) : start], text[end : end + 1]
        if all(self._seen(pair) for pair in _pairs(text[start:end])):
            return -1
        typed = sum(map(self._seen, _pairs(left + text[start:end] + after)))
        return sum(map(self._seen, _pairs(left + right + after))) - typed

    def _score(self, text: str) -> float:
        """The log probability of the text's most probable words."""
        best = [0.0]
        for end in range(1, len(text) + 1):
            options = (
                best[start] + self._word_score(text[start:end])
                for start in range(max(0, end - 8), end)
                if start == end - 1 or self._is_word(text[start:end])
            )
            best.append(max(options))
        return best[-1]


def _pairs(text: str) -> Iterator[str]:
    return (text[at : at + 2] for at in range(len(text) - 1))


def _look_alikes(groups: Iterable[str]) -> Mapping[str, str]:
    table: dict[str, str] = {}
    for group in groups:
        for char in group:
            table[char] = table.get(char, "") + group.replace(char, "")
    return table

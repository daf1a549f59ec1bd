"""A text's own words as the measure of its odd ones.

Rules for English and a few for French; other languages inflect too much to be judged this way.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cached_property

from stoppress.wires.pagedump.plain import word_list

_WORD = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")
_LOST_IN_CONTRACTIONS = word_list("english-lost-apostrophes.txt")
_ALWAYS_LOST = frozenset({"im", "ive", "cant", "wont"})  # after or before a small word only
_FRENCH_LOST = re.compile(
    r"(?:(?i:aujourdhui|quil|quils|jai|cest|cétait|nest|nétait|dun|dune)|[ld][A-ZÉÈ][^\W\d_]+)\Z"
)
_JOINED = word_list("english-joined.txt")
_WHOLE_WORDS = word_list("english-whole-words.txt")
_AFTER_PLURALS = word_list("english-after-plurals.txt")
_BEFORE_PLURALS = word_list("english-before-plurals.txt")
_PEOPLES = re.compile(r"(?:ian|ean|can|ese|ish|ist|crat|ite|man|er|or|i|an|day|month|week)\Z")
_MERGE_PART_LENGTH = 4


class Vocabulary:
    """How often each word stands in a text, and beside which."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._counts: Counter[str] = Counter()
        self._inside: Counter[str] = Counter()  # as written, not at a sentence's start
        self._pairs: set[str] = set()
        for text in texts:
            self._learn(text)

    def _learn(self, text: str) -> None:
        previous, end = "", 0
        for match in _WORD.finditer(text):
            word = match[0]
            between = text[end : match.start()]
            self._counts[word.lower()] += 1
            if previous and not re.search(r"[.!?:“\"]", between):
                self._inside[word] += 1
            if previous and between.isspace():
                self._pairs.add(f"{previous}{word}".lower())
            stem = re.sub(r"['’]s\Z", "", word)
            if stem != word:
                self._counts[stem.lower()] += 1
                self._inside[stem] += 1
            previous, end = word, match.end()

    def suspects(self, text: str, language: str) -> Iterator[tuple[int, str, str]]:
        """Yield (place, word, reason) for words that seem to have lost a character."""
        matches = list(_WORD.finditer(text))
        for i, match in enumerate(matches):
            word = match[0]
            before = matches[i - 1][0].lower() if i else ""
            after = self._neighbour(text, match, matches[i + 1] if i + 1 < len(matches) else None)
            if language == "en":
                reason = self._lost_apostrophe(word, before, after) or self._merged(word)
            else:
                reason = self._lost_in_french(word) if language == "fr" else ""
            if reason:
                yield match.start(), word, reason

    @staticmethod
    def _neighbour(text: str, match: re.Match[str], following: re.Match[str] | None) -> str:
        """Return the next word if nothing but a space stands before it."""
        if following and text[match.end() : following.start()].isspace():
            return following[0]
        return ""

    def _lost_apostrophe(self, word: str, before: str, after: str) -> str:
        lowered = word.lower()
        if lowered in _LOST_IN_CONTRACTIONS:
            return "seems to have lost an apostrophe."
        if lowered in _ALWAYS_LOST and lowered not in self._repeated and after.islower():
            return "seems to have lost an apostrophe."
        if len(word) < 4 or not word[0].isupper() or not word.endswith("s") or word.isupper():
            return ""
        name = word[:-1]
        if not self._is_name(name) or not after or after.lower() in _AFTER_PLURALS:
            return ""
        is_people = bool(_PEOPLES.search(name)) and not self._names_one(name)
        if is_people or before in _BEFORE_PLURALS:
            return ""
        return f"may have lost an apostrophe: the text knows “{name}”."

    @cached_property
    def _repeated(self) -> frozenset[str]:
        return frozenset(word for word, n in self._counts.items() if n > 3)

    def _is_name(self, name: str) -> bool:
        """A name is written with a capital inside sentences, and never without one."""
        return self._inside[name] > 0 and self._inside[name.lower()] == 0

    def _names_one(self, name: str) -> bool:
        """Tell a place or a person ("Iran") from a people ("Russian"): is it ever an adjective?"""
        return self._counts[name.lower() + "s"] > 0 and len(name) <= 5

    def _merged(self, word: str) -> str:
        lowered = word.lower()
        if len(word) < 7 or not lowered.isalpha() or self._counts[lowered] > 2:
            return ""
        camel = re.fullmatch(r"([a-z]{3,})([A-Z][a-z]+)", word)
        if camel and self._counts[camel[1]] and self._counts[camel[2].lower()] > 0:
            return self._apart(camel[1], camel[2])
        if word[0].isupper() or lowered in _WHOLE_WORDS:
            return ""
        if lowered in self._pairs and self._counts[lowered] == 1:
            return "may be two words: the text has them apart elsewhere."
        for joined in _JOINED:
            stem = lowered[: -len(joined)]
            if lowered.endswith(joined) and len(stem) >= _MERGE_PART_LENGTH and self._counts[stem]:
                return self._apart(stem, joined)
        return ""

    @staticmethod
    def _apart(one: str, two: str) -> str:
        return f"may be “{one}” and “{two}” with a dash or a space lost between them."

    def _lost_in_french(self, word: str) -> str:
        return "semble avoir perdu une apostrophe." if _FRENCH_LOST.match(word) else ""

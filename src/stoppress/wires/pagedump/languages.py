"""Which language a text is in: by script, then by its most frequent small words."""

import re
from collections import Counter

_SAMPLE_CHARACTERS = 20_000
_SMALL_WORDS = {
    "en": "the of and to in that is was for on with as by at from it has said be which",
    "de": "der die das und in den von zu mit sich des auf für ist im dem nicht ein eine als",
    "fr": "le la les des et en du un une que est pour dans qui par sur au plus ne pas",
    "es": "el la los las de que y en un una por con para del se su no al como más",
    "it": "il la di che e un una per del della con non sono le nel dei gli è alla si",
    "pt": "o a os as de que e em um uma para com do da não no na por mais dos",
    "nl": "de het een van en in is dat op te voor met zijn niet aan er door om bij ook",
    "sv": "och att det i en som är av för på med den till inte har de om ett var men",
    "pl": "i w na z że się nie do to jest o jak za od po przez dla oraz są był",
    "tr": "ve bir bu da de için ile olarak çok daha olan gibi kadar sonra dedi ise",
}
_SETS = {code: frozenset(words.split()) for code, words in _SMALL_WORDS.items()}
_SCRIPTS = (
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("ko", re.compile(r"[\uac00-\ud7af]")),
    ("zh", re.compile(r"[\u4e00-\u9fff]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("he", re.compile(r"[\u0590-\u05ff]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
)


def language_of(text: str) -> str:
    """Return the language's code; empty if nothing tells."""
    sample = text[:_SAMPLE_CHARACTERS]
    letters = sum(map(str.isalpha, sample)) or 1
    for code, script in _SCRIPTS:
        # Kana are a fifth of Japanese; other scripts fill their text.
        if len(script.findall(sample)) > letters * (0.15 if code == "ja" else 0.4):
            return _within_script(code, sample)
    frequent = Counter(re.findall(r"[^\W\d_]+", sample.lower()))
    scores = {c: sum(frequent[w] for w in small) for c, small in _SETS.items()}
    best = max(scores, key=lambda c: scores[c])
    return best if scores[best] >= 2 else ""


def _within_script(code: str, sample: str) -> str:
    if code == "ru" and re.search(r"[іїєґ]", sample, re.IGNORECASE):
        return "uk"
    if code == "ar" and re.search(r"[پچژگک]", sample):
        return "fa"
    return code

"""Who wrote it: "Author: X", "By X and Y", "Von X", "作者：X", "بقلم X".

After a label with a colon any name will do; after a bare "By" only what is written like a name,
so that "By Tuesday evening the water was gone" stays text.
"""

import re
from dataclasses import dataclass

from stoppress.wires.pagedump.plain import CJK, plain
from stoppress.wires.pagedump.shapes import AuthorKind

MAX_BYLINE_LENGTH = 160

_COLON_LABELS = (
    r"authors?|author\(s\)|by|written by|reported by|reporter|words(?: by)?|text(?: by)?|"
    r"story by|"
    r"autor(?:in)?|autor(?:in)?/?(?:in|innen)?|autoren|von|text von|redaktion|"
    r"auteurs?|autrice|par|rédaction|texte|autora|autores|por|redacción|texto|"
    r"autore|autori|di|testo|auteur|door|text av|av|автор|текст|autorzy|yazar|"
    r"بقلم|الكاتب|الكاتبة|كتب|كتبت|إعداد|تحرير|כתב|מאת|लेखक|"
    r"作者|记者|記者|撰文|文|本报记者|撰稿|執筆|筆者|来源|來源|기자|글"
)
_OPEN_LABELS = (
    r"by|written by|reported by|words by|story by|von|text von|par|por|di|door|av|"
    r"بقلم|كتب|كتبت|إعداد|מאת|本报记者|記者|记者|作者|文"
)
_WITH_COLON = re.compile(
    rf"(?:{_COLON_LABELS})\s{{0,2}}[:/]\s{{0,3}}(?P<names>\S.*)", re.IGNORECASE
)
_WITHOUT_COLON = re.compile(rf"(?:{_OPEN_LABELS})\s{{1,3}}(?P<names>\S.*)", re.IGNORECASE)
_REPORTING = re.compile(
    r"\(?(?:additional )?reporting by (?P<names>[^;()]{3,120})(?:;[^()]{0,160})?\)?\.?",
    re.IGNORECASE,
)
_DASHED = re.compile(r"[—–]\s?(?P<names>\S.*)")
_DUTCH = re.compile(
    r"door\s.{3,60}(?P<join>\sen\s).{3,60}", re.IGNORECASE
)  # elsewhere "en" is "in"
_KOREAN = re.compile(r"(?P<names>[가-힣]{2,4})\s기자")
_JOINS = re.compile(
    r"\s+(?:and|und|et|y|e|och|og|и|та|i|ve|&|with)\s+|\s*(?:[;、；]|&)\s*|\s+و\s*(?=\S)|"
    r"\s(?=和\s)|和"
)
_NAME_WORD = re.compile(
    r"(?:(?:[A-ZÀ-ÖØ-ÞĀ-ŽА-ЯЁЇІЄҐ][\w'’.\-]*)|(?:d'|d’|O'|Mc)[A-Z]\w+|de|del|della|di|da|dos|du|"
    r"van|von|"
    r"der|den|zu|al|el|la|le|bin|ibn|y|af|ten|ter)\Z"
)
_ROLE = re.compile(
    r"\b(?:correspondent\w*|reporters?|editors?|editorin|writer|staff|bureau|columnist|analyst|"
    r"agenc\w*|agentur|"
    r"korrespondent\w*|redakteur\w*|redaktion|reporterin|correspondante?s?|envoyée? spéciale?|"
    r"journaliste|"
    r"rédact\w+|corresponsal|redactor\w?|enviad[oa] especial|periodista|inviat[oa]|desk|"
    r"photographer|"
    r"chief|head of|in [A-Z]\w+|aus [A-Z]\w+|à [A-Z]\w+|en [A-Z]\w+)",
    re.IGNORECASE,
)
_AGENCY = re.compile(
    r"\b(?:agency|agencies|news|wire|press|staff|newsroom|desk|team|agentur|redaktion|dienst|"
    r"agence|"
    r"rédaction|agencia|redacción|agenzia|redazione|service)\b|通讯社|通信社|日报|晚报|时报|"
    r"新闻网|社$|编辑部|本报讯|وكالة|"
    r"هيئة التحرير|أسرة التحرير",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Name:
    """A name as the byline writes it."""

    name: str
    kind: AuthorKind
    role: str


def byline(text: str, *, needs_colon: bool = False) -> tuple[Name, ...]:
    """Return the names in a byline, in order; empty if the text is no byline."""
    core = text.strip().strip("*_")
    if not 3 <= len(core) <= MAX_BYLINE_LENGTH:
        return ()
    view = plain(core)
    if match := _WITH_COLON.fullmatch(view) or _REPORTING.fullmatch(view):
        return _names(core[match.start("names") : match.end("names")], strict=False)
    if needs_colon:
        return ()
    if match := _KOREAN.fullmatch(view):
        return (Name(match["names"], "person", ""),)
    if match := _DUTCH.fullmatch(view):
        view = core = f"{core[: match.start('join')]} & {core[match.end('join') :]}"
    if match := _WITHOUT_COLON.fullmatch(view) or _DASHED.fullmatch(view):
        return _names(core[match.start("names") : match.end("names")], strict=True)
    return ()


def bare_names(text: str) -> tuple[Name, ...]:
    """Return the names if the text is nothing but people's names in capitals or title case."""
    core = text.strip()
    if not 5 <= len(core) <= 80 or re.search(r"[\d?!:]", core):
        return ()
    if _AGENCY.search(core) and len(core.split()) <= 4:
        return (Name(core, "agency", ""),)
    found = _names(core, strict=True)
    return found if all(2 <= len(n.name.split()) <= 4 for n in found) else ()


def _names(text: str, *, strict: bool) -> tuple[Name, ...]:
    found: list[Name] = []
    for part in _JOINS.split(text.strip().rstrip(".,;)")):
        for piece in re.split(r"\s*[,،，]\s*", part):
            piece = piece.strip(" \t()和")
            if not piece:
                continue
            bracketed = re.fullmatch(r"(\S.*?)\s*\(([^()]+)\)?", piece)
            if bracketed and _is_name(bracketed[1], strict=strict):
                found.append(Name(bracketed[1], _kind(bracketed[1]), bracketed[2]))
                continue
            place = re.fullmatch(r"(\S.*?)\s+((?:in|aus|à|en|da)\s+[A-ZÀ-Ž]\w.*)", piece)
            name, role = (place[1], place[2]) if place else (piece, "")
            if found and is_role(name):
                found[-1] = Name(found[-1].name, found[-1].kind, piece)
            elif _is_name(name, strict=strict):
                found.append(Name(name, _kind(name), role))
            elif found and not strict:
                found[-1] = Name(found[-1].name, found[-1].kind, piece)
            else:
                return ()
    return tuple(found)


def is_role(text: str) -> bool:
    """Tell whether a text names a post: "Transport correspondent", "Redakteurin"."""
    return bool(_ROLE.search(text)) and not _AGENCY.search(text)


def _is_name(text: str, *, strict: bool) -> bool:
    if not re.search(r"[^\W\d_]", text) or len(text) > 60:
        return False
    if not strict:
        return len(text.split()) <= 6
    if CJK.search(text):
        return len(text) <= 12
    if re.search(r"[\u0590-\u08ff\u0900-\u097f]", text):  # scripts without capitals
        return len(text.split()) <= 4
    parts = text.split()
    if len(parts) == 1:
        return _kind(text) == "agency"
    return len(parts) <= 6 and all(map(_NAME_WORD.match, parts)) and parts[-1][0].isupper()


def _kind(name: str) -> AuthorKind:
    is_acronym = name.isupper() and name.isalpha() and name.isascii() and 2 <= len(name) <= 6
    return "agency" if is_acronym or _AGENCY.search(name) else "person"

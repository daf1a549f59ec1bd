"""Section labels: "WORLD", "Rubrik: Politik", "Home > World > Europe", "国际"."""

import re

from stoppress.wires.pagedump.plain import CJK, folded, plain, word_list

_NAMES = word_list("sections.txt")
_LABEL = re.compile(
    r"(?:section|category|filed under|in|rubrik|ressort|kategorie|thema|rubrique|catégorie|"
    r"sección|"
    r"categoría|sezione|categoria|seção|secção|rubriek|рубрика|раздел|dział|kategori|القسم|قسم|"
    r"التصنيف|"
    r"栏目|欄目|分类|分類|频道|カテゴリー?|分野|섹션|분류)\s{0,2}:\s{0,3}(?P<name>\S.{0,60})",
    re.IGNORECASE,
)
_HERE = re.compile(
    r"(?:you are here|sie sind hier|vous êtes ici|está aquí|أنت هنا|当前位置|您的位置|"
    r"您现在的位置|現在地)\s?:\s?",
    re.IGNORECASE,
)
_CRUMB = re.compile(r"\s*[>›»→]\s*|\s+/\s+")
MAX_SECTION_LENGTH = 40
MAX_TRAIL_LENGTH = 160


def is_known_section(text: str) -> bool:
    """Tell whether the text is a name that sections commonly bear."""
    return len(text) <= MAX_SECTION_LENGTH and folded(text) in _NAMES


def looks_like_a_section(text: str) -> bool:
    """Tell whether a piece of a line may name a section: short, and no sentence."""
    core = text.strip()
    if (
        not core
        or len(core) > MAX_SECTION_LENGTH
        or re.search(r"[\d.!?,:;\"“”„«»\[\]()*_#<>{}@=]", core)
    ):
        return False
    if CJK.search(core):
        return len(core) <= 6
    return len(core.split()) <= 3


def section_on_its_own(text: str) -> str:
    """Return the section that a whole line names; empty if it names none."""
    core = text.strip()
    if len(core) > MAX_TRAIL_LENGTH:
        return ""
    if match := _LABEL.fullmatch(plain(core)):
        name = core[match.start("name") :].strip()
        return name if looks_like_a_section(name) else ""
    if match := _HERE.match(plain(core)):
        core = core[match.end() :]
    crumbs = [crumb for crumb in _CRUMB.split(core) if crumb]
    if 2 <= len(crumbs) <= 6 and all(looks_like_a_section(crumb) for crumb in crumbs):
        return crumbs[-1]
    if is_known_section(core):
        return core
    is_capitals = core.isupper() and any(c.isalpha() for c in core)
    return core if is_capitals and looks_like_a_section(core) else ""

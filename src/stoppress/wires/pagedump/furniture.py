"""What belongs to the site and not to the story: share buttons, adverts, cookie lines, menus.

Lists of whole lines, compared without case, bullets and arrows; a few shapes for lines that vary.
A menu word never matches inside a sentence.
"""

import re

from stoppress.wires.pagedump.plain import folded, plain, word_list
from stoppress.wires.pagedump.sections import is_known_section

MAX_FURNITURE_LENGTH = 400

_WHOLE = word_list("furniture.txt")
_HEADS = word_list("rail-headings.txt")
_SHAPES = tuple(
    re.compile(shape, re.IGNORECASE)
    for shape in (
        r"(?:we|this (?:site|website)|our (?:site|website)|wir|diese (?:web)?site|nous|ce site|"
        r"este sitio|"
        r"utilizamos|questo sito|يستخدم|نستخدم|本网站|本站|我们使用)[^.]{0,60}(?:cookies?|"
        r"ملفات تعريف)",
        r".{0,80}\bcookies?\b.{0,80}(?:accept|consent|agree|settings|akzeptier|zustimm|"
        r"einverstanden|accept\w*|"
        r"acepta\w*|settings|einstellungen|paramètres).{0,120}",
        r"(?:©|\(c\)|copyright)\s?.{0,120}",
        r".{0,80}(?:all rights reserved|alle rechte vorbehalten|tous droits réservés|"
        r"todos los derechos reservados|"
        r"جميع الحقوق محفوظة|版权所有|版權所有).{0,60}",
        r"(?:share|teilen|partager|compartir|分享|مشاركة)\s?(?:on|via|auf|sur|en|到|"
        r"على)?\s?(?:[:|]|"
        r"facebook|twitter|"
        r"x\b|whatsapp|telegram|e-?mail).{0,80}",
        r"(?:read more|read also|also read|see also|related|mehr dazu|lesen sie auch|siehe auch|"
        r"à lire aussi|lire aussi|"
        r"à lire également|leer también|lea también|lee también|leggi anche|leia também|lees ook|"
        r"читайте также|"
        r"اقرأ أيض[اً]{1,2}|اقرأ أيضًا|اقرأ المزيد|延伸阅读|相关阅读|関連記事)\s?[:>»→|].{0,250}",
        r"(?:photo|photograph|image|picture|foto|bild|imagen|fotografía|credit|source|"
        r"getty images|illustration|"
        r"صورة|الصورة|图|图片来源|摄影|圖|写真|사진)\s?(?:by|credit|credits|:|/|von|"
        r"par)\s?.{0,200}",
        r"(?:sign up|subscribe|register|get|abonnieren sie|inscrivez-vous|suscríb\w+|"
        r"اشترك)\b.{0,80}"
        r"(?:newsletter|inbox|briefing|updates|premium|boletín|النشرة).{0,60}",
        r"(?:follow|like|find|join) us (?:on|at)\b.{0,80}",
        r"(?:tags?|topics?|keywords?|schlagworte?|themen|mots-clés|etiquetas|temas|الوسوم|"
        r"كلمات مفتاحية|标签|標籤|关键词)\s?:.{0,200}",
        r"(?:you have|you've|sie haben|il vous reste)\b.{0,60}(?:free articles?|freie artikel|"
        r"articles? gratuits?).{0,60}",
        r"(?:advertisement|anzeige|publicité|publicidad|إعلان|广告)\s?[-–—|:(].{0,80}",
        r"\d{1,3}\s?(?:comments?|kommentare?|commentaires?|comentarios?|تعليقات?|条评论)",
        r"this article is more than .{1,30} old",
        r"skip to .{3,60}|listen to this .{1,60}|see more on: .{1,80}|\d{1,6}|\[\s?(?:image|"
        r"bild|img)\s?\]",
        r"(?:\[[^\[\]]{1,40}\]\([^()]{0,200}\)\s?){1,12}",
        r"list \d{1,2} of \d{1,2}|list of \d{1,2} items",
        r"(?:il vous reste|you have read) [\d.,]{1,6}\s?% .{0,120}",
        r"[【\[]?(?:责任编辑|責任編輯|编辑|责编|校对|字号|上一篇|下一篇|纠错)\s?[::].{0,80}",
        r"https?://\S{3,200}|www\.\S{3,200}",
        r"[\W_]{1,80}",
    )
)
_CAPTION = re.compile(
    r"(?:photo|photograph|image|picture|foto|bild|imagen|صورة|الصورة|图|图片来源|摄影|"
    r"写真)\s?[:/].*",
    re.IGNORECASE,
)


def is_furniture(text: str) -> bool:
    """Tell whether a line is known furniture."""
    if len(text) > MAX_FURNITURE_LENGTH:
        return False
    core = folded(text)
    if not core or core in _WHOLE or core in _HEADS:
        return True
    if _is_row_of_menu_words(text):
        return True
    view = plain(text).strip()
    return any(shape.fullmatch(view) for shape in _SHAPES)


def is_rail_heading(text: str) -> bool:
    """Tell whether a line introduces other stories: "Latest news", "À lire aussi"."""
    return len(text) <= 60 and folded(text) in _HEADS


def is_caption(text: str) -> bool:
    """Tell whether a line is a picture's credit, which an editor may want."""
    return len(text) <= MAX_FURNITURE_LENGTH and bool(_CAPTION.fullmatch(plain(text).strip()))


def _is_row_of_menu_words(text: str) -> bool:
    view = plain(text).strip()
    parts = [p for p in re.split(r"\s*[|·•/>\t]\s*|\s{2,}|\s+[–—-]\s+", view) if p]
    if len(parts) < 2:
        parts = view.split()
        return 3 <= len(parts) <= 14 and all(map(_is_menu_word, parts))
    return sum(map(_is_menu_word, parts)) * 2 > len(parts) or (
        len(parts) == 2 and folded(parts[0]) in _WHOLE and _is_menu_word(parts[1])
    )


def _is_menu_word(text: str) -> bool:
    return folded(text) in _WHOLE or is_known_section(text)

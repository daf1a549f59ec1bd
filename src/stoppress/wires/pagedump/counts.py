"""Stated reading times and view counts: "3 min read", "Lesezeit: 3 Min.", "1.2K views", "
""1.2万阅读"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

_MINUTES = (
    r"(?P<{0}>\d{{1,3}})\s?[-–]?\s?(?:minutes?|minuten|minuti|minutos|minuter|minut|min|mins|mn|"
    r"минут\w?|мин|хв|"
    r"dakika|dk|دقائق|دقيقة|دقيقه|דקות|मिनट|分钟|分鐘|分|분)\.?"
)
_READING_BEFORE = (
    r"(?:estimated )?reading time|time to read|read(?:ing)? in|read time|read|"
    r"(?:geschätzte )?lese(?:zeit|dauer)|temps de lecture(?: estimé)?|durée de lecture|"
    r"lecture(?: de)?|"
    r"tiempo (?:estimado )?de lectura|lectura(?: de)?|tempo di lettura|lettura(?: di)?|"
    r"tempo (?:estimado )?de leitura|leitura(?: de)?|leestijd|lästid|læsetid|lesetid|"
    r"время (?:на )?чтени[ея]|час читання|czas czytania|okuma süresi|"
    r"مدة القراءة|وقت القراءة|زمن القراءة|قراءة(?: في)?|זמן קריאה|"
    r"阅读时[间长]|閱讀時間|预计阅读(?:时间)?|預計閱讀(?:時間)?|阅读需|阅读约|全文约|読了時間|"
    r"この記事は|읽는 시간|읽기"
)
_READING_AFTER = (
    r"(?:to )?read(?:ing)?(?: time)?|lesezeit|lesedauer|zu lesen|de lecture|de lectura|"
    r"di lettura|de leitura|"
    r"leestijd|lezen|läsning|lästid|læsning|lesetid|чтения|на чтение|читання|czytania|"
    r"okuma(?: süresi)?|"
    r"قراءة|للقراءة|קריאה|पढ़ें|阅读|閱讀|读完|可读完|で読めます|で読める|읽기|소요"
)
_GAP = r"\s{0,2}:?\s{0,2}"
_ABOUT = r"(?:~|about |ca\. |etwa |environ |unos |约|約|大约|less than |<\s?)?"
_READING = re.compile(
    rf"(?<!\w)(?:(?:{_READING_BEFORE}){_GAP}{_ABOUT}{_MINUTES.format('before')}"
    rf"|{_ABOUT}{_MINUTES.format('after')}\s{{0,2}}[-–]?\s?(?:{_READING_AFTER}))(?!\w)"
    rf"|(?:阅读时[间长]|阅读需|阅读约|读完约?需?){_GAP}{_ABOUT}{_MINUTES.format('han')}",
    re.IGNORECASE,
)

_NUMBER = r"(?P<{0}>\d{{1,3}}(?:[.,' ]\d{{3}}){{1,4}}(?!\d)|\d{{1,10}}(?:[.,]\d{{1,3}})?)"
_SCALE = (
    r"(?:\s?(?P<{0}>k|tsd\.?|mil|thousand|m|mn|mio\.?|million|тыс\.?|млн|ألف|مليون|万|萬|千|천|"
    r"만)(?!\w))?"
)
_HAN_SCALE = r"(?:\s?(?P<{0}>万|萬|千|천|만|k|w))?"
_VIEW_WORDS = (
    r"(?:page ?)?views?|reads|hits|(?:seiten)?aufrufe|(?:mal )?gelesen|klicks|vues?|lectures|"
    r"consultations|"
    r"visitas|vistas|visualizaciones|lecturas|visualizzazioni|letture|visualizações|weergaven|"
    r"visningar|visninger|"
    r"просмотр\w{0,2}|прочтени\w|перегляд\w{0,2}|wyświetle[ńn]\w{0,2}|odsłon\w?|görüntülen?me|"
    r"okunma|"
    r"مشاهدات|مشاهدة|قراءات|צפיות|बार देखा गया"
)
_HAN_VIEW_WORDS = (
    r"阅读量?|浏览量?|瀏覽量?|次阅读|次浏览|次觀看|次观看|人阅读|点击量?|點擊|觀看次數|閲覧数|"
    r"PV|조회수?"
)
_COUNTERS = (
    r"comments?|kommentare?|commentaires?|comentarios?|commenti|reacties|комментари\w{1,2}|"
    r"تعليقات|تعليق|"
    r"shares?|likes?|mal geteilt|partages?|compartidos?|评论|条评论|点赞|赞|转发"
)
_VIEWS = re.compile(
    rf"(?<![\w.,])(?:{_NUMBER.format('n1')}{_SCALE.format('s1')}\s{{0,2}}(?:{_VIEW_WORDS})(?!\w)"
    rf"|(?:{_VIEW_WORDS}){_GAP}{_NUMBER.format('n2')}{_SCALE.format('s2')}(?!\w))",
    re.IGNORECASE,
)
_HAN_VIEWS = re.compile(
    rf"(?:{_HAN_VIEW_WORDS}){_GAP}{_NUMBER.format('n1')}{_HAN_SCALE.format('s1')}\s?[次人]?"
    rf"(?!\s?[\d分])"
    rf"|(?<![\w.,]){_NUMBER.format('n2')}{_HAN_SCALE.format('s2')}\s?(?:{_HAN_VIEW_WORDS}|次)",
    re.IGNORECASE,
)
_OTHER_COUNTS = re.compile(
    rf"(?<![\w.,])\d{{1,7}}\s{{0,2}}(?:{_COUNTERS})(?!\w)|(?:{_COUNTERS})\s?[:(]\s?\d{{1,7}}\)?",
    re.IGNORECASE,
)
_SCALES = {
    "k": 1_000, "tsd": 1_000, "mil": 1_000, "thousand": 1_000, "тыс": 1_000, "ألف": 1_000,
    "千": 1_000, "천": 1_000, "万": 10_000, "萬": 10_000, "만": 10_000, "w": 10_000,
    "m": 1_000_000, "mn": 1_000_000, "mio": 1_000_000, "million": 1_000_000, "млн": 1_000_000,
    "مليون": 1_000_000,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Count:
    """A number found in a line; not exact if it was rounded when printed."""

    start: int
    end: int
    value: int
    is_exact: bool = True


def reading_times(line: str) -> Iterator[Count]:
    """Yield stated reading times, in minutes."""
    for match in _READING.finditer(line):
        minutes = int(match["before"] or match["after"] or match["han"])
        yield Count(match.start(), match.end(), minutes)


def view_counts(line: str) -> Iterator[Count]:
    """Yield stated numbers of views."""
    for pattern in (_VIEWS, _HAN_VIEWS):
        for match in pattern.finditer(line):
            number = match["n1"] or match["n2"]
            scale = (match["s1"] or match["s2"] or "").rstrip(".").casefold()
            yield _count(match.start(), match.end(), number, scale)


def other_counts(line: str) -> Iterator[Count]:
    """Yield counts that are furniture: comments, shares, likes."""
    for match in _OTHER_COUNTS.finditer(line):
        yield Count(match.start(), match.end(), 0)


def _count(start: int, end: int, number: str, scale: str) -> Count:
    if not scale:
        return Count(start, end, int(re.sub(r"\D", "", number)))
    if re.search(r"[ ']", number) or len(re.findall(r"[.,]", number)) > 1:
        amount = Decimal(re.sub(r"\D", "", number))
    else:
        amount = Decimal(number.replace(",", "."))
    return Count(start, end, int(amount * _SCALES[scale]), is_exact=False)

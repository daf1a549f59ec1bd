"""The facts a line states about a story: times, reading time, views, section, names.

A line is cut at its separators; in each piece the facts are found and what remains is a label of
the fact behind it, a section, a byline, or a residue (the headline of a one-line rail entry).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from stoppress.wires.pagedump import ages, bylines, counts, dates, sections
from stoppress.wires.pagedump.plain import plain, without_bullet
from stoppress.wires.pagedump.shapes import Credit, Moment, Remark, Views
from stoppress.wires.pagedump.tongues import DAY, MINUTE

MAX_FACT_LINE_LENGTH = 300
Label = Literal["updated", "published", ""]

_SEPARATOR = re.compile(
    r"\s*[|·•∙・‧●▪■►▶\t]\s*|\s{2,}|\s+[–—/\-]\s+|^\s*[–—\-*]\s+|\s*[;；]\s+|\s+[(（](?=\S)"
)
_UPDATED = (
    r"last updated?|last modified|last revised|updated?|upd|modified|revised|"
    r"zuletzt aktualisiert|"
    r"zuletzt geändert|aktualisiert|letzte aktualisierung|letzte änderung|stand|mis(?:e)? à jour|"
    r"dernière mise à jour|dernière modification|modifié|actualizad[oa]|última actualización|"
    r"ultimo aggiornamento|"
    r"aggiornat[oa]|atualizad[oa]|última atualização|laatst bijgewerkt|bijgewerkt|laatste update|"
    r"uppdaterad|senast uppdaterad|"
    r"opdateret|oppdatert|обновлено|последнее обновление|оновлено|aktualizacja|"
    r"ostatnia aktualizacja|güncelleme|son güncelleme|"
    r"آخر تحديث|اخر تحديث|تم التحديث|تحديث|حُدّث|עודכן|עדכון אחרון|अपडेट|最后更新(?:时间)?|"
    r"最後更新(?:時間)?|"
    r"更新时间|更新時間|更新于|更新於|"
    r"更新|最終更新(?:日時?)?|更新日時?|업데이트|최종 ?수정|수정"
)
_PUBLISHED = (
    r"published|first published|posted|publish(?:ed)? date|date|created|released|issued|"
    r"veröffentlicht|"
    r"erstveröffentlicht|erschienen|erstellt|datum|publiée?|publication|date de publication|"
    r"posté|paru|publicad[oa]|"
    r"fecha(?: de publicación)?|pubblicat[oa]|data|gepubliceerd|publicerad|publiceret|publisert|"
    r"опубликовано|дата|"
    r"опубліковано|opublikowano|data publikacji|yayınlanma|yayın tarihi|نُشر|نشر|نُشرت|"
    r"تاريخ النشر|تم النشر|التاريخ|"
    r"פורסם|प्रकाशित|发布时间|發布時間|发布于|發布於|发表于|發表於|发布|發布|发表时间|"
    r"公開日時?|掲載日?|投稿日|입력|등록|게시"
)
_PREPOSITION = r"(?:on|at|am|um|vor|le|la|el|il|op|em|den|в|في|بتاريخ|日)?"
_LABELS = tuple(
    (label, re.compile(rf"\W*(?:{forms})\s*[:\-–]?\s*{_PREPOSITION}\W*", re.IGNORECASE))
    for label, forms in (("updated", _UPDATED), ("published", _PUBLISHED))
)
_LABEL_WITH_VALUE = tuple(
    (label, re.compile(rf"\W*(?:{forms})(?:\s*:\s*|\s+)", re.IGNORECASE))
    for label, forms in (("updated", _UPDATED), ("published", _PUBLISHED))
)
_LABELLED_WITHOUT_VALUE = re.compile(
    rf"\W*(?:{_UPDATED}|{_PUBLISHED})\s*:\s*\S.{{0,50}}", re.IGNORECASE
)
_LABEL_ONLY = re.compile(
    r"(?:author|written by|by|reading time|read time|views|section|category|autor|autorin|von|"
    r"lesezeit|aufrufe|ressort|"
    r"auteur|par|temps de lecture|vues|rubrique|por|tiempo de lectura|visitas|sección|"
    r"بقلم|الكاتب|مدة القراءة|وقت القراءة|المشاهدات|القسم|作者|记者|阅读时间|阅读时长|浏览量|"
    r"阅读量|栏目)\s*:",
    re.IGNORECASE,
)
_EDITED_BY = re.compile(
    r"(?:编辑|責任編輯|责任编辑|责编|校对|edited by|editor)\s?:.{1,40}", re.IGNORECASE
)
_DIGIT = re.compile(r"\d")
_FILLER = re.compile(
    r"[\W_]*(?:and|und|et|y|e|in|on|at|by|um|am|le|à|el|a las|الساعة|في|و|次|人|约|约为|"
    r"est\.?|ET|PT|CT|local time|Ortszeit|heure locale)?[\W_]*",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Facts:
    """All that one line states, and what of it was not understood."""

    times: list[tuple[Label, Moment]] = field(default_factory=list)
    reading_minutes: int | None = None
    views: Views | None = None
    section: str = ""
    names: list[Credit] = field(default_factory=list)
    has_counters: bool = False
    residues: list[str] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    separators: int = 0
    strong: int = 0  # ages, reading times and views: they seldom stand in running text
    firm: int = 0  # those, and dates with their year or a clock time

    @property
    def is_any(self) -> bool:
        """Tell whether the line states a fact of the kind that sites print about a story."""
        return bool(
            self.times or self.reading_minutes is not None or self.views or self.has_counters
        )


@dataclass(frozen=True, slots=True)
class _Token:
    start: int
    end: int
    kind: Literal["age", "date", "reading", "views", "counter"]
    value: ages.Age | dates.Day | counts.Count


def facts_of(text: str, number: int, retrieved: datetime) -> Facts:
    """Return what a line states; nothing if it is too long to be a line of facts."""
    facts = Facts()
    if len(text) > MAX_FACT_LINE_LENGTH:
        return facts
    view = plain(text)
    if _LABELLED_WITHOUT_VALUE.fullmatch(view.strip()) and not list(_tokens(view, retrieved)):
        _labelled_without_value(facts, text, number, retrieved)
        return facts
    position = 0
    dated = [(day.start, day.end) for day in dates.dates(view, retrieved)]
    for match in [*_SEPARATOR.finditer(view), None]:
        if match and any(start < match.start() < end for start, end in dated):
            continue  # "10 MAR 2026 - 07:02" is one time
        end = match.start() if match else len(view)
        if end > position:
            _read_piece(facts, text[position:end], number, retrieved)
        facts.separators += bool(match and match.start())
        position = match.end() if match else end
    return facts


def _read_piece(facts: Facts, text: str, number: int, retrieved: datetime) -> None:
    view = plain(text)
    position = 0
    for token in _tokens(view, retrieved):
        gap = text[position : token.start]
        label = _label(gap)
        if not label:
            _read_rest(facts, gap, number, retrieved)
        _add(facts, token, label, text, number, retrieved)
        position = token.end
    _read_rest(facts, text[position:], number, retrieved)


def _tokens(view: str, retrieved: datetime) -> Iterator[_Token]:
    """Yield facts from left to right; where two readings overlap the longer one stands."""
    found = [_Token(a.start, a.end, "age", a) for a in ages.ages(view)]
    if _DIGIT.search(view):
        found += _numbered(view, retrieved)
    position = 0
    taken: list[_Token] = []
    for token in sorted(found, key=lambda t: (t.start - t.end, t.start)):
        if all(token.end <= other.start or token.start >= other.end for other in taken):
            taken.append(token)
    for token in sorted(taken, key=lambda t: t.start):
        if token.start >= position:
            position = token.end
            yield token


def _numbered(view: str, retrieved: datetime) -> list[_Token]:
    found = [_Token(d.start, d.end, "date", d) for d in dates.dates(view, retrieved)]
    found += [_Token(c.start, c.end, "reading", c) for c in counts.reading_times(view)]
    found += [_Token(c.start, c.end, "views", c) for c in counts.view_counts(view)]
    found += [_Token(c.start, c.end, "counter", c) for c in counts.other_counts(view)]
    return found


def _label(gap: str) -> Label:
    for label, pattern in _LABELS:
        if pattern.fullmatch(plain(gap)):
            return label  # type: ignore[return-value]
    return ""


def _add(
    facts: Facts, token: _Token, label: Label, text: str, number: int, retrieved: datetime
) -> None:
    stated = text[token.start : token.end].strip()
    value = token.value
    facts.strong += token.kind in {"age", "reading", "views"}
    is_firm_date = isinstance(value, dates.Day) and (
        value.has_year or value.precision_seconds < DAY
    )
    facts.firm += token.kind in {"age", "reading", "views"} or is_firm_date
    if isinstance(value, ages.Age):
        moment = Moment(value.before(retrieved), value.precision_seconds, stated, number)
        facts.times.append((label, moment))
    elif isinstance(value, dates.Day):
        facts.times.append((label, Moment(value.at, value.precision_seconds, stated, number)))
        facts.remarks += [Remark(number, f"“{stated}” {doubt}.") for doubt in value.doubts]
    elif token.kind == "reading":
        facts.reading_minutes = value.value
    elif token.kind == "views":
        facts.views = Views(value.value, value.is_exact, stated, number)
    else:
        facts.has_counters = True


def _read_rest(facts: Facts, text: str, number: int, retrieved: datetime) -> None:
    core = text.strip(" \t,،，()")
    if not core or _FILLER.fullmatch(plain(core)):
        return
    if moment := _short_time(core, number, retrieved):
        label, at = moment
        facts.times.append((label, at))
        return
    if _EDITED_BY.fullmatch(plain(core)):
        return
    names = bylines.byline(core)
    if names:
        facts.names += [Credit(n.name, n.kind, n.role, number) for n in names]
        return
    facts.residues.append(core)


def _short_time(core: str, number: int, retrieved: datetime) -> tuple[Label, Moment] | None:
    """Read what is a time only because nothing else stands beside it: "yesterday", "5m", "
    ""14:05"."""
    label: Label = ""
    rest = plain(core)
    for name, pattern in _LABEL_WITH_VALUE:
        if match := pattern.match(rest):
            label, rest = name, rest[match.end() :]  # type: ignore[assignment]
            break
    stated = core[len(core) - len(rest) :]
    if age := ages.whole_age(rest):
        return label, Moment(age.before(retrieved), age.precision_seconds, stated, number)
    if day := ages.named_day(rest, retrieved):
        return label, Moment(day[0], day[1], stated, number)
    if at := dates.clock_of_the_day(rest, retrieved):
        return label, Moment(at, MINUTE, stated, number)
    return None


def _labelled_without_value(facts: Facts, text: str, number: int, retrieved: datetime) -> None:
    stated = without_bullet(text).strip()
    if found := _short_time(stated, number, retrieved):
        facts.times.append(found)
        return
    facts.has_counters = True
    facts.remarks.append(
        Remark(number, f"“{stated}” is labelled as a time but was not understood.")
    )


def section_in(facts: Facts) -> str:
    """Take the section label out of what remained beside the facts; empty if none is there."""
    for residue in facts.residues:
        if name := sections.section_on_its_own(residue):
            return name
    short = filter(sections.looks_like_a_section, facts.residues if facts.strong else [])
    return next(short, "")


def is_label(text: str) -> bool:
    """Tell whether a text only says what the next line gives: a time, a name, a number."""
    view = plain(text).strip()
    return bool(_LABEL_ONLY.fullmatch(view)) or any(p.fullmatch(view) for _, p in _LABELS)

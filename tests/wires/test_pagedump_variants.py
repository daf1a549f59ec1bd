"""One story in every layout we can think of: order, labels, marks, blank lines, wraps, rails.

Whatever the layout, the same story must come out.
"""

import textwrap
from dataclasses import dataclass
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stoppress.wires.pagedump import recognise
from tests.wires.dumps import RETRIEVED

HEADLINE = "Beekeepers of Upper Marn sue the bell foundry"
BODY = (
    "The beekeepers of Upper Marn have gone to court against the bell foundry on the hill. Its "
    "test strikes, they say, keep forty hives from sleeping, and a hive that does not sleep does "
    "not swarm, or swarms at the wrong hour and into the wrong chimney.",
    '"We do not ask for silence," said Orla Fenwright, who speaks for the eleven plaintiffs. "We '
    'ask for Tuesdays." The foundry casts one bell a month and strikes it four hundred times.',
    "The judge has asked for a recording, a map and a jar of honey. She will hear both sides in "
    "June, at an hour that suits the bees.",
)
RAIL = (
    ("Ploughing match ends in a draw and a wedding", 40, 2, "COUNTRY"),
    ("Town clock to lose its second hand", 5 * 60, 1, "CITY"),
    ("Why the river froze from below", 3 * 3600, 6, "SCIENCE"),
)
FACTS = {
    "updated": ["Last update: 2 days ago", "Updated 2 days ago", "Last updated: 2 days ago"],
    "minutes": ["3 min read", "Reading time: 3 minutes", "3-minute read"],
    "views": ["1,737 Views", "Views: 1,737", "1737 views"],
    "section": ["WORLD", "Section: WORLD", "Category: WORLD"],
}
BYLINES = ["Author: Tamsin Rook", "By Tamsin Rook", "Written by Tamsin Rook", "by: Tamsin Rook"]
MENUS = [[], ["Home", "News", "Sport", "Sign in"], ["Home | World | Sport | Search"]]
ENDS = [[], ["Share"], ["Share", "Print"], ["Advertisement", "Share on Facebook"]]


@dataclass(frozen=True)
class Design:
    """How a site lays a page out."""

    facts: tuple[str, ...]
    facts_are: str
    bullet: str
    byline: str
    byline_is: str
    rail: str
    rail_heading: str
    menu: tuple[str, ...]
    end: tuple[str, ...]
    advert: bool
    blanks: bool
    wrap: int
    line_end: str

    def page(self) -> str:
        above = [*self._byline("above"), *self._facts()]
        parts = [list(self.menu), [HEADLINE], above, *([p] for p in BODY)]
        if self.advert:
            parts.insert(4, ["Advertisement"])
        parts += [self._byline("below"), list(self.end), self._rail()]
        joint = f"{self.line_end}{self.line_end if self.blanks else ''}"
        blocks = [self.line_end.join(self._wrapped(p)) for p in parts if p]
        return joint.join(blocks) + self.line_end

    def _byline(self, place: str) -> list[str]:
        return [self.byline] if self.byline_is == place else []

    def _facts(self) -> list[str]:
        if self.facts_are == "one line":
            return [" | ".join(self.facts)]
        return [self.bullet + fact for fact in self.facts]

    def _rail(self) -> list[str]:
        lines = [self.rail_heading] if self.rail_heading else []
        for headline, seconds, minutes, section in RAIL:
            age, read = _age(seconds), f"{minutes} min read"
            lines += {
                "two lines": [headline, f"{age} {read} {section}"],
                "four lines": [headline, age, read, section],
                "facts first": [f"{age} | {read} | {section}", headline],
                "label first": [section, headline, f"{age} - {read}"],
                "one line": [f"{headline} | {age} | {read} | {section}"],
            }[self.rail]
        return lines

    def _wrapped(self, lines: list[str]) -> list[str]:
        if not self.wrap or not self.blanks or lines[0] not in BODY:
            return lines
        return textwrap.wrap(lines[0], self.wrap, break_on_hyphens=False)


def _age(seconds: int) -> str:
    if seconds < 60:
        return f"{seconds} seconds ago"
    return f"{seconds // 60} minutes ago" if seconds < 3600 else f"{seconds // 3600} hours ago"


designs = st.builds(
    Design,
    facts=st.tuples(*map(st.sampled_from, FACTS.values())).flatmap(st.permutations).map(tuple),
    facts_are=st.sampled_from(["one line", "a list"]),
    bullet=st.sampled_from(["", "- ", "• ", "* "]),
    byline=st.sampled_from(BYLINES),
    byline_is=st.sampled_from(["above", "below"]),
    rail=st.sampled_from(["two lines", "four lines", "facts first", "label first", "one line"]),
    rail_heading=st.sampled_from(["", "Latest news", "Most read", "RELATED STORIES"]),
    menu=st.sampled_from(MENUS).map(tuple),
    end=st.sampled_from(ENDS).map(tuple),
    advert=st.booleans(),
    blanks=st.booleans(),
    wrap=st.sampled_from([0, 60, 72, 80]),
    line_end=st.sampled_from(["\n", "\r\n"]),
)


@given(designs)
@settings(max_examples=150, deadline=None)
def test_the_same_story_comes_out_of_every_layout(design):
    dump = recognise(design.page(), RETRIEVED)
    assert dump.headline == HEADLINE
    assert [" ".join(p.text.split()) for p in dump.body] == list(BODY)
    assert [c.name for c in dump.byline] == ["Tamsin Rook"]
    assert (dump.reading_minutes, dump.views.count, dump.section) == (3, 1737, "WORLD")
    assert RETRIEVED - dump.updated.at == timedelta(days=2)
    assert [
        (e.headline, (RETRIEVED - e.published.at).seconds, e.reading_minutes, e.section)
        for e in dump.rail
    ] == list(RAIL)


RENAMED = {
    "german": (
        ["Zuletzt aktualisiert: vor 2 Tagen", "3 Min. Lesezeit", "1.737 Aufrufe", "Ressort: Welt"],
        "Von Tamsin Rook",
        "Teilen",
    ),
    "french": (
        ["Mis à jour il y a 2 jours", "Temps de lecture : 3 min", "1 737 vues", "Rubrique : Monde"],
        "Par Tamsin Rook",
        "Partager",
    ),
    "spanish": (
        ["Actualizado hace 2 días", "3 min de lectura", "1.737 visitas", "Sección: Mundo"],
        "Por Tamsin Rook",
        "Compartir",
    ),
    "italian": (
        ["Aggiornato 2 giorni fa", "Lettura: 3 min", "1.737 visualizzazioni", "Sezione: Mondo"],
        "Di Tamsin Rook",
        "Condividi",
    ),
    "dutch": (
        ["Bijgewerkt: 2 dagen geleden", "Leestijd: 3 min", "1.737 weergaven", "Rubriek: Wereld"],
        "Door Tamsin Rook",
        "Delen",
    ),
    "portuguese": (
        ["Atualizado há 2 dias", "Leitura: 3 min", "1.737 visualizações", "Seção: Mundo"],
        "Por Tamsin Rook",
        "Compartilhar",
    ),
}


@pytest.mark.parametrize("language", RENAMED)
def test_labels_of_other_languages_say_the_same(language):
    facts, byline, share = RENAMED[language]
    dump = recognise("\n".join([HEADLINE, *facts, byline, *BODY, share]), RETRIEVED)
    assert [p.text for p in dump.body] == list(BODY)
    assert [c.name for c in dump.byline] == ["Tamsin Rook"]
    assert (dump.reading_minutes, dump.views.count) == (3, 1737)
    assert RETRIEVED - dump.updated.at == timedelta(days=2)
    assert dump.section
    assert [f.text for f in dump.furniture] == [share]

"""Names are told from sentences, posts from names, agencies from people."""

import pytest

from stoppress.wires.pagedump.bylines import bare_names, byline

BYLINES = {
    "Author: Sefa Lindqvist": [("Sefa Lindqvist", "person", "")],
    "By Sefa Lindqvist": [("Sefa Lindqvist", "person", "")],
    "By Sefa Lindqvist and Ruth Amadi-Cole": [
        ("Sefa Lindqvist", "person", ""),
        ("Ruth Amadi-Cole", "person", ""),
    ],
    "By Sefa Lindqvist, Ruth Amadi and Bo O'Hare": [
        ("Sefa Lindqvist", "person", ""),
        ("Ruth Amadi", "person", ""),
        ("Bo O'Hare", "person", ""),
    ],
    "By SEFA LINDQVIST, Harbour Correspondent": [
        ("SEFA LINDQVIST", "person", "Harbour Correspondent")
    ],
    "By Sefa Lindqvist in Saltmouth": [("Sefa Lindqvist", "person", "in Saltmouth")],
    "By OPA": [("OPA", "agency", "")],
    "By News Desk": [("News Desk", "agency", "")],
    "Von Annegret Söderholm und Kaspar von Lüttich": [
        ("Annegret Söderholm", "person", ""),
        ("Kaspar von Lüttich", "person", ""),
    ],
    "Text: Annegret Söderholm": [("Annegret Söderholm", "person", "")],
    "Par Éloïse Tanneguy (Portvieil, envoyée spéciale)": [
        ("Éloïse Tanneguy", "person", "envoyée spéciale")
    ],
    "Por Candela Ruipérez, corresponsal en Almagre": [
        ("Candela Ruipérez", "person", "corresponsal en Almagre")
    ],
    "Door Saskia de Vries en Joost Kamp": [
        ("Saskia de Vries", "person", ""),
        ("Joost Kamp", "person", ""),
    ],
    "Автор: Вера Мельникова": [("Вера Мельникова", "person", "")],
    "作者：林晓月": [("林晓月", "person", "")],
    "记者 陈若湄、周怀砚": [("陈若湄", "person", ""), ("周怀砚", "person", "")],
    "بقلم: سلمى الحوراني": [("سلمى الحوراني", "person", "")],
    "김하늘 기자": [("김하늘", "person", "")],
    "(Reporting by Solveig Rasmund and Idris Calloway; Editing by Petra Quinlan)": [
        ("Solveig Rasmund", "person", ""),
        ("Idris Calloway", "person", ""),
    ],
}


@pytest.mark.parametrize(("text", "names"), BYLINES.items())
def test_a_byline_gives_its_names_in_order(text, names):
    assert [(n.name, n.kind, n.role) for n in byline(text)] == names


@pytest.mark.parametrize(
    "text",
    [
        "By Tuesday evening the water was gone.",
        "By the book",
        "By Christmas",
        "Von der Schanze bis zum Hafen",
        "Par la fenêtre",
        "Por qué no llueve",
        "Byron Reeves",
        "By",
        "By " + "Long " * 60,
    ],
)
def test_a_sentence_that_starts_like_a_byline_is_none(text):
    assert byline(text) == ()


def test_a_name_alone_is_told_from_a_headline():
    assert [n.name for n in bare_names("Mara Ellisande")] == ["Mara Ellisande"]
    assert bare_names("Mayor resigns over tram") == ()
    assert bare_names("Who Was Mara Ellisande?") == ()

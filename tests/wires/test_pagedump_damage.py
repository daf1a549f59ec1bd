"""Damage is suspected where it is, and nowhere else."""

import pytest

from stoppress.wires.pagedump.damage import MAX_REMARKS, suspected_damage


def suspected(text, language="en"):
    return [
        (r.line, r.what) for r in suspected_damage(list(enumerate(text.split("\n"), 1)), language)
    ]


def words(text, language="en"):
    return [what.split("”")[0].lstrip("“") for _, what in suspected(text, language)]


DAMAGED = {
    "She saw Marlow. Then Marlows boat came.": ["Marlows"],
    "We know Iran well. Irans coast is long.": ["Irans"],
    "He didnt know, and they werent told.": ["didnt", "werent"],
    "Talks on the conflict went on: the conflictits end is far.": ["conflictits"],
    "A peace plan was read. The peaceplan has points.": ["peaceplan"],
    "It ends here.Then it goes on.": ["here.Then"],
    "The cafÃ© was shut.": ["Ã©"],
    "It was â€œshutâ€™ then.": ["â€œ", "â€™"],
    "The cafÃƒÂ© was shut.": ["ÃƒÂ©"],
    "РџСЂРёРІРµС‚ to all.": ["РџСЂРёРІРµС‚"],
    "The caf\ufffd was shut.": ["caf\ufffd"],
    "He isn?t here.": ["isn?t"],
    "Bread &amp; butter, &amp;#39;fine&amp;#39;.": ["&amp;", "&amp;#39;"],
    "Some <b>bold</b> words.": ["<b>", "</b>"],
}


@pytest.mark.parametrize(("text", "found"), DAMAGED.items())
def test_damage_is_suspected(text, found):
    assert words(text) == found


def test_what_it_was_before_the_wrong_reading_is_said():
    assert "looks like “é”: UTF-8 read as Windows-1252" in suspected("cafÃ©")[0][1]
    assert "UTF-8 read twice" in suspected("cafÃƒÂ©")[0][1]


def test_the_line_is_named():
    assert [line for line, _ in suspected("Fine.\n\nHe didnt.\nFine.")] == [3]


@pytest.mark.parametrize(
    "text",
    [
        "The Americans said so. An American agreed.",
        "Two Marlows came. Marlow did not.",
        "Its roof, the house's roof, and its door.",
        "Everywhere the where of it; meanwhile the mean.",
        '“Curly,” she said, and "straight" too, and it\'s fine.',
        "“A speech that goes on.\n“And ends here.”",
        "„Gut“, sagte er. »Ja«, sagte sie.",
        "« Oui », dit-il. L’été, déjà, à Genève.",
        "Её видели. Ещё раз. Въезд закрыт.",
        "MENÜ“ und CAFÉ”",
        "北京时间三月九日，湖边“候鸟”飞抵。",
        "Write to desk@paper.example or see paper.example/News?a=b&c=d.",
        'A 12" rule, and a 6" one.',
        "The visits, limits and credits of the deposits.",
        "iPhone, YouTube and McRae.",
        "Mr. Vale met Dr. Osei in the U.S. on Monday.",
    ],
)
def test_sound_text_is_left_in_peace(text):
    found = [what for _, what in suspected(text, "") if "stands" not in what]
    assert not [w for w in found if "partner" not in w]
    english = [
        what for _, what in suspected(text) if "stands" not in what and "partner" not in what
    ]
    assert not english


@pytest.mark.parametrize(
    "text",
    [
        'He said "no more today.',
        "“No more,” he said, “today.",
        "«Oui, dit-il.",
        "「もう、と言った。",
    ],
)
def test_a_quotation_mark_without_partner_is_named(text):
    assert len(suspected(text, "")) == 1


def test_french_elisions_that_lost_their_apostrophe():
    text = "Aujourdhui lEurope attend, et cest long."
    assert words(text, "fr") == ["Aujourdhui", "lEurope", "cest"]


def test_a_ruined_text_is_not_listed_without_end():
    found = suspected("didnt " * 5_000)
    assert len(found) <= MAX_REMARKS

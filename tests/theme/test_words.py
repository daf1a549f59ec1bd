"""Every language says everything that English says."""

import re
import string

import pytest

from stoppress.theme.dates import WRITINGS
from stoppress.theme.errors import UnknownWord
from stoppress.theme.rendering import TEMPLATES
from stoppress.theme.words import languages, words_for

OTHERS = [language for language in languages() if language != "en"]


def test_the_languages_we_promise_are_there():
    assert languages() == ["ar", "de", "en", "fr", "zh"]


@pytest.mark.parametrize("language", OTHERS)
def test_every_language_has_the_keys_of_english(language):
    assert set(words_for(language)) == set(words_for("en"))


@pytest.mark.parametrize("language", OTHERS)
def test_nested_tables_and_lists_are_as_long_as_in_english(language):
    reference, words = words_for("en"), words_for(language)
    for key, entry in reference.items():
        assert type(words[key]) is type(entry), key
        if isinstance(entry, dict):
            assert set(words[key]) == set(entry), key
        if isinstance(entry, list):
            assert len(words[key]) == len(entry), key


@pytest.mark.parametrize("language", OTHERS)
def test_patterns_take_what_english_gives_them(language):
    for key, entry in words_for("en").items():
        if isinstance(entry, str) and not key.startswith("date_"):
            assert placeholders(words_for(language)[key]) == placeholders(entry), key


@pytest.mark.parametrize("language", languages())
def test_a_form_without_a_number_speaks_of_one_number_only(language):
    for unit, forms in words_for(language).mapping("ages").items():
        for category, form in forms.items():
            assert placeholders(form) <= {"count"}, unit
            assert "{count}" in form or category in ("one", "two"), unit


@pytest.mark.parametrize("language", languages())
def test_nothing_is_left_empty(language):
    assert all(entry for entry in words_for(language).values())


def test_every_word_is_used_and_every_used_word_exists():
    text = "\n".join(path.read_text("utf-8") for path in TEMPLATES.rglob("*.html"))
    used = set(re.findall(r"words\.([a-z_]+)", text))
    by_code = {entry for writing in WRITINGS.values() for entry in (writing.full, writing.brief)}
    by_code |= {"thousands", "ages"}
    assert used | by_code | {"months", "months_short"} == set(words_for("en"))


def test_a_region_gets_its_language_and_a_stranger_gets_english():
    assert words_for("de-AT").language == "de"
    assert words_for("tlh").language == "en"


def test_an_unknown_word_is_an_error():
    with pytest.raises(UnknownWord, match="no entry 'nonsense'"):
        words_for("en")["nonsense"]


def placeholders(pattern):
    return {name for _, name, _, _ in string.Formatter().parse(pattern) if name}

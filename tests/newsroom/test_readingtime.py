"""The table of cases for reading times."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stoppress.newsroom.readingtime import (
    characters_per_minute,
    picture_seconds,
    reading_seconds,
    reading_time,
    word_count,
    words_per_minute,
)


@pytest.mark.parametrize(
    ("text", "language", "pictures", "minutes"),
    [
        ("", "en", 0, 1),  # never nothing
        ("word " * 238, "en", 0, 1),
        ("word " * 239, "en", 0, 2),  # 1 min 0.3 s: up, so that nobody is promised too little
        ("word " * 566, "en", 0, 3),  # 2 min 22.7 s
        ("word " * 714, "en", 0, 3),
        ("word " * 714, "en-GB", 0, 3),  # a region changes nothing
        ("word " * 714, "fi", 0, 5),  # Finnish words are longer: 168 a minute
        ("mot " * 610, "fr", 0, 3),
        ("palabra " * 682, "es", 0, 3),
        ("كلمة " * 432, "ar", 0, 3),
        ("מילה " * 585, "he", 0, 3),
        ("word " * 576, "eo", 0, 3),  # not measured: the mean of the seventeen
        ("字" * 798, "zh", 0, 3),
        ("字" * 798, "zh-Hant-TW", 0, 3),
        ("かな" * 558, "ja", 0, 3),
        ("단어 " * 576, "ko", 0, 3),  # Korean is written with spaces: words
        ("ก" * 2_762, "th", 0, 3),  # 882 a minute aloud, 921 silently
        ("ก" * 2_763, "th", 0, 4),
        ("word " * 238 + "字" * 266, "en", 0, 2),  # both are read
        ("word " * 238, "en", 5, 2),  # 60 s and 12 + 11 + 10 + 9 + 8 s = 110 s
        ("", "en", 20, 2),  # 75 s for ten, then 3 s each: 105 s
    ],
)
def test_minutes(text, language, pictures, minutes):
    assert reading_time(text, language, pictures) == minutes


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The ferry returns at dusk.", 5),
        ("Don’t split don't", 3),
        ("a well-known 28-point plan", 4),
        ("1,250.50 euros – and 3 cents", 5),
        ("наука и жизнь", 3),
        ("प्रधानमंत्री ने कहा", 3),  # vowel signs stand inside words
        ("سَلَامٌ عليكم", 2),  # so do points
        ("北京天气", 4),
        ("Das WHO-Büro in 北京", 5),
        ("🎉 !!! —", 0),
        ("", 0),
    ],
)
def test_words(text, words):
    assert word_count(text) == words


def test_rates_follow_the_research():
    assert words_per_minute("en") == 238
    assert round(words_per_minute("de")) == 187
    assert round(words_per_minute("xx")) == 192
    assert round(characters_per_minute("zh")) == 266
    assert round(characters_per_minute("ja")) == 373


def test_a_picture_takes_twelve_seconds_and_each_further_one_less():
    assert [picture_seconds(n) for n in (0, 1, 2, 3, 10, 11)] == [0, 12, 23, 33, 75, 78]
    assert reading_seconds("", "en", 1) == 12


WESTERN = "".join(bytes([byte]).decode("cp1252", "ignore") for byte in range(256))


@given(st.text(st.sampled_from(WESTERN)) | st.text(st.sampled_from("aÉ9_’.-/ \u00ad")))
def test_words_of_western_texts_are_counted_as_those_of_others(text):
    assert word_count(text) == word_count(f"{text} \u2500")  # which no Western coding has

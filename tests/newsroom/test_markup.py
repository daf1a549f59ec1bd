"""Rich text for readers: what is taken as clean is what the cleaner would have written."""

from hypothesis import example, given
from hypothesis import strategies as st

from stoppress.newsroom.reading.markup import CLEAN, cleaned, expand

PIECES = [
    *("<p>", "</p>", "<b>", "</b>", "<i>", "</i>", "<em>", "</em>", "<strong>", "</strong>"),
    *('<a href="/world/">', '<a href="https://a.example/?q=1">', "</a>", '<a href="//b.example/">'),
    *('<a href="javascript:alert(1)">', '<a href="/x" onclick="x">', "<br>", "<P>", "< p>", "<p >"),
    *("&amp;", "&lt;", "&nbsp;", "&", "&#60;script&#62;", "<", ">", '"', "'", "\n", "\r", "\0"),
    *("word", " ", "\xa0", "ملف", "海", "😀", "\x01", "\x7f", "\x85", "\ufffe", "\u2028"),
    *("<script>", "<!--"),
]


@given(st.one_of(st.lists(st.sampled_from(PIECES), max_size=14).map("".join), st.text()))
@example("<p>a <b>c</b> &amp; <i>d</i></p>\n<p>e</p>")
@example('<p><a href="https://a.example/x">b</a></p>')
def test_what_is_taken_as_clean_is_as_the_cleaner_writes_it(markup):
    wrapped = f"<p>{markup}</p>"
    for text in (markup, wrapped):
        if CLEAN.fullmatch(text):
            assert cleaned(text) == text
        assert expand(text, {}) == cleaned(text)


def test_a_usual_paragraph_is_taken_as_clean():
    assert CLEAN.fullmatch('<p>It’s <b>late</b>, <a href="/world/">they</a> say&nbsp;– 海.</p>')
    assert not CLEAN.fullmatch('<p onclick="x">a</p>')
    assert not CLEAN.fullmatch("<p><b><b>a</b></b></p>")

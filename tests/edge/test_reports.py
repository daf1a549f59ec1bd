"""Bodies of reports: what our pages send is read quickly, and as anybody's JSON is."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from stoppress.edge.reports import VERSION, BadReport, SeenReport, StayReport, parse

ARTICLES = st.one_of(
    st.integers(0, 2**70).map(str), st.sampled_from(["007", "-1", "1.0", "true", '"7"'])
)
VISITS = st.one_of(
    st.integers(0, 2**64 - 1).map("{:016x}".format),
    st.sampled_from(["0" * 16, "A" * 16, "a" * 15, "a" * 17]),
)
REFERRERS = st.one_of(
    st.from_regex(r"(www\.)?[a-z0-9_-]{0,70}(\.[a-z0-9-]{1,8}){0,3}", fullmatch=True),
    st.sampled_from(["News.Example", "localhost", "." * 9, "a" * 250 + ".example", "[::1]", "é"]),
)


def read(body: bytes) -> SeenReport | StayReport | str:
    try:
        return parse(body)
    except BadReport as refused:
        return str(refused)


@given(ARTICLES, VISITS, REFERRERS, st.sampled_from([VERSION, VERSION, 22]))
def test_what_our_pages_send_is_read_as_any_json(
    article: str, visit: str, referrer: str, version: int
) -> None:
    body = (
        f'{{"version":{version},"article":{article},"visit":"{visit}","referrer":"{referrer}"}}'
    ).encode()
    assert read(body) == read(b" " + body)

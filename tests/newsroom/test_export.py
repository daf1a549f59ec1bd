"""The whole paper as files: all pages there, links leading somewhere, only changes written."""

import functools
import http.server
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import httpx
import pytest
from lxml import etree

from stoppress.newsroom import tags
from stoppress.newsroom.actions import kill, publish_section
from stoppress.newsroom.models import Author, Topic
from stoppress.press.changes import changing
from stoppress.press.export.folder import differences
from stoppress.press.export.run import REDIRECTS, export
from tests.edge.fronts import nginx_of_files
from tests.newsroom.paper import NOON, picture, section, story
from tests.newsroom.test_queries import rich_story

ORIGIN = "https://paper.example"


@pytest.fixture
def site(paper, tmp_path) -> Path:
    """A small paper with every kind of page; exported by `exported`."""
    with changing("keep few topics") as change:
        Topic.objects.exclude(qcode__startswith="medtop:2000000").delete()
        change.touch(tags.ALL_TOPICS)
    rich_story(1)
    mira = Author.objects.get(name="Mira Lund")
    story("Older", byline=[mira], at=NOON - timedelta(days=70), section="harbour")
    story("In pictures", kind="picture-story", gallery=[picture("G", (400, 300))])
    story("Feed", slug="feed")
    return tmp_path / "site"


def exported(root: Path):
    outcome = export(root, lambda *_: None)
    assert not outcome.failed
    assert not outcome.missing
    return outcome


class Links(HTMLParser):
    """Every address that a page names."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            if name in ("href", "src", "poster") and value:
                self.found.add(value)
            if name == "srcset" and value:
                self.found |= {one.split()[0] for one in value.split(",")}
            if name == "content" and value and value.startswith(ORIGIN):
                self.found.add(value)


def links_in(file: Path) -> set[str]:
    if file.suffix == ".html":
        parser = Links()
        parser.feed(file.read_text("utf-8"))
        return parser.found
    if file.suffix == ".xml":
        tree = etree.parse(file)
        named = set(tree.xpath("//@href")) | {node.text for node in tree.iter("{*}loc")}
        return {address for address in named if address}
    if file.suffix == ".css":
        return set(re.findall(r"url\(([^)]+)\)", file.read_text("utf-8")))
    return set()


def broken_links(root: Path) -> set[tuple[str, str]]:
    """What the files of a site name, and no file stands for."""
    broken = set()
    for file in [path for path in root.rglob("*") if path.is_file()]:
        here = f"{ORIGIN}/{file.relative_to(root)}"
        for link in links_in(file):
            whole = urlsplit(urljoin(here, link))
            if f"{whole.scheme}://{whole.netloc}" != ORIGIN:
                continue
            assert not whole.query, (here, link)  # a file has no pages "?page=2"
            target = root / unquote(whole.path).lstrip("/")
            if whole.path.endswith("/"):
                target = target / "index.html"
            if not target.is_file():
                broken.add((here, link))
    return broken


def written_since(root: Path, before: dict[str, int]) -> set[str]:
    return {name for name, time in times(root).items() if before.get(name) != time}


def times(root: Path) -> dict[str, int]:
    return {
        str(path.relative_to(root)): path.stat().st_mtime_ns
        for path in root.rglob("*")
        if path.is_file() and not path.name.startswith(".stoppress-export")
    }


def test_every_link_of_an_exported_site_leads_to_a_file(site):
    exported(site)
    assert broken_links(site) == set()
    there = times(site)
    for name in [
        *("index.html", "404.html", "robots.txt", "sitemap.xml", "sitemap/pages.xml"),
        *("sitemap/2026-03-14.xml", "latest/index.html", "corrections/index.html"),
        *("world/index.html", "world/islands/index.html", "2026/03/index.html"),
        *("harbour/2026/01/index.html", "authors/mira-lund/index.html", "search/index.html"),
        *("authors/mira-lund/2026/01/index.html", "world/2026/03/14/in-pictures/index.html"),
        *("feed/index.xml", "feed/full/index.xml", "world/feed/index.xml", "feed/index.html"),
        *("authors/mira-lund/feed/index.xml", "world/2026/03/14/feed/index.html"),
    ]:
        assert name in there, name
    assert any(name.startswith("media/") for name in there)
    assert any(name.startswith("topics/") for name in there)
    assert differences(site) == (len(there), [])


def test_a_page_is_whole_without_the_edge(site):
    exported(site)
    page = (site / "world/2026/03/14/in-pictures/index.html").read_text("utf-8")
    assert "<!--part:" not in page
    assert "data-rail-list" in page
    assert "<html data-exported " in page
    assert "default-src 'none'" in page.replace("&#x27;", "'")
    assert "frame-ancestors" not in page
    assert '"/feed/index.xml"' in page
    assert page.index("charset") < 1024
    assert "can’t be searched" in (site / "search/index.html").read_text("utf-8")


def test_a_second_export_writes_nothing(site):
    first, before = exported(site).tally, times(site)
    second = exported(site).tally
    assert (second.written, second.removed) == (0, 0)
    assert second.unchanged == first.written == len(before)
    assert times(site) == before


def test_only_what_a_story_touches_is_written_again(site):
    exported(site)
    before = times(site)
    story("Storm ahead", section="harbour")
    outcome = exported(site)
    written = written_since(site, before)
    assert outcome.tally.written == len(written)
    assert {"harbour/2026/03/14/storm-ahead/index.html", "index.html"} <= written
    assert {"harbour/index.html", "harbour/2026/03/index.html", "feed/index.xml"} <= written
    untouched = {"world/feed/index.xml", "2026/01/index.html", "robots.txt", "404.html"}
    assert untouched.isdisjoint(written)  # what shows the rail is new, what doesn't is not
    assert untouched <= before.keys()
    assert broken_links(site) == set()


def test_a_kill_takes_the_page_and_all_that_leads_to_it(site):
    bad = story("Libel", section="harbour", lead_picture=picture("Face"))
    exported(site)
    before = times(site)
    page = site / "harbour/2026/03/14/libel/index.html"
    assert page.is_file()
    kill(bad, reason="Not true.")
    exported(site)
    assert not page.parent.exists()
    assert not [name for name in times(site) if b"Libel" in (site / name).read_bytes()]
    gone = {name for name in before if name not in times(site)}
    assert any(name.startswith("media/") for name in gone)
    assert broken_links(site) == set()


def test_former_addresses_lead_to_where_things_are(site):
    moved = story("Moved on")
    former = moved.url
    moved.move(section("harbour"), pos="last-child")
    world = section("world")
    world.slug = "globe"
    publish_section(world)
    exported(site)
    table = dict(re.findall(r'"(.+)" "(.+)";', (site / REDIRECTS).read_text("utf-8")))
    now = "/harbour/2026/03/14/moved-on/"
    assert table[former] == now
    assert table["/world/"] == "/globe/"
    assert table["/world/feed/"] == "/globe/feed/index.xml"
    assert table["/world/2026/03/"] == "/globe/2026/03/"
    stub = (site / former.strip("/") / "index.html").read_text("utf-8")
    assert f'<link rel="canonical" href="{ORIGIN}{now}">' in stub
    assert f'content="0; url={now}"' in stub
    assert broken_links(site) == set()


def test_a_page_that_fails_keeps_the_file_it_had(site, monkeypatch):
    exported(site)
    from stoppress.newsroom.views import latest

    def fails(*_):
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr(latest, "read_latest", fails)
    outcome = export(site, lambda *_: None)
    assert [path for path, _ in outcome.failed] == ["/latest/"]
    assert (site / "latest/index.html").is_file()
    assert differences(site)[1] == []


def test_servers_of_files_serve_it(site):
    moved = story("Moved on")
    former, now = moved.url, "/harbour/2026/03/14/moved-on/"
    moved.move(section("harbour"), pos="last-child")
    exported(site)
    with plain_server(site) as address, httpx.Client(base_url=address) as client:
        front = client.get("/")
        assert front.headers["content-type"] == "text/html"
        assert "The Tidewater Post" in front.text
        assert now in client.get(former).text
        assert client.get("/feed/index.xml").headers["content-type"].endswith("xml")
        assert client.get(now).status_code == 200
    with nginx_of_files(site) as front, httpx.Client(base_url=front.address) as client:
        moved = client.get(former)
        assert moved.status_code == 301
        assert urlsplit(moved.headers["location"]).path == now
        assert client.get(now).headers["x-content-type-options"] == "nosniff"
        assert client.get("/feed/").headers["content-type"] == "text/xml"
        never = client.get("/never/was/")
        assert never.status_code == 404
        assert "There is no page here" in never.text
        for ours in (".stoppress-export.json", REDIRECTS):
            assert client.get(f"/{ours}").status_code == 404


@contextmanager
def plain_server(root: Path) -> Iterator[str]:
    handler = functools.partial(Quiet, directory=str(root))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass

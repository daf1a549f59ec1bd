"""Look at the theme without a newsroom: `python -m tests.theme.preview [PORT]`.

Serves every sample page on 127.0.0.1 with the edge's content security policy, and answers the
readers' calls (/-/parts/latest/, /-/reads, /-/live) as the edge would. `/` lists the pages.
"""

import json
import sys
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import brotli

from stoppress.theme import assets, render, shapes
from tests.theme import sample_kinds, sample_pages
from tests.theme.sample_drawings import drawing

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; "
    "frame-src https://player.vimeo.com; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
LIVE = 'retry: 600000\nid: 41\nevent: change\ndata: {"change": 41, "tags": ["list:latest"]}\n\n'
HOLE = "<!--part:latest-->"
MOST_READ_HOLES = ("<!--part:most-read-->", "<!--part:most-read-12-->")


def rail(first: int = 0) -> str:
    """Lay out the rail as the press would print it."""
    return render(
        "components/rail.html", cards=sample_pages.cards(first, 10), paper=sample_pages.PAPER
    )


def most_read(first: int = 1, count: int = 5, section: shapes.Link | None = None) -> str:
    """Lay out the most read as the press would print it."""
    most = shapes.MostRead(sample_pages.cards(first, count), "day", section)
    return render("components/most_read.html", most=most, paper=sample_pages.PAPER)


def filled(page: str, newest: int = 0) -> str:
    """Lay the parts into a page, as the edge does."""
    whole = page.replace(HOLE, rail(newest))
    for hole, section in zip(MOST_READ_HOLES, (None, sample_pages.WORLD), strict=True):
        whole = whole.replace(hole, most_read(section=section))
    return whole


def pages() -> dict[str, str]:
    """Lay out every sample page, its hole filled, by name."""
    known = sample_kinds.kinds() | sample_kinds.hard_cases()
    return {
        name: filled(render(template, **context), newest=2)
        for name, (template, context) in known.items()
    }


class Handler(BaseHTTPRequestHandler):
    """Answers one request for a sample page or one of its files."""

    protocol_version = "HTTP/1.1"

    def __init__(self, shown: dict[str, str], calls: list[str], *args: object) -> None:
        self.shown = shown
        self.calls = calls
        super().__init__(*args)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        """Serve a page, a part, the theme's files or a drawing."""
        path = self.path.split("?")[0]
        static = path.removeprefix(assets.STATIC_URL + assets.PREFIX)
        if path.strip("/") in self.shown:
            self.answer(self.shown[path.strip("/")], "text/html; charset=utf-8")
        elif path == "/":
            links = "".join(f'<li><a href="/{name}/">{name}</a></li>' for name in self.shown)
            self.answer(f"<!doctype html><title>Pages</title><ul>{links}</ul>", "text/html")
        elif path == "/-/parts/latest/":
            self.answer(rail(), "text/html; charset=utf-8")
        elif path == "/-/live":
            self.answer(LIVE, "text/event-stream")
        elif static in assets.hashed_files():
            self.answer(assets.hashed_files()[static], kind_of(static))
        elif path.startswith("/media/sample-"):
            self.answer(drawing(path), "image/svg+xml")
        else:
            self.answer("Not found", "text/plain", status=404)

    def do_POST(self) -> None:
        """Count a view."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        self.calls.append(body)
        asked = json.loads(body)
        self.answer(json.dumps({"article": asked["article"], "views": 1739}), "application/json")

    def answer(self, body: str | bytes, kind: str, status: int = 200) -> None:
        """Send a body as the edge would: compressed, with the policy of readers' pages."""
        whole = body.encode() if isinstance(body, str) else body
        packed = brotli.compress(whole, quality=5)
        self.send_response(status)
        self.send_header("Content-Type", kind)
        if kind != "font/woff2":
            self.send_header("Content-Encoding", "br")
            whole = packed
        self.send_header("Content-Length", str(len(whole)))
        self.send_header("Content-Security-Policy", POLICY)
        if self.path.startswith("/static/"):
            self.send_header("Cache-Control", "public, max-age=31536000, immutable")
        self.end_headers()
        self.wfile.write(whole)

    def log_message(self, format: str, *args: object) -> None:
        """Stay quiet."""


def kind_of(name: str) -> str:
    """Return the media type of one of the theme's files."""
    endings = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
    return endings.get(name.rpartition(".")[2], "font/woff2")


def server(port: int = 0) -> tuple[ThreadingHTTPServer, list[str]]:
    """Make a server on a port (0: any free one) and the list of views it has counted."""
    calls: list[str] = []
    return ThreadingHTTPServer(("127.0.0.1", port), partial(Handler, pages(), calls)), calls


if __name__ == "__main__":
    serving, _ = server(int(sys.argv[1]) if len(sys.argv) > 1 else 8900)
    sys.stdout.write(f"http://127.0.0.1:{serving.server_address[1]}/\n")
    sys.stdout.flush()
    serving.serve_forever()

"""A real newsroom with as many stories as wanted, and its processes, each kept to a CPU."""

from __future__ import annotations

import contextlib
import os
import random
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.servers import Server, ended, on_cpu, wait_until_listening

SECTIONS = ("World", "City", "Business", "Sport", "Science")
FEWEST_WORDS, MOST_WORDS = 650, 2450  # 7 to 15 KB when the page is compressed
WORDS_A_PARAGRAPH = 60
MINUTES_BETWEEN_STORIES = 17


@contextlib.contextmanager
def newsroom(stories: int) -> Iterator[Path]:
    """Found a newsroom in a folder of its own and load it with stories."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        home = Path(name) / "paper"
        editor = (
            "--name",
            "Ada",
            "--email",
            "ada@paper.example",
            "--password",
            f"bench-{os.urandom(9).hex()}",
        )
        _run(home, "-m", "stoppress.cli", "init", str(home), "--paper", "The Bench", *editor)
        _run(home, "-c", f"from bench.newsrooms import fill; fill({stories})")
        yield home


def story_paths(home: Path) -> list[str]:
    """The addresses of all stories, oldest first."""
    code = "from bench.newsrooms import print_paths; print_paths()"
    return _run(home, "-c", code).split()


@contextlib.contextmanager
def app(home: Path, *, cpu: int) -> Iterator[Server]:
    """The app on its Unix socket."""
    command = on_cpu(cpu, [sys.executable, "-m", "stoppress.cli", "run", "app"])
    process = subprocess.Popen(command, env=_environment(home), stderr=subprocess.DEVNULL)
    with ended(process):
        yield Server(0, process.pid)


@contextlib.contextmanager
def edge(home: Path) -> Iterator[Server]:
    """One edge worker, on CPU 0."""
    with socket.create_server(("127.0.0.1", 0), backlog=4096) as listener:
        arguments = ["-m", "stoppress.cli", "run", "edge", "--fd", str(listener.fileno())]
        process = subprocess.Popen(
            on_cpu(0, [sys.executable, *arguments]),
            pass_fds=[listener.fileno()],
            env=_environment(home),
            stderr=subprocess.DEVNULL,
        )
        with ended(process):
            port = listener.getsockname()[1]
            wait_until_listening(port)
            yield Server(port, process.pid)


@contextlib.contextmanager
def django_alone(home: Path) -> Iterator[Server]:
    """The same pages, rendered for each request by Django on one uvicorn worker, on CPU 0."""
    with socket.create_server(("127.0.0.1", 0), backlog=4096) as listener:
        code = f"from bench.newsrooms import serve_alone; serve_alone({listener.fileno()})"
        process = subprocess.Popen(
            on_cpu(0, [sys.executable, "-c", code]),
            pass_fds=[listener.fileno()],
            env=_environment(home),
            stderr=subprocess.DEVNULL,
        )
        with ended(process):
            port = listener.getsockname()[1]
            wait_until_listening(port)
            yield Server(port, process.pid)


# In processes of the newsroom


def fill(count: int) -> None:
    """Publish stories of random words, one every few minutes up to now."""
    _open()
    from stoppress.newsroom.actions import create_author, create_section, publish_new
    from stoppress.press.changes import changing

    chance = random.Random(7)
    words = _words(chance)
    now = datetime.now(UTC)
    with changing("fill a newsroom to measure"):
        sections = [create_section(name) for name in SECTIONS]
        author = create_author("Ada Bench")
        for number in range(count):
            before = timedelta(minutes=MINUTES_BETWEEN_STORIES * (count - number))
            publish_new(
                section=chance.choice(sections),
                headline=" ".join(chance.choices(words, k=8)).capitalize(),
                standfirst=" ".join(chance.choices(words, k=20)).capitalize(),
                body=[("text", paragraph) for paragraph in _paragraphs(chance, words)],
                byline=[author],
                published_at=now - before,
            )


def print_paths() -> None:
    """Print the addresses of all stories, oldest first."""
    _open()
    from stoppress.newsroom.addresses import current_urls
    from stoppress.newsroom.models import Article

    ids = list(Article.objects.live().order_by("pk").values_list("pk", flat=True))
    print(*current_urls(ids).values(), sep="\n")


def serve_alone(fd: int) -> None:
    """Serve pages as Django does by itself: middleware, view, template; nothing is kept."""
    _open()
    import uvicorn
    from asgiref.sync import sync_to_async

    from stoppress.press.render import render_edition
    from stoppress.press.snapshot import snapshot

    def render(path: str) -> Any:
        with snapshot() as seen:
            return render_edition(path, seen)

    async def application(scope: Any, receive: Any, send: Any) -> None:
        made = await sync_to_async(render)(scope["path"])
        headers = [*made.headers, (b"content-length", b"%d" % len(made.body))]
        await send({"type": "http.response.start", "status": made.status, "headers": headers})
        await send({"type": "http.response.body", "body": made.body})

    uvicorn.run(
        application, fd=fd, loop="uvloop", http="httptools", lifespan="off", log_config=None
    )


def _open() -> None:
    from stoppress.cli.opening import open_newsroom

    open_newsroom()


def _words(chance: random.Random) -> list[str]:
    return [
        "".join(chance.choices("abcdefghiklmnoprstuvw", k=chance.randint(2, 11)))
        for _ in range(9000)
    ]


def _paragraphs(chance: random.Random, words: list[str]) -> Iterator[str]:
    left = chance.randint(FEWEST_WORDS, MOST_WORDS)
    while left > 0:
        yield f"<p>{' '.join(chance.choices(words, k=WORDS_A_PARAGRAPH)).capitalize()}.</p>"
        left -= WORDS_A_PARAGRAPH


def _environment(home: Path) -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("STOPPRESS_")}
    return {**ours, "STOPPRESS_HOME": str(home)}


def _run(home: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        env=_environment(home),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"The newsroom could not be made:\n{done.stdout}{done.stderr}")
    return done.stdout

"""What a worker has ready, how parts come into it, and that a cold disk holds up nobody."""

from __future__ import annotations

import asyncio
import gzip
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stoppress.edge.editions import split_at_holes
from stoppress.edge.encodings import encode
from stoppress.edge.errors import StoreUnavailable
from stoppress.edge.parts import Filling, Frame
from stoppress.edge.policy import Policy
from stoppress.edge.records import pack, unpack
from stoppress.edge.shelf import Shelf
from stoppress.edge.uses import Uses
from tests.edge.loops import ColdDisk, a_worker, in_a_loop
from tests.edge.newsroom import STORE_MAX_BYTES, edition

GZIP = ("gzip", "identity")
PAGE = "<p>" + "The harbour board met again. " * 100
STORY = f"{PAGE}<aside><!--part:latest--></aside>{PAGE}<!--part:most-read--> end"


class Kept:
    """A shelf over a store of its own."""

    def __init__(self, folder: Path, **more: int) -> None:
        self.store = ColdDisk.open(folder / "store", max_bytes=STORE_MAX_BYTES)
        self.counted: Counter[str] = Counter()
        policy = Policy(origin="http://paper.example")
        self.shelf = Shelf(self.store, policy, self.counted, Uses(folder), **more)

    def close(self) -> None:
        self.shelf.close()
        self.store.close()

    async def body(self, path: str, accepted: tuple[str, ...] = GZIP) -> bytes:
        answer = await self.shelf.load(path, accepted)
        assert answer is not None
        return gzip.decompress(answer.body) if answer.coding == "gzip" else answer.body


def run(folder: Path, story: Callable[[Kept], Awaitable[None]], **more: int) -> None:
    kept = Kept(folder, **more)
    try:
        asyncio.run(story(kept))
    finally:
        kept.close()


def filled(latest: str, most_read: str = "") -> bytes:
    return f"{PAGE}<aside>{latest}</aside>{PAGE}{most_read} end".encode()


def test_a_new_story_reprints_no_archive_page(folder: Path) -> None:
    """A hundred pages carry the rail: those asked for are composed anew in memory, none is read."""

    async def story(kept: Kept) -> None:
        for number in range(100):
            kept.store.put(edition(f"/{number}/", STORY, tags={f"article:{number}"}))
        kept.store.put(edition("/-/parts/latest/", "<ol>old</ol>", tags={"list:latest"}))
        for number in range(100):
            assert await kept.body(f"/{number}/") == filled("<ol>old</ol>")
        kept.store.found.clear()
        kept.counted.clear()
        rail = edition("/-/parts/latest/", "<ol>new</ol>", tags={"list:latest"}, change=1)
        kept.store.apply(1, touched=["list:latest"], gone=[], fresh=[rail])
        for number in range(10):
            for _ in range(3):
                answer = kept.shelf.find(f"/{number}/", GZIP)
                assert answer is not None
                assert gzip.decompress(answer.body) == filled("<ol>new</ol>")
                assert dict(answer.headers)[b"content-length"] == b"%d" % len(answer.body)
        assert kept.counted == {"recomposed": 10}
        assert kept.store.found == {"/-/parts/latest/": 1}
        assert kept.store.stale_paths(10) == []

    run(folder, story)


def test_a_part_comes_and_goes_with_its_page_standing(folder: Path) -> None:
    async def story(kept: Kept) -> None:
        kept.store.put(edition("/a/", STORY))
        answer = await kept.shelf.load("/a/", GZIP)
        assert answer is not None
        assert answer.missing == ("latest", "most-read")
        assert await kept.body("/a/", ("identity",)) == filled("")
        kept.store.put(edition("/-/parts/most-read/", "<ol/>", tags={"x"}))
        assert await kept.body("/a/") == filled("", "<ol/>")
        assert await kept.body("/a/", ("identity",)) == filled("", "<ol/>")
        kept.store.apply(1, touched=[], gone=["x"])
        assert await kept.body("/a/") == filled("")

    run(folder, story)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.binary(max_size=3000), min_size=1, max_size=6), st.binary(max_size=2000))
def test_composed_gzip_is_what_the_plain_page_says(pieces: list[bytes], part: bytes) -> None:
    body = b"<!--part:latest-->".join(pieces)
    segments, names = split_at_holes(body)
    page = unpack(pack(edition("/a/", body)), is_stale=False)
    filling = Filling.of(unpack(pack(edition("/p/", part.replace(b"<!--", b""))), is_stale=False))
    assert page is not None
    if names:
        composed = Frame.of(page, "gzip").fill([filling] * len(names))
        assert gzip.decompress(composed) == filling.plain.data.join(segments)
    else:
        assert encode(segments)


def test_those_who_miss_the_shelf_together_share_one_read(folder: Path) -> None:
    async def story(kept: Kept) -> None:
        kept.store.put(edition("/a/", PAGE))
        answers = await asyncio.gather(*(kept.shelf.load("/a/", GZIP) for _ in range(50)))
        assert kept.store.found == {"/a/": 1}
        assert len({id(answer) for answer in answers}) == 1

    run(folder, story)


def test_clients_with_the_same_best_coding_share_one_answer(folder: Path) -> None:
    async def story(kept: Kept) -> None:
        kept.store.put(edition("/a/", STORY))
        first = await kept.shelf.load("/a/", ("br", "zstd", "gzip", "identity"))
        assert kept.shelf.find("/a/", ("br", "gzip", "identity")) is first
        assert kept.shelf.find("/a/", GZIP) is first
        assert kept.shelf.find("/a/", ("identity",)) is None

    run(folder, story)


def test_the_shelf_holds_no_more_than_it_may(folder: Path) -> None:
    """Redirects have no body: what counts is what an answer takes."""

    async def story(kept: Kept) -> None:
        for number in range(300):
            moved = ((b"location", b"/world/"),)
            kept.store.put(edition(f"/{number}/", status=301, headers=moved))
            assert await kept.shelf.load(f"/{number}/", GZIP)
        here = [number for number in range(300) if kept.shelf.find(f"/{number}/", GZIP)]
        assert here == list(range(here[0], 300))
        assert 10 < len(here) < 100

    run(folder, story, max_bytes=256 * 1024)


def test_a_takedown_counts_from_the_next_request(folder: Path) -> None:
    async def story(kept: Kept) -> None:
        kept.store.put(edition("/a/", STORY, tags={"article:1"}))
        assert await kept.shelf.load("/a/", GZIP)
        kept.store.apply(1, touched=["article:1"], gone=[])
        stale = await kept.shelf.load("/a/", GZIP)
        assert stale is not None
        assert stale.is_stale
        kept.store.apply(2, touched=[], gone=["article:1"])
        assert kept.shelf.find("/a/", GZIP) is None
        assert await kept.shelf.load("/a/", GZIP) is None

    run(folder, story)


def test_a_page_on_a_cold_disk_holds_up_nobody_else(folder: Path) -> None:
    """While one reader waits for the disk, others get what is in memory, and the live stream."""

    async def story() -> None:
        async with a_worker(folder) as worker:
            store, ask = worker.disk, worker.ask
            store.put(edition("/hot/", "hot"))
            store.put(edition("/cold/", "cold"))
            assert (await ask("/hot/")).endswith(b"hot")
            store.may_answer.clear()
            cold = asyncio.create_task(ask("/cold/"))
            for _ in range(20):
                assert (await ask("/hot/")).endswith(b"hot")
            assert not cold.done()
            store.may_answer.set()
            assert (await cold).endswith(b"cold")
            store.may_answer.clear()
            assert (await ask("/cold/")).endswith(b"cold")  # from memory now
            store.may_answer.set()

    in_a_loop(story())


def test_a_store_that_can_not_be_read_is_said_to_be_so(folder: Path) -> None:
    kept = Kept(folder)
    kept.close()
    with pytest.raises(StoreUnavailable):
        kept.shelf.find("/a/", GZIP)

"""Countries: told by the newsroom's own database, of no reader who asks for privacy."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from stoppress.edge.countries import Countries
from stoppress.edge.errors import CountryDatabaseUnusable
from stoppress.edge.journal import Journal
from stoppress.edge.store import Store
from tests.edge.mmdb import write_mmdb
from tests.edge.newsroom import STORE_MAX_BYTES, edge_worker, edition

BROWSER = {
    "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "accept-language": "en",
    "origin": "http://paper.example",
    "content-type": "application/json",
}


@pytest.mark.parametrize(
    ("record", "letters"),
    [
        ({"country": {"iso_code": "NO"}}, "NO"),
        ({"country_code": "NO", "country": "Norway"}, "NO"),
        ({"country": "NO"}, "NO"),
        ({"country": {"iso_code": "Norway"}}, ""),
        ({"country": "Norway"}, ""),
        ({"city": "Oslo"}, ""),
        ("NO", ""),
    ],
)
def test_records_of_several_makers_are_read(tmp_path: Path, record: Any, letters: str) -> None:
    countries = Countries(write_mmdb(tmp_path / "c.mmdb", {"192.0.2.0/24": record}))
    assert countries.of("192.0.2.7") == letters


@pytest.mark.parametrize("address", ["198.51.100.1", "2001:db8::1", "", "nowhere", "192.0.2"])
def test_what_is_not_in_it_is_in_no_country(tmp_path: Path, address: str) -> None:
    countries = Countries(write_mmdb(tmp_path / "c.mmdb", {"192.0.2.0/24": {"country": "NO"}}))
    assert countries.of(address) == ""


@pytest.mark.parametrize("content", [b"", b"no database", b"\x00" * 4096])
def test_a_file_that_is_no_database_is_said_to_be_none(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "c.mmdb"
    file.write_bytes(content)
    with pytest.raises(CountryDatabaseUnusable, match=r"c\.mmdb .* Fetch it again"):
        Countries(file)
    with pytest.raises(CountryDatabaseUnusable, match="is not there"):
        Countries(tmp_path / "other.mmdb")


def test_a_view_is_of_its_readers_country_unless_they_ask_for_privacy(folder: Path) -> None:
    store = Store.open(folder / "store", max_bytes=STORE_MAX_BYTES)
    store.discard("a lineage")
    store.put(edition("/story/", tags={"article:7"}))
    file = write_mmdb(folder / "c.mmdb", {"127.0.0.0/8": {"country": {"iso_code": "NO"}}})
    journal = Journal.open(folder / "journal")
    staff = {"cookie": "stoppress_staff=1"}
    signals: list[dict[str, str]] = [{}, {"dnt": "1"}, {"sec-gpc": "1"}, staff]
    with edge_worker(folder, f"--country-database={file}") as worker, worker.client() as client:
        for number, signal in enumerate(signals, 1):
            agent = {"user-agent": f"{BROWSER['user-agent']}.{number}"}
            told = json.dumps({"version": 2, "article": 7, "visit": f"{number:016x}"})
            answer = client.post("/-/reads", content=told, headers=BROWSER | agent | signal)
            assert answer.status_code == 200
    batch = journal.seal()
    assert batch is not None
    assert [source[2:] for source in batch.sources] == [("country", "NO", 1)]
    assert sum(row[2] for row in batch.rows) == 3
    for file_of_journal in (folder / "journal").iterdir():
        assert b"127.0.0.1" not in file_of_journal.read_bytes()
    journal.close()
    store.close()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_named(tmp_path: Path) -> None:
    file = write_mmdb(tmp_path / "c.mmdb", {"192.0.2.0/24": {"country": "NO"}})
    file.chmod(0)
    with pytest.raises(CountryDatabaseUnusable, match="Grant this user read access"):
        Countries(file)

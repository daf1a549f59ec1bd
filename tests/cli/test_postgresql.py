"""A newsroom on PostgreSQL: founded, checked, and serving a story, by the real commands."""

import re
import signal

import pytest

from tests.cli.conftest import EDITOR
from tests.cli.test_serve import ENDING_SECONDS, Served
from tests.waiting import until

PAGE = """\
The ferry is back on the Tuesday run

By Tamsin Rook

The ferry to the outer islands sails again on Tuesdays, the harbour office said at noon, after
eleven weeks in which the islanders had to make do with the mail boat and with what it had room for.
"""


@pytest.fixture
def database(cluster) -> str:
    """An empty database of one's own, as STOPPRESS_DATABASE takes it."""
    cluster.run("CREATE DATABASE founded")
    return cluster.address("founded")


@pytest.mark.long
@pytest.mark.postgresql
def test_a_newsroom_is_founded_and_served_on_postgresql(stoppress, database, tmp_path):
    home = tmp_path / "harbour-post"

    def command(*arguments: str, said: str = "") -> str:
        done = stoppress(*arguments, home=home, said=said, STOPPRESS_DATABASE=database)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    command("init", str(home), *EDITOR)
    assert not (home / "data" / "newsroom.sqlite3").exists()
    assert "This newsroom is in order." in command("doctor")
    served = Served(home, STOPPRESS_DATABASE=database)
    try:
        served.wait_until_ready()
        assert "ferry is back" not in served.get("/").text
        command(
            *("import", "page", "-", "--section", "World", "--publish"),
            *("--retrieved", "2025-11-23T12:00:00Z"),
            said=PAGE,
        )
        until(lambda: "ferry is back" in served.get("/").text, "the story on the front page")
        story = re.search(r'href="(/world/[^"]+/)"[^>]*>[^<]*ferry', served.get("/world/").text)
        assert story is not None
        assert "the mail boat" in served.get(story[1]).text
        assert "/world/" in command("receipt")
        served.process.send_signal(signal.SIGTERM)
        assert served.process.wait(ENDING_SECONDS) == 0
    finally:
        served.end()

"""`stoppress recount` and `stoppress reconcile`, as somebody who types them sees them."""

import json
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from stoppress.edge.journal import Journal
from stoppress.edge.views import View
from tests.cli.conftest import environment, run_command
from tests.journals import append

HOUR = int(datetime(2026, 11, 25, 10, tzinfo=UTC).timestamp())
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def database(newsroom: Path) -> sqlite3.Connection:
    return sqlite3.connect(newsroom / "data" / "newsroom.sqlite3")


def count(newsroom: Path, *views: View) -> None:
    """Have views counted and shipped, as the edge and the clock do."""
    with closing(Journal.open(newsroom / "data" / "journal")) as journal:
        append(journal, *views)
    code = (
        "from stoppress.cli.opening import open_newsroom; open_newsroom(); "
        "from stoppress.cli.duties import ship_views; ship_views()"
    )
    subprocess.run([sys.executable, "-c", code], env=environment(newsroom), check=True)


@pytest.fixture
def read_newsroom(newsroom) -> tuple[Path, int, str]:
    """A newsroom with a story that two have read; its number, and its address."""
    for number in ("0", "1"):
        command = [sys.executable, "-m", "tests.chaos.publisher", number]
        subprocess.run(command, env=environment(newsroom), check=True, capture_output=True)
    with closing(database(newsroom)) as rows:
        article, day, slug = rows.execute(
            "SELECT article_id, date, slug FROM newsroom_articleaddress"
        ).fetchone()
    count(newsroom, View(article, HOUR + 11, 1), View(article, HOUR + 12, 2))
    return newsroom, article, f"/world/{day.replace('-', '/')}/{slug}/"


def test_recount_proves_tells_and_mends(read_newsroom):
    home, article, _ = read_newsroom
    done = run_command("recount", home=home)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Totals and journals agree." in done.stdout
    with closing(database(home)) as rows:
        rows.execute("UPDATE readership_articlehour SET views = 9 WHERE article_id > 0")
        rows.commit()
    done = run_command("recount", home=home)
    assert done.returncode == 1
    told = f"article {article}, 2026-11-25 10:00 UTC: views 9, the journals say 2"
    assert told in done.stdout
    assert "--mend puts them right" in done.stdout
    done = run_command("recount", "--mend", "--json", home=home)
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout)["mended"]
    assert run_command("recount", home=home).returncode == 0


def test_recount_without_a_journal_says_where_to_run_it(newsroom):
    done = run_command("recount", home=newsroom)
    assert done.returncode == 1
    assert "There is no journal in" in done.stderr
    assert not list((newsroom / "data" / "journal").glob("*.mdb"))


def test_reconcile_explains_a_log(read_newsroom, tmp_path):
    home, article, address = read_newsroom
    log = tmp_path / "access.log"

    def line(second: int, what: str, who: int, referrer: str = "-", agent: str = BROWSER) -> str:
        at = datetime.fromtimestamp(HOUR + second, UTC)
        return (
            f"203.0.113.{who} - - [{at:%d/%b/%Y:%H:%M:%S} +0000] "
            f'"{what} HTTP/1.1" 200 10 "{referrer}" "{agent}"\n'
        )

    page, reports = f"GET {address}", f"https://news.example{address}"
    log.write_text(
        line(-5, "GET /", 1)
        + line(10, page, 1)
        + line(11, "POST /-/reads", 1, reports)
        + line(10, page, 2)
        + line(12, "POST /-/reads", 2, reports)
        + line(13, page, 3, agent="curl/8.5.0")
        + line(14, page, 4)
        + "nonsense\n"
        + line(3700, "GET /", 1)
    )
    done = run_command("reconcile", str(log), home=home)
    assert done.returncode == 0, done.stdout + done.stderr
    for said in (
        "Compared: 2026-11-25 10:00 to 2026-11-25 11:00 UTC. The log's clock is at UTC +00:00.",
        "9  lines",
        "-1  - malformed",
        "4  = requests of articles",
        "-1  - robots, by their agent",
        "2  = views counted",
        "line 8: It is neither",
        f"4  1  0  1  0  2  0  2  0  {address}",
    ):
        assert said in done.stdout, done.stdout
    done = run_command("reconcile", "--json", str(log), home=home)
    (told,) = json.loads(done.stdout)["articles"]
    assert (told["article"], told["url"], told["views"]) == (article, address, 2)
    assert (told["robot"], told["not_seen"], told["not_explained"]) == (1, 1, 0)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ((), 2, "ACCESSLOG"),
        (("--since", "2026-11-25T10:30"), 2, "no whole hour"),
        (("--since", "2026-11-25T10:00", "--until", "2026-11-25T09:00"), 1, "no whole hour"),
    ],
)
def test_reconcile_says_what_is_wrong(newsroom, tmp_path, arguments, code, said):
    log = tmp_path / "log"
    log.write_text("")
    done = run_command("reconcile", *arguments, *([str(log)] if arguments else []), home=newsroom)
    assert done.returncode == code
    assert re.search(said, done.stderr)

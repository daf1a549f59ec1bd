"""Views are reported while processes are killed: what is counted is what the rules say, exactly.

`EXACT_VIEWS` (6000) and `EXACT_KILLS` (2, of each) make a longer run, `EXACT_SEED` another one. A
failure names the seed. See docs/explanation/exact-counts.md.
"""

import asyncio
import json
import os
import random
import re
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from stoppress.edge.views import OF_KIND
from tests.chaos.conftest import served_newsroom
from tests.chaos.counting_client import Answers, Browsers
from tests.chaos.counting_pattern import EVENING, STEPS, ZONE, Pattern, Step
from tests.chaos.papertime import WallClock
from tests.cli.conftest import environment, run_command
from tests.cli.test_serve import Served
from tests.counting import DAY, REPEAT, Expected, Report, model
from tests.waiting import until

VIEWS = int(os.environ.get("EXACT_VIEWS", "6000"))
SEED = int(os.environ.get("EXACT_SEED", "1"))
STORIES = 12
MOST_FROM_NETWORK = 40
KILLS_OF_EACH = int(os.environ.get("EXACT_KILLS", "2"))
REPORTS_A_SECOND = 2000  # about; to spread kills over a step
COUNTED_SECONDS = 60

Kill = Callable[[], None]
Rows = Callable[[str], list[tuple[Any, ...]]]
LINK = re.compile(r'href="(?:https?://[^/"]+)?(/world/\d{4}/\d\d/\d\d/barge-\d{5}-sails/)"')
ARTICLE = re.compile(r'data-article="(\d+)"')


class Killer:
    """Kills each of some processes a few times, each time at a random moment of a random step.

    Not more often: the supervisor lets a process that dies again and again wait ever longer. The
    workers die once more as a day begins: those that follow must know readers of before midnight.
    """

    def __init__(self, kills: dict[str, Kill], seed: int) -> None:
        self.killed: Counter[str] = Counter()
        self._kills = kills
        self._choose = random.Random(seed)
        victims = self._choose.sample(sorted(kills) * KILLS_OF_EACH, len(kills) * KILLS_OF_EACH)
        steps = self._choose.sample(range(STEPS), len(victims))
        self._victims = dict(zip(steps, victims, strict=True))
        self._day = 0.0

    @contextmanager
    def at_work(self, number: int, step: Step) -> Iterator[None]:
        """Kill whom it is to kill while a step is being sent."""
        names = [self._victims[number]] if number in self._victims else []
        day = step.at // DAY
        if self._day and day > self._day and step.at % DAY < REPEAT:
            names = ["edge-1", "edge-2"]
        self._day = day
        after = self._choose.uniform(0, len(step.sendings) / REPORTS_A_SECOND)
        with ThreadPoolExecutor(1) as thread:
            done = thread.submit(self._kill, names, after)
            yield
            done.result()

    def _kill(self, names: list[str], after: float) -> None:
        if names:
            threading.Event().wait(after)
        for name in names:
            self._kills[name]()
            self.killed[name] += 1


def kill_of(served: Served, name: str) -> Kill:
    """How to kill a process of the newsroom, as soon as it runs."""

    def act() -> None:
        os.kill(until(lambda: served.pid_of(name), name, seconds=60), signal.SIGKILL)

    return act


def articles_of(served: Served, given: dict[str, str]) -> list[int]:
    """Publish stories and return their numbers, as their pages say them."""
    publisher = [sys.executable, "-m", "tests.chaos.publisher"]
    for count in ("0", str(STORIES)):
        subprocess.run([*publisher, count], env=given, check=True, stdout=subprocess.DEVNULL)

    def links() -> list[str]:
        found = sorted(set(LINK.findall(served.get("/world/").text)))
        return found if len(found) == STORIES else []

    numbers = []
    for link in until(links, "all stories in their section", seconds=60):
        answer = until(lambda link=link: _page(served, link), link, seconds=30)
        found = ARTICLE.search(answer)
        assert found is not None, answer
        numbers.append(int(found[1]))
    return numbers


def _page(served: Served, link: str) -> str:
    answer = served.get(link)
    return answer.text if answer.is_success else ""


async def report_all(
    browsers: Browsers, pattern: Pattern, clock: WallClock, killer: Killer
) -> tuple[list[Report], int]:
    """Send the whole pattern; return what was acknowledged, and how much was sent in all."""
    history, count = [], 0
    try:
        for number, step in enumerate(pattern.steps()):
            clock.set(step.at)
            with killer.at_work(number, step):
                await browsers.send(step.sendings)
            history += [sending.report for sending in step.sendings if not sending.is_cut]
            count += len(step.sendings)
    finally:
        await browsers.close()
    return history, count


def counted(rows: Rows) -> Expected:
    """What the totals have."""
    found = Expected()
    columns = ", ".join(OF_KIND)
    for article, hour, readers, *numbers in rows(
        f"SELECT article_id, hour, readers, {columns} FROM readership_articlehour"
    ):
        at = int(_utc(hour).timestamp())
        for name, number in zip(OF_KIND, numbers, strict=True):
            if number:
                found.views[article, at, name] += number
        if readers:
            found.readers[article, at // DAY] += readers
    for article, day, name, views in rows(
        "SELECT article_id, day, name, views FROM readership_sourceday WHERE kind = 'referrer'"
    ):
        found.sources[article, date.fromisoformat(str(day)), name] += views
    return found


def _utc(value: Any) -> datetime:
    """A moment, as either database gives it."""
    read = datetime.fromisoformat(str(value))
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)


def difference(found: Counter, due: Counter) -> list[str]:
    """What is not as it should be, a line each."""
    return [
        f"{key}: {found[key]} counted, {due[key]} expected"
        for key in sorted(found.keys() | due.keys())
        if found[key] != due[key]
    ]


def check(
    served: Served, clock: WallClock, kills: dict[str, Kill], rows: Rows, given: dict
) -> None:
    articles = articles_of(served, environment(served.home, **given))
    browsers = Browsers(served.port)
    pattern = Pattern(SEED, articles, VIEWS, most_from_network=MOST_FROM_NETWORK)
    killer = Killer(kills, SEED)
    history, sent = asyncio.run(report_all(browsers, pattern, clock, killer))
    due = model(history, most_from_network=MOST_FROM_NETWORK, zone=ZoneInfo(ZONE))
    answers: Answers = browsers.answers
    told = f"seed {SEED}, {sent} reports, {answers.sent_again} of them again, {dict(killer.killed)}"
    print(f"\n{told}")  # noqa: T201 - for whoever runs it with -s
    assert not answers.faults, (told, answers.faults[:5])
    wait_until_shipped(served, given)
    found = counted(rows)
    faults = [
        *difference(found.views, due.views),
        *difference(found.readers, due.readers),
        *difference(found.sources, due.sources),
    ]
    assert not faults, f"{told}\n" + "\n".join(faults[:40])
    assert set(killer.killed) == set(kills), told
    assert sent >= VIEWS * 0.9


def wait_until_shipped(served: Served, given: dict[str, str]) -> None:
    """Until `stoppress recount` says that totals and journal agree and nothing is on its way."""

    def is_shipped() -> bool:
        done = run_command("recount", "--json", home=served.home, **given)
        assert done.returncode == 0, done.stdout + done.stderr
        nodes = json.loads(done.stdout)["nodes"]
        return all(node["sealed"] and not node["unshipped"] for node in nodes)

    until(is_shipped, "all counts in the totals", seconds=COUNTED_SECONDS)


@contextmanager
def served_by_the_wall_clock(
    folder: Path, **settings: str
) -> Iterator[tuple[Served, WallClock, dict[str, str]]]:
    """A newsroom whose processes all live by a clock that the test sets."""
    with WallClock(folder, EVENING - 600) as clock:
        given = settings | clock.environment
        given |= {"STOPPRESS_TRUSTED_PROXIES": "127.0.0.1", "STOPPRESS_TIME_ZONE": ZONE}
        given |= {"STOPPRESS_VIEWS_PER_NETWORK": str(MOST_FROM_NETWORK)}
        with served_newsroom(folder / "newsroom", **given) as served:
            yield served, clock, given


def kills_of(served: Served) -> dict[str, Kill]:
    return {name: kill_of(served, name) for name in ("edge-1", "edge-2", "clock")}


@pytest.mark.long
def test_every_view_is_counted_once(tmp_path):
    import sqlite3

    with served_by_the_wall_clock(tmp_path) as (served, clock, given):
        file = served.home / "data" / "newsroom.sqlite3"

        def rows(statement: str) -> list[tuple[Any, ...]]:
            connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
            try:
                return connection.execute(statement).fetchall()
            finally:
                connection.close()

        check(served, clock, kills_of(served), rows, given)


@pytest.mark.long
@pytest.mark.postgresql
def test_every_view_is_counted_once_even_if_the_database_is_killed(own_cluster, tmp_path):
    import psycopg

    address = own_cluster.address("chaos")
    with served_by_the_wall_clock(tmp_path, STOPPRESS_DATABASE=address) as (served, clock, given):

        def rows(statement: str) -> list[tuple[Any, ...]]:
            with psycopg.connect(address) as connection:
                return connection.execute(statement).fetchall()

        kills = kills_of(served) | {"database": own_cluster.kill_and_restart}
        check(served, clock, kills, rows, given)

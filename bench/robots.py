"""How many robots are found, and how many readers are taken for robots? Run: make bench-robots.

Robots that are on neither list come from a third source; half of them, chosen by a hash of their
names, were kept back while the rules were written, and so was half of the browsers. Beside ours, in
the same run: each public list alone, and npm's isbot. Prints recall, misjudged shares and time by
agent; asserts nothing. Takes half a minute, and what pip and npm need.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import quantiles

from bench import results, robot_peers
from bench.robot_peers import Agents, Robot
from stoppress.edge import agents as ours
from stoppress.edge.robotrules import MAX_LENGTH, says_so

ROUNDS = 5
_BROWSER = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 "
_STARTS = "http pyth face drea goog elis prim page fuel prer "  # of the lists' texts, the dearest
_HOSTILE = {
    "letters": "a" * MAX_LENGTH,
    "lists' first letters": "".join(text[:4] for text in ("goog", "face", "crawl", "spid")) * 512,
    "opened brackets": "Mozilla/5.0 (compatible" + "; (" * 2700,
    "nearly an address": (_BROWSER + "a.-" * MAX_LENGTH)[: MAX_LENGTH - 1] + "@",
    "nearly a site": (_BROWSER + "a.b" * MAX_LENGTH)[:MAX_LENGTH],
    "nearly Trident": (_BROWSER + "trident/" * MAX_LENGTH)[:MAX_LENGTH],
    "nearly robots": (_BROWSER + _STARTS + "a.b" * MAX_LENGTH)[:MAX_LENGTH],
}
Judge = Callable[[str], bool]


def is_kept_back(name: str) -> bool:
    """Whether it is of the half that nobody looked at when the rules were written."""
    return hashlib.sha256(name.encode()).digest()[0] & 1 == 1


def ours_alone(agent: str) -> bool:
    """Our verdict as the edge comes to it, without its memo."""
    return len(agent) > MAX_LENGTH or ours.judge(agent)


def any_of(patterns: Sequence[re.Pattern[str]]) -> Judge:
    """A list as its package uses it: one expression, in the letters as they are."""
    whole = re.compile("|".join(pattern.pattern for pattern in patterns))
    return lambda agent: whole.search(agent) is not None


def microseconds(judge: Judge, tested: Sequence[str]) -> list[float]:
    """The processor time of each agent, the best of some rounds, sorted."""
    best = [float("inf")] * len(tested)
    for _ in range(ROUNDS):
        for place, agent in enumerate(tested):
            began = time.thread_time_ns()
            judge(agent)
            best[place] = min(best[place], (time.thread_time_ns() - began) / 1000)
    return sorted(best)


def share(found: Sequence[bool]) -> str:
    """In percent, with how many there were."""
    return f"{100 * sum(found) / max(len(found), 1):.2f} % of {len(found):,}"


class Measurement:
    """The corpora, and each judge's verdict on them."""

    def __init__(self, agents: Agents, folder: Path) -> None:
        crawlers, counter = any_of(agents.crawler_patterns), any_of(agents.counter_patterns)
        self.judges: dict[str, Judge] = {
            "Stoppress": ours_alone,
            "its rules, no list": says_so,
            "crawler-user-agents": crawlers,
            "counter-robots": counter,
        }
        self.unlisted = [
            robot
            for robot in agents.independent
            if not crawlers(robot.agent) and not counter(robot.agent)
        ]
        self.unlisted_kept = [robot for robot in self.unlisted if is_kept_back(robot.name)]
        self.held_out = [
            robot
            for robot in agents.crawlers
            if not counter(robot.agent) and is_kept_back(robot.name)
        ]
        self.visits = agents.visits
        self.used = sorted({agent for visits in agents.visits.values() for agent in visits})
        self.museum = agents.museum
        self.museum_kept = [agent for agent in agents.museum if is_kept_back(agent)]
        self.scripted = [agent for agent in self.museum_kept if runs_scripts(agent)]
        said, self.isbot_microseconds = robot_peers.isbot(folder, self._everything())
        verdicts = dict(zip(self._everything(), said, strict=True))
        self.judges["isbot"] = verdicts.__getitem__

    def _everything(self) -> list[str]:
        robots = (*self.unlisted, *self.held_out)
        return sorted({*(robot.agent for robot in robots), *self.used, *self.museum})

    def row(self, name: str) -> list[object]:
        """Recall and misjudged shares of one judge."""
        judge = self.judges[name]

        def of(tested: Sequence[str]) -> str:
            return share([judge(agent) for agent in tested])

        weighted = [
            sum(weight for agent, weight in visits.items() if judge(agent)) / sum(visits.values())
            for visits in self.visits.values()
        ]
        return [
            name,
            of(texts(self.unlisted_kept)),
            of(texts(self.held_out)) if "crawler" not in name else "",
            f"{100 * max(weighted):.3f} %",
            of(self.used),
            of(self.scripted),
            of(self.museum_kept),
        ]


def texts(robots: Sequence[Robot]) -> list[str]:
    """Their agents."""
    return [robot.agent for robot in robots]


def runs_scripts(agent: str) -> bool:
    """Whether the browser is young enough for the script that reports a view (2018 and later)."""
    version = re.search(r"(Chrome|Firefox|Version)/(\d+)", agent)
    oldest = {"Chrome": 63, "Firefox": 60, "Version": 12}
    if version is None or not agent.startswith("Mozilla/5.0 ("):
        return False
    return int(version[2]) >= oldest[version[1]]


def parser() -> argparse.ArgumentParser:
    """The command line."""
    return results.parser(__doc__)


def main() -> None:
    """Install, measure, print."""
    options = parser().parse_args()
    report = results.Report("robots", "Robots told from readers")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        measured = Measurement(robot_peers.agents(folder), folder)
    report.note(
        "How many robots are found, and how many readers are taken for robots? By the agent "
        "alone; headers find more. *Unlisted*: robots of device-detector that are on neither "
        "list, the half that was kept back when our rules were written. *Held out*: robots of "
        "crawler-user-agents that counter-robots lacks, the half kept back; only “its rules, no"
        " list” is without that list. *Visits*: misjudged share of the visits that user-agents "
        "and fake-useragent record, the worse of both, then of their distinct agents. *Museum*:"
        " a browser of every device that device-detector ever saw, the half kept back; first "
        "those of 2018 and later, which can report a view, then all."
    )
    report.table(
        ["", "unlisted found", "held out found", "visits misjudged", "their agents",
         "museum since 2018", "museum"],
        [measured.row(name) for name in measured.judges],
    )  # fmt: skip
    rows: list[list[object]] = []
    for name in ("Stoppress", "crawler-user-agents", "counter-robots"):
        took = microseconds(measured.judges[name], measured.used)
        cuts = quantiles(took, n=100)
        worst = max(microseconds(measured.judges[name], [agent])[0] for agent in _HOSTILE.values())
        rows.append([name, cuts[49], cuts[98], worst])
    known = microseconds(ours.is_robots, measured.used[:1000])
    rows.append(["Stoppress, agent known", known[len(known) // 2], known[-10], ""])
    rows.append(["isbot (Node.js, mean)", measured.isbot_microseconds, "", ""])
    report.table(["µs of processor an agent", "p50", "p99", "worst hostile"], rows)
    report.ratio(float(str(rows[1][1])), float(str(rows[0][1])), "times faster than one list alone")
    report.note(
        f"Hostile are {len(_HOSTILE)} agents of up to 8 KB, made to be slow. Longer than "
        f"{MAX_LENGTH} characters is no browser's: the edge takes that for a robot's unread."
    )
    report.close(write=options.write)


if __name__ == "__main__":
    main()

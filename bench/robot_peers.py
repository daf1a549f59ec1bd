"""Agents to measure with, and peers beside which (for bench/robots.py).

All of it comes from packages at the versions named here, installed into a temporary folder:
nothing of it is shipped. The fixtures of device-detector (Matomo's, ported) hold agents of
devices ever seen, one of each; user-agents and fake-useragent hold agents from visits to real
sites, weighted by use.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LISTS = ("crawler-user-agents==1.67.0", "counter-robots==2025.11")
PYPI = (*LISTS, "device-detector==6.5.1", "fake-useragent==2.2.0", "pyyaml==6.0.3")
NPM = ("user-agents@2.1.198", "isbot@5.2.3")
MINUTES = 5
HEADS_OF_LIBRARIES = ("Dalvik/", "CFNetwork/")  # HTTP libraries of Android and Apple, no pages
NOT_BROWSERS = (
    "bots", "feed_reader", "mediaplayer", "podcasting", "mobile_apps", "clienthints", "unknown",
    "smart_speaker",
)  # fmt: skip


@dataclass(frozen=True)
class Robot:
    """A robot's agent, and the name under which its source knows it."""

    agent: str
    name: str


@dataclass(frozen=True)
class Agents:
    """What the packages hold."""

    independent: list[Robot]  # of device-detector, whoever else lists them
    crawlers: list[Robot]  # of crawler-user-agents
    crawler_patterns: list[re.Pattern[str]]
    counter_patterns: list[re.Pattern[str]]
    visits: dict[str, dict[str, float]]  # of each source: agent, weight
    museum: list[str]  # browsers of all devices ever seen


def agents(folder: Path) -> Agents:
    """Install the packages below the folder and read them."""
    site = folder / "python"
    _run(
        [
            *(sys.executable, "-m", "pip", "install", "--quiet", "--quiet", "--no-deps"),
            *("--disable-pip-version-check", "--target", str(site), *PYPI),
        ]
    )
    node = folder / "node"
    _run(["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(node), *NPM])
    crawlers = json.loads((site / "crawleruseragents/crawler-user-agents.json").read_text("utf-8"))
    counter = [
        line
        for name in ("robot", "machine")
        for line in (site / f"counter_robots/data/{name}.txt").read_text("utf-8").splitlines()
    ]
    devices = _fixtures(site)
    return Agents(
        independent=_distinct(
            Robot(row["user_agent"], row["bot"]["name"]) for row in devices["bots"]
        ),
        crawlers=_distinct(
            Robot(agent, row["pattern"]) for row in crawlers for agent in row["instances"]
        ),
        crawler_patterns=[re.compile(row["pattern"]) for row in crawlers],
        counter_patterns=[re.compile(line) for line in counter],
        visits={"user-agents": _npm_visits(node), "fake-useragent": _pypi_visits(site)},
        museum=_museum(devices),
    )


def isbot(folder: Path, tested: list[str]) -> tuple[list[bool], float]:
    """What npm's isbot says of each agent, and the microseconds it takes for one."""
    script = folder / "node" / "isbot.mjs"
    script.write_text(
        "import {isbot} from 'isbot'; import {readFileSync} from 'node:fs';\n"
        "const agents = JSON.parse(readFileSync(0, 'utf8'));\n"
        "const said = agents.map(agent => isbot(agent)); const began = process.hrtime.bigint();\n"
        "for (const agent of agents) isbot(agent);\n"
        "const took = Number(process.hrtime.bigint() - began) / 1000 / agents.length;\n"
        "console.log(JSON.stringify([said, took]));\n"
    )
    done = subprocess.run(
        ["node", str(script)],
        input=json.dumps(tested),
        capture_output=True,
        text=True,
        check=True,
        timeout=60 * MINUTES,
    )
    said, took = json.loads(done.stdout)
    return said, took


def _run(command: list[str]) -> None:
    environment = {**os.environ, "npm_config_update_notifier": "false"}
    subprocess.run(command, check=True, timeout=60 * MINUTES, env=environment)


def _fixtures(site: Path) -> dict[str, list[dict[str, Any]]]:
    sys.path.insert(0, str(site))
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    folder = site / "device_detector/tests/fixtures/upstream"
    return {
        file.stem: yaml.load(file.read_text("utf-8").replace("\t", " "), Loader=loader) or []
        for file in sorted(folder.glob("*.yml"))
    }


def _museum(devices: dict[str, list[dict[str, Any]]]) -> list[str]:
    found = {
        row["user_agent"]
        for name, rows in devices.items()
        if not name.startswith(NOT_BROWSERS)
        for row in rows
        if isinstance(row.get("client"), dict) and row["client"].get("type") == "browser"
    }
    return sorted(agent for agent in found if not any(h in agent for h in HEADS_OF_LIBRARIES))


def _npm_visits(node: Path) -> dict[str, float]:
    rows = json.loads((node / "node_modules/user-agents/dist/user-agents.json").read_text("utf-8"))
    return _weighted((row["userAgent"], row["weight"]) for row in rows)


def _pypi_visits(site: Path) -> dict[str, float]:
    lines = (site / "fake_useragent/data/browsers.jsonl").read_text("utf-8").splitlines()
    return _weighted((row["useragent"], float(row["percent"])) for row in map(json.loads, lines))


def _weighted(rows: Any) -> dict[str, float]:
    found: dict[str, float] = {}
    for agent, weight in rows:
        found[agent] = found.get(agent, 0.0) + weight
    return found


def _distinct(robots: Any) -> list[Robot]:
    return list({robot.agent: robot for robot in robots}.values())

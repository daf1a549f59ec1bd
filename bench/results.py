"""What the benchmarks share: the machine, tables, ratios, and the page that keeps the results.

A benchmark asks one question, measures a peer or a limit in the same run, and asserts nothing. It
prints its section of docs/reference/performance.md; with `--write` it also puts it there, between
its markers, and touches no other section:

    def parser() -> ArgumentParser:
        made = results.parser(__doc__)
        made.add_argument("--seconds", type=int, default=3, help="of each measurement")
        return made

    def main() -> None:
        options = parser().parse_args()
        report = results.Report("edge", "A hit beside nginx")
        report.table(["", "requests/s"], [["edge", 41_210.0], ["nginx", 40_377.0]])
        report.ratio(41_210.0, 40_377.0, "of nginx's requests a second")
        report.close(write=options.write)
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import shlex
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "performance.md"

_SECTION = re.compile(r"<!-- bench:([a-z_]+) -->\n(.*?)<!-- end:\1 -->\n", re.DOTALL)


def parser(docstring: str | None) -> argparse.ArgumentParser:
    """A command line with the option that every benchmark has."""
    made = argparse.ArgumentParser(
        description=docstring, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    made.add_argument(
        "--write", action="store_true", help="put the results into docs/reference/performance.md"
    )
    return made


class Report:
    """What one benchmark found, as the page and the terminal show it."""

    def __init__(self, bench: str, title: str) -> None:
        """`bench` names the module: `edge` for bench/edge.py."""
        self._bench = bench
        self._title = title
        self._blocks: list[str] = []

    def note(self, text: str) -> None:
        """A paragraph: what was measured, who had which CPU, where the time goes."""
        self._blocks.append(text)

    def table(self, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """Rows of texts and numbers; a number shows three digits that mean something."""
        cells = [list(columns), *([_shown(cell) for cell in row] for row in rows)]
        widths = [max(3, *map(len, column)) for column in zip(*cells, strict=True)]
        lines = [_line(row, widths) for row in cells]
        rule = [
            ("-" * width if place == 0 else "-" * (width - 1) + ":")
            for place, width in enumerate(widths)
        ]
        self._blocks.append("\n".join([lines[0], _line(rule, widths), *lines[1:]]))

    def ratio(self, ours: float, theirs: float, meaning: str) -> None:
        """Our number over the peer's: `1.02 of nginx's requests a second`."""
        text = f"- **{ours / theirs:.2f}** {meaning}"
        if self._blocks and self._blocks[-1].startswith("- **"):
            self._blocks[-1] += f"\n{text}"
        else:
            self._blocks.append(text)

    def close(self, *, write: bool) -> None:
        """Print the section; write it into the page if asked to."""
        section = "\n\n".join([f"## {self._title}", *self._blocks, self._origin()]) + "\n"
        print(section)
        if write:
            put_section(self._bench, section)

    def _origin(self) -> str:
        options = [option for option in sys.argv[1:] if option != "--write"]
        command = shlex.join(["make", f"bench-{self._bench}"])
        if options:
            command += f" ARGS={shlex.quote(shlex.join(options))}"
        return f"`{command}`, {datetime.now(UTC).date()}: {machine()}."


def machine() -> str:
    """The size of this machine, in words: cores, memory, processor, Python."""
    cores = os.cpu_count() or 1
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{cores} core{'s' if cores > 1 else ''} ({_processor()}), {memory:.0f} GB of memory, "
        f"Linux {platform.release().partition('-')[0]}, Python {platform.python_version()}"
    )


def sections(page: str) -> dict[str, str]:
    """The sections of the page, by the name of the benchmark that wrote them."""
    return {found[1]: found[2] for found in _SECTION.finditer(page)}


def put_section(bench: str, section: str) -> None:
    """Put a benchmark's section in place of its last one. Sections are in order of name."""
    page = PAGE.read_text("utf-8")
    introduction = page.partition("<!-- bench:")[0].rstrip()
    kept = sections(page) | {bench: section}
    blocks = (f"<!-- bench:{name} -->\n{kept[name]}<!-- end:{name} -->\n" for name in sorted(kept))
    PAGE.write_text("\n".join([f"{introduction}\n", *blocks]), "utf-8")


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        name, _, value = line.partition(":")
        if name.strip() == "model name":
            return value.strip()
    return platform.machine()


def _shown(cell: object) -> str:
    if not isinstance(cell, float):
        return f"{cell:,}" if isinstance(cell, int) else str(cell)
    if cell >= 100:
        return f"{cell:,.0f}"
    return f"{cell:.1f}" if cell >= 10 else f"{cell:.2f}"


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *rest = (
        cell.ljust(width) if place == 0 else cell.rjust(width)
        for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )
    return "| " + " | ".join([first, *rest]) + " |"

"""Print the benchmarks: what each asks, how long it takes, and the command. Run by `make bench`.

A benchmark is a file of bench/ that runs as a program. The first sentence of its docstring is its
question, and a sentence "Takes …." says how long it takes; tests/docs holds them to it.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

BENCH = Path(__file__).resolve().parent.parent / "bench"


@dataclass(frozen=True)
class Bench:
    """What a benchmark's file says of itself; an empty text where it says nothing."""

    command: str
    question: str
    takes: str
    text: str


def benches(folder: Path = BENCH) -> Iterator[Bench]:
    """The benchmarks of a folder, by name."""
    for file in sorted(folder.glob("*.py")):
        source = file.read_text(encoding="utf-8")
        if "\nif __name__ ==" not in source:
            continue  # what benchmarks share
        text = " ".join((ast.get_docstring(ast.parse(source)) or "").split())
        question = re.match(r"[^?]*\?", text)
        takes = re.search(r"\bTakes ([^.]+)\.", text)
        yield Bench(
            command=f"make bench-{file.stem.replace('_', '-')}",
            question=question[0] if question else "",
            takes=takes[1] if takes else "",
            text=text,
        )


def main() -> None:
    """Print the list."""
    found = list(benches())
    width = max(len(bench.command) for bench in found)
    longest = max(len(bench.takes) for bench in found)
    for bench in found:
        click.echo(f"{bench.command:<{width}}  {bench.takes:<{longest}}  {bench.question}")
    click.echo(
        "\nmake bench-all runs one after another. Let nothing else run beside a measurement."
    )
    click.echo(f'Options: {found[0].command} ARGS="--help"')


if __name__ == "__main__":
    main()

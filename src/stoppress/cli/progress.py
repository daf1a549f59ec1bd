"""What a person sees while a command works: a moving line at a terminal, plain lines elsewhere."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

console = Console(highlight=False, soft_wrap=True)


@contextmanager
def step(doing: str, done: str) -> Iterator[None]:
    """Show that something is being done, and for how long it took once it is."""
    began = time.monotonic()
    with console.status(f"{doing} …"):
        yield
    say(f"{done} ({time.monotonic() - began:.1f} s)")


def say(text: str) -> None:
    """One line that reports something done."""
    console.print(f"[green]✓[/green] {text}" if console.is_terminal else text, markup=True)


def note(text: str) -> None:
    """One plain line, shown as it is (nothing in it is taken for markup)."""
    console.print(text, markup=False)

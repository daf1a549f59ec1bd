"""What a person sees while a command works: a moving line at a terminal, plain lines elsewhere."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

console = Console(highlight=False, soft_wrap=True)


@contextmanager
def step(doing: str, done: str) -> Iterator[None]:
    """Show that something is being done, and for how long it took once it is."""
    began = time.monotonic()
    with console.status(f"{doing} …"):
        yield
    say(f"{done} ({time.monotonic() - began:.1f} s)")


@contextmanager
def counted(done_text: str) -> Iterator[Callable[[int, int, str], None]]:
    """Show how far a long work is; the function given is told done, total and what is done."""
    began = time.monotonic()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("", total=None)

        def tell(done: int, total: int, doing: str) -> None:
            progress.update(task, completed=done, total=total, description=doing)

        yield tell
    say(f"{done_text} ({time.monotonic() - began:.1f} s)")


def say(text: str) -> None:
    """One line that reports something done."""
    console.print(f"[green]✓[/green] {text}" if console.is_terminal else text, markup=True)


def note(text: str) -> None:
    """One plain line, shown as it is (nothing in it is taken for markup)."""
    console.print(text, markup=False)

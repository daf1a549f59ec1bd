"""`stoppress receipt`: the proof that a publish reached readers."""

import json
from typing import TYPE_CHECKING

import click

from stoppress.cli.errors import CommandFault
from stoppress.cli.opening import open_newsroom
from stoppress.cli.progress import note

if TYPE_CHECKING:
    from stoppress.press.models import Receipt


@click.command()
@click.argument("change", type=click.IntRange(min=1), required=False)
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def receipt(change: int | None, as_json: bool) -> None:
    """Show which pages a change printed on each machine, and how fast.

    CHANGE is the number that the desk shows after publishing; without one, the latest.
    """
    open_newsroom()
    receipts = find_receipts(change)
    if not receipts and change:
        raise CommandFault(
            f"There is no receipt for change {change}: either no change has that number, or it is "
            "not printed yet. `stoppress doctor` says whether the newsroom is in order."
        )
    if not receipts:
        raise CommandFault("Nothing was printed yet. Publish a story, then ask again.")
    if as_json:
        click.echo(json.dumps([_as_json(found) for found in receipts], indent=1))
        return
    for found in receipts:
        show(found)


def find_receipts(change: int | None) -> list["Receipt"]:
    """The receipts, one a machine, of the switch that had this change in it."""
    from stoppress.press.models import Receipt

    if change is None:
        newest = Receipt.objects.order_by("-change").first()
        if newest is None:
            return []
        change = newest.change
    covering = Receipt.objects.filter(after__lt=change, change__gte=change)
    return list(covering.order_by("node"))


def show(found: "Receipt") -> None:
    """A receipt for people."""
    many = "change" if found.change == found.after + 1 else f"changes {found.after + 1} to"
    note(
        f"{many.capitalize()} {found.change}: live on {len(found.printed)} pages after "
        f"{found.ms:.0f} ms, on {found.applied_at:%Y-%m-%d at %H:%M:%S} UTC (node {found.node})"
    )
    for page in found.printed:
        note(f"  {page['ms']:7.1f} ms  {page['path']}")


def _as_json(found: "Receipt") -> dict[str, object]:
    return {
        "node": found.node,
        "after": found.after,
        "change": found.change,
        "printed": found.printed,
        "applied_at": found.applied_at.isoformat(),
        "ms": found.ms,
    }

"""`stoppress receipt`: the proof that a publish reached readers."""

import json
from typing import TYPE_CHECKING

import click

from stoppress.cli.errors import CommandFault
from stoppress.cli.opening import open_newsroom
from stoppress.cli.progress import note

if TYPE_CHECKING:
    from stoppress.press.models import Change, Receipt
    from stoppress.press.standing import Standing


@click.command(short_help="Show which pages a change printed, where and how fast.")
@click.argument("change", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def receipt(change: str | None, as_json: bool) -> None:
    """Show which pages a change printed on each machine, how fast, and the proof.

    CHANGE is the number or the reference that the desk shows after publishing; without one, the
    latest. Each page is fetched back through the edge; exit code 1 says that one is late.
    """
    open_newsroom()
    from stoppress.press.standing import State, standing_of

    found = standing_of(find_change(change))
    if as_json:
        click.echo(json.dumps(_as_json(found), indent=1))
    else:
        show(found)
    if found.state is State.LATE:
        raise SystemExit(1)


def find_change(name: str | None) -> "Change":
    """The change with that number or reference, or the latest."""
    from stoppress.press import receipts
    from stoppress.press.models import Change, Receipt

    if name is None:
        newest = Change.objects.exclude(number=None).order_by("-number").first()
        if newest is None or not Receipt.objects.exists():
            raise CommandFault("Nothing was printed yet. Serve the newsroom, and publish a story.")
        return newest
    found = receipts.find_change(name)
    if found is None:
        raise CommandFault(
            f"There is no change {name}: no change has that number or reference, or it is older "
            "than a week. The desk shows the latest under Reports, Press."
        )
    return found


def show(found: "Standing") -> None:
    """A receipt for people."""
    change = found.change
    note(f"Change {change.number} ({change.reference or 'no reference'}): {change.what}")
    note(found.text)
    for receipt in found.receipts:
        _show_machine(receipt)


def _show_machine(receipt: "Receipt") -> None:
    others = receipt.change - receipt.after - 1
    with_others = f", with {others} other{'s' if others > 1 else ''}" if others else ""
    note(
        f"\nMachine {receipt.node}: switched {receipt.applied_at:%Y-%m-%d at %H:%M:%S} UTC, "
        f"{receipt.ms:.0f} ms after the change{with_others}"
    )
    for page in receipt.printed:
        note(f"  {page['ms']:7.1f} ms to print  {_proof(page)}  {page['path']}")
    for page in receipt.gone:
        note(f"  {'gone':>7}             {_proof(page)}  {page['path']}")
    if receipt.gone_count > len(receipt.gone):
        note(f"  and {receipt.gone_count - len(receipt.gone):,} more gone, not fetched one by one")


def _proof(page: dict[str, object]) -> str:
    fresh_ms = page.get("fresh_ms")
    return f"fetched back after {fresh_ms:7.1f} ms" if fresh_ms is not None else f"{'open':>29}"


def _as_json(found: "Standing") -> dict[str, object]:
    return {
        "change": found.change.number,
        "reference": found.change.reference,
        "what": found.change.what,
        "written_at": found.change.written_at.isoformat(),
        "state": found.state,
        "text": found.text,
        "receipts": [
            {
                "node": receipt.node,
                "after": receipt.after,
                "change": receipt.change,
                "applied_at": receipt.applied_at.isoformat(),
                "ms": receipt.ms,
                "printed": receipt.printed,
                "gone": receipt.gone,
                "gone_count": receipt.gone_count,
                "fetched_at": receipt.fetched_at and receipt.fetched_at.isoformat(),
                "why_open": receipt.why_open,
            }
            for receipt in found.receipts
        ],
    }

"""`stoppress doctor`: is this newsroom in order, and if not, what is to be done?"""

import click
from rich.markup import escape

from stoppress.cli.checks import CHECKS, Check
from stoppress.cli.errors import NotANewsroom
from stoppress.cli.findings import Finding, Verdict
from stoppress.cli.opening import open_options, start_django
from stoppress.cli.progress import console, note
from stoppress.config.errors import ConfigurationError, Faults
from stoppress.config.options import Options

STYLES = {
    Verdict.FINE: "green",
    Verdict.WARNING: "yellow",
    Verdict.FAULT: "red",
    Verdict.SKIPPED: "dim",
}
WIDTH = 14
CONFIGURATION = "configuration"


@click.command()
@click.pass_context
def doctor(context: click.Context) -> None:
    """Check the newsroom, and say what to do about each fault.

    Looks at configuration, permissions, disk, port, certificate, store, journal, database, clock,
    styles, outer caches, editors and the desk's news list. Ends with exit code 1 if there is a
    fault; warnings alone leave it 0.
    """
    try:
        options = open_options()
    except NotANewsroom:
        raise
    except ConfigurationError as error:
        for part in error.faults if isinstance(error, Faults) else (error,):
            show(CONFIGURATION, Finding(Verdict.FAULT, str(part)))
        note("\nThe rest is checked once the configuration is mended.")
        context.exit(1)
    show(CONFIGURATION, Finding(Verdict.FINE, f"{options.home / 'stoppress.toml'} can be used"))
    start_django(options.home)
    findings = look_at_everything(options)
    faults = sum(finding.verdict is Verdict.FAULT for finding in findings.values())
    if faults:
        note(f"\n{faults} fault{'s' if faults > 1 else ''} to mend.")
        context.exit(1)
    note("\nThis newsroom is in order.")


def look_at_everything(options: Options) -> dict[str, Finding]:
    """Run all checks in order and show each as it is done."""
    findings: dict[str, Finding] = {}
    for check in CHECKS:
        findings[check.id] = _look(check, options, findings)
        show(check.id, findings[check.id])
    return findings


def _look(check: Check, options: Options, findings: dict[str, Finding]) -> Finding:
    for needed in check.needs:
        if findings[needed].verdict in {Verdict.FAULT, Verdict.SKIPPED}:
            return Finding(Verdict.SKIPPED, f"not looked at: {needed} comes first")
    return check.look(options)


def show(check_id: str, finding: Finding) -> None:
    """One line for the check, one more for the remedy."""
    style, verdict = STYLES[finding.verdict], finding.verdict.value
    console.print(f"[{style}]{verdict:<8}[/] {check_id:<{WIDTH}} {escape(finding.text)}")
    if finding.remedy:
        console.print(f"{'':<8} {'':<{WIDTH}} → {escape(finding.remedy)}")

"""`stoppress rebuild`: make anew what can be made from the stories."""

import click

from stoppress.cli.opening import open_newsroom
from stoppress.cli.progress import counted, say, step


@click.group()
def rebuild() -> None:
    """Make anew what can be made from the stories."""


@rebuild.command("news-list")
def news_list() -> None:
    """Make the desk's news list anew.

    It keeps itself in step, but not with what a bulk write or a restored database changes; then
    the desk's lists miss stories or show old headlines. Readers' pages don't depend on it. May be
    run while the newsroom is served.
    """
    _open()
    from stoppress.newsroom.desk.keeping import rebuild as rebuild_news_list

    with step("Making the news list", "The news list is in step"):
        count = rebuild_news_list()
    say(f"It has {count:,} {'story' if count == 1 else 'stories'}.")


@rebuild.command()
def search() -> None:
    """Make readers' search anew.

    For stories that were loaded in bulk, and after a restored backup. May be run while the newsroom
    is served; interrupted, it can be run again.
    """
    _open()
    from stoppress.newsroom.bulk.afterwards import rebuild_search

    with counted("Readers find every story by its words") as progress:
        rebuild_search(progress)


@rebuild.command("desk-search")
def desk_search() -> None:
    """Make the desk's search of stories anew.

    Its choosers find a story by its words there; those loaded in bulk are not in it. May be run
    while the newsroom is served; interrupted, it can be run again.
    """
    _open()
    from stoppress.newsroom.bulk.afterwards import rebuild_desk_search

    with counted("The desk finds every story by its words") as progress:
        rebuild_desk_search(progress)


@rebuild.command()
def references() -> None:
    """Note anew which stories name which stories and pictures.

    The desk shows it before something is deleted; of stories loaded in bulk it is not known. May
    be run while the newsroom is served; interrupted, it can be run again.
    """
    _open()
    from stoppress.newsroom.bulk.afterwards import rebuild_references

    with counted("References are noted") as progress:
        rebuild_references(progress)


@rebuild.command()
def readership() -> None:
    """Sum up anew what the desk shows of reading.

    It keeps itself in step with the totals, but not with sections and bylines that changed since a
    day was summed up, nor with what a restored database lacks. Counts are not touched. Done by the
    clock of the served newsroom, or at its next start: a month takes it some minutes at most.
    """
    _open()
    from stoppress.newsroom.desk.readership.sums import mark_all

    with step("Marking what was counted", "The clock sums it up"):
        count = mark_all()
    say(f"{count:,} hours are marked.")


def _open() -> None:
    open_newsroom()
    from stoppress.cli.schema import require_exact_fit

    require_exact_fit()

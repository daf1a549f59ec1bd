"""`stoppress rebuild`: make anew what can be made from the stories."""

import click

from stoppress.cli.opening import open_newsroom
from stoppress.cli.progress import say, step


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
    open_newsroom()
    from stoppress.cli.schema import require_exact_fit
    from stoppress.newsroom.desk.keeping import rebuild as rebuild_news_list

    require_exact_fit()
    with step("Making the news list", "The news list is in step"):
        count = rebuild_news_list()
    say(f"It has {count:,} {'story' if count == 1 else 'stories'}.")

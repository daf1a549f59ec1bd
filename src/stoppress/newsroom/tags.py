"""The tags that editions of the newsroom's pages carry. A tag's form is written here only."""

from datetime import date

EPOCH_NAVIGATION = "epoch:navigation"
EPOCH_SETTINGS = "epoch:settings"
FRONT_SLOTS = "front:slots"
ALL_AUTHORS = "authors:all"
ALL_TOPICS = "topics:all"
CORRECTIONS = "list:corrections"
STORY_DAYS = "days:all"  # which days have stories at all
AUTHOR_LISTS = "author-"  # how the names of authors' lists begin
LATEST = "latest"  # the list of everything; its tag is "list:latest"


def article(article_id: int) -> str:
    """An article's own page."""
    return f"article:{article_id}"


def card(article_id: int) -> str:
    """What lists show of an article."""
    return f"card:{article_id}"


def author(author_id: int) -> str:
    """An author's name, portrait and page."""
    return f"author:{author_id}"


def section(section_id: int) -> str:
    """A section's description."""
    return f"section:{section_id}"


def topic(topic_id: int) -> str:
    """A topic's label and definition."""
    return f"topic:{topic_id}"


def picture(picture_id: int) -> str:
    """A picture's file, words and renditions."""
    return f"picture:{picture_id}"


def section_list(section_id: int) -> str:
    """Name of a section's own list."""
    return f"section-{section_id}"


def author_list(author_id: int) -> str:
    """Name of an author's list."""
    return f"{AUTHOR_LISTS}{author_id}"


def topic_list(topic_id: int) -> str:
    """Name of a topic's list."""
    return f"topic-{topic_id}"


def newest(list_name: str) -> str:
    """Members and order of the newest window of a list."""
    return f"list:{list_name}"


def most_read(window: str, list_name: str) -> str:
    """Members and order of a list's most read in a window: "hour", "day", "week"."""
    return f"list:most-read-{window}:{list_name}"


def month(list_name: str, first_day: date) -> str:
    """Members and order of one month of a list."""
    return f"list:{list_name}:{first_day:%Y-%m}"


def list_day(list_name: str, of: date) -> str:
    """Members and order of one day of a list."""
    return f"list:{list_name}:{of:%Y-%m-%d}"


def list_days(list_name: str, first_day: date) -> str:
    """All days of a month of a list at once: what loads many stories names no single days."""
    return f"list:{list_name}:{first_day:%Y-%m}:days"


def day(of: date) -> str:
    """The stories whose addresses are of a day, and when each last changed."""
    return f"day:{of:%Y-%m-%d}"


def months(list_name: str) -> str:
    """How many stories each month of a list has."""
    return f"list:{list_name}:months"


def calendar(list_name: str) -> str:
    """Which months of a list have stories at all."""
    return f"list:{list_name}:calendar"

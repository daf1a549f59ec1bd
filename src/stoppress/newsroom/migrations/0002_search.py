"""The readers' search table: FTS5 on SQLite, a tsvector on PostgreSQL (newsroom/search.py)."""

from django.db import migrations

SQLITE = """
CREATE VIRTUAL TABLE newsroom_search USING fts5(
    headline, standfirst, names, body, tokenize = 'ascii', prefix = '3'
)
"""
POSTGRESQL = (
    "CREATE TABLE newsroom_search (article_id bigint PRIMARY KEY, entry tsvector NOT NULL)",
    "CREATE INDEX newsroom_search_entry ON newsroom_search USING gin (entry)",
)


def create(apps, editor):
    vendor = editor.connection.vendor
    for statement in POSTGRESQL if vendor == "postgresql" else (SQLITE,):
        editor.execute(statement)


def drop(apps, editor):
    editor.execute("DROP TABLE newsroom_search")


class Migration(migrations.Migration):
    dependencies = [("newsroom", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]

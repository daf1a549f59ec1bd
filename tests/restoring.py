"""A PostgreSQL database brought back to what it was before a test.

A copy of the database for each test would take a second: hundreds of files to copy and to remove,
and catalogues to read anew.
"""

from django.db import connection, transaction

KEPT = "kept"  # the schema in which it stands what each table had
TABLES = """
    SELECT c.relname, string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum)
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
        AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
    GROUP BY c.relname ORDER BY c.relname
"""
SEQUENCES = """
    SELECT format('SELECT setval(%L, %s, %L);', s.oid::regclass, read.last_value, read.is_called)
    FROM pg_class s, LATERAL (
        SELECT coalesce(pg_sequence_last_value(s.oid), seqstart) AS last_value,
            pg_sequence_last_value(s.oid) IS NOT NULL AS is_called
        FROM pg_sequence WHERE seqrelid = s.oid
    ) read
    WHERE s.relnamespace = 'public'::regnamespace AND s.relkind = 'S'
"""
ALONE = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


def keep() -> str:
    """Keep what the database has in every table and sequence; returns what brings it back."""
    statements = ["SET LOCAL session_replication_role = replica;"]  # no triggers, no foreign keys
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {KEPT}")
        cursor.execute(TABLES)
        for table, columns in cursor.fetchall():
            statements.append(f'DELETE FROM "{table}";')
            cursor.execute(f'CREATE TABLE {KEPT}."{table}" AS SELECT {columns} FROM "{table}"')
            if cursor.rowcount:
                back = f'INSERT INTO "{table}" ({columns}) SELECT {columns} FROM {KEPT}."{table}";'
                statements.append(back)
        cursor.execute(SEQUENCES)
        statements += [statement for (statement,) in cursor.fetchall()]
    return "\n".join(statements)


def restore(statements: str) -> None:
    """Bring back what `keep` kept; whoever else is connected is thrown out."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(ALONE)
        cursor.execute(statements)

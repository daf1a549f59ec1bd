"""Change numbers become visible in the order of commits (PostgreSQL).

A serial is drawn when a row is inserted, so a slow transaction can commit a low number after a
printer has read a higher one, and that change is lost. The deferred trigger runs at commit: it takes
a lock that lasts until the transaction is visible, and only then draws the number. Taking the lock
at the start instead would make all writers wait for each other. SQLite has one writer at a time.
"""

from django.db import migrations

FORWARDS = """
CREATE SEQUENCE press_change_number OWNED BY press_change.number;
CREATE FUNCTION press_number_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    drawn bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('stoppress'), hashtext('press_change'));
    drawn := nextval('press_change_number');
    UPDATE press_change SET number = drawn WHERE id = NEW.id;
    PERFORM pg_notify('press_change', drawn::text);
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER press_change_is_numbered AFTER INSERT ON press_change
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION press_number_change();
"""
BACKWARDS = """
DROP TRIGGER press_change_is_numbered ON press_change;
DROP FUNCTION press_number_change();
DROP SEQUENCE press_change_number;
"""


def forwards(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(FORWARDS)


def backwards(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(BACKWARDS)


class Migration(migrations.Migration):
    dependencies = [("press", "0001_initial")]

    operations = [migrations.RunPython(forwards, backwards)]

"""An index of the days in addresses, and the months of corrections counted."""

from collections import Counter
from datetime import date
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import migrations, models

PUBLIC = ("update", "correction", "clarification", "retraction")


def count_corrections(apps, editor):
    entries = apps.get_model("newsroom", "UpdateEntry").objects.using(editor.connection.alias)
    zone = ZoneInfo(settings.PAPER_TIME_ZONE)
    told = entries.filter(kind__in=PUBLIC, article__live=True).values_list("dated_at", flat=True)
    days = (moment.astimezone(zone) for moment in told.iterator())
    counted = Counter(date(day.year, day.month, 1) for day in days)
    month = apps.get_model("newsroom", "ListingMonth")
    month.objects.using(editor.connection.alias).bulk_create(
        [month(list="corrections", month=day, count=number) for day, number in counted.items()]
    )


class Migration(migrations.Migration):
    dependencies = [("newsroom", "0004_author_addresses")]
    operations = [
        migrations.AddIndex(
            model_name="articleaddress",
            index=models.Index(
                condition=models.Q(("is_current", True)),
                fields=["date", "article_id"],
                name="newsroom_address_days",
            ),
        ),
        migrations.RunPython(count_corrections, migrations.RunPython.noop),
    ]

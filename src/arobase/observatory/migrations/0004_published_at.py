from typing import Any

from django.db import migrations, models
from django.db.models import F


def shown_since_they_ended(apps: Any, _editor: Any) -> None:
    """Of campaigns that are shown already nobody kept since when: they were let through when they ended."""
    apps.get_model("observatory", "Campaign").objects.filter(state="published").update(published_at=F("ended_at"))


class Migration(migrations.Migration):
    dependencies = [("observatory", "0003_corrections")]

    operations = [
        migrations.AddField(model_name="campaign", name="published_at", field=models.DateTimeField(null=True)),
        migrations.RunPython(shown_since_they_ended, migrations.RunPython.noop),
    ]

from typing import Any

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Max


def once_a_domain(apps: Any, _editor: Any) -> None:
    """Back to one row a domain: the last that was written, as it was before."""
    kept = apps.get_model("observatory", "KeptFacts").objects
    last = kept.values("domain").annotate(last=Max("pk")).values("last")
    kept.exclude(pk__in=list(last.values_list("last", flat=True))).delete()


class Migration(migrations.Migration):
    """Facts stay with the campaign that gathered them. What an older release had replaced is read from its folder."""

    dependencies = [("observatory", "0004_published_at")]

    operations = [
        migrations.RenameModel("LatestFacts", "KeptFacts"),
        migrations.AlterField(
            model_name="keptfacts",
            name="campaign",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="kept_facts", to="observatory.campaign"
            ),
        ),
        migrations.AlterField(model_name="keptfacts", name="domain", field=models.CharField(max_length=253)),
        migrations.AddConstraint(
            model_name="keptfacts",
            constraint=models.UniqueConstraint(fields=("campaign", "domain"), name="facts_once_a_campaign_and_domain"),
        ),
        migrations.AddField(model_name="campaign", name="departments", field=models.JSONField(default=list)),
        migrations.AddField(
            model_name="campaign",
            name="rereads",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="rereadings",
                to="observatory.campaign",
            ),
        ),
        migrations.RunPython(migrations.RunPython.noop, once_a_domain),
    ]

"""Sectors, community seats, names on a list, registered voters that the day changed; a partial national poll is none.

SQLite makes a table anew when a constraint changes, and the trigger of 0002 goes with the old one: it is made again.
"""

from importlib import import_module

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.apps.registry import Apps

KINDS = [
    ("municipal", "élection municipale"),
    ("municipal_plm", "élection municipale à Paris, Lyon ou Marseille"),
    ("departmental", "élection départementale"),
    ("regional", "élection régionale"),
    ("legislative", "élection législative"),
    ("presidential", "élection présidentielle"),
    ("european", "élection européenne"),
    ("referendum", "référendum"),
    ("consultation", "consultation locale"),
    ("sector", "élection des conseillers d’arrondissement"),
]
VERBS = ["turnout", "box", "bag", "undo", "correct", "totals", "finish", "sign", "reopen", "enrol"]
ALWAYS_GENERAL = ["european", "presidential", "referendum", "regional"]
before = import_module("arobase.elections.migrations.0002_entries_do_not_change")


def make_general(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Where nothing is entered yet, the embargo becomes the law's; a chain that has begun keeps what it began with."""
    nights = apps.get_model("elections", "Election").objects.using(schema_editor.connection.alias)
    nights.filter(kind__in=ALWAYS_GENERAL, scope="partial", is_rehearsal=False, head_sequence=0).update(scope="general")


def refuse_changes(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "sqlite":
        before.refuse_changes(apps, schema_editor)


class Migration(migrations.Migration):
    dependencies = [("elections", "0004_reopened_totals_stay_counted")]

    operations = [
        migrations.RemoveConstraint(model_name="election", name="election_kind_is_known"),
        migrations.AddField("choice", "candidates", models.PositiveSmallIntegerField(null=True)),
        migrations.AddField("election", "community_seats", models.PositiveSmallIntegerField(null=True)),
        migrations.AddField("election", "population", models.PositiveIntegerField(null=True)),
        migrations.AddField("election", "sector", models.CharField(blank=True, max_length=40)),
        migrations.AddField("station", "first_registered", models.PositiveIntegerField(null=True)),
        migrations.AlterField("election", "kind", models.CharField(choices=KINDS, max_length=15)),
        migrations.AddConstraint(
            "election",
            models.CheckConstraint(
                condition=models.Q(kind__in=[kind for kind, _name in KINDS]), name="election_kind_is_known"
            ),
        ),
        migrations.RunPython(make_general, migrations.RunPython.noop),
        migrations.AddConstraint(
            "election",
            models.CheckConstraint(
                condition=models.Q(scope="general")
                | ~models.Q(kind__in=ALWAYS_GENERAL)
                | models.Q(is_rehearsal=True)
                | models.Q(head_sequence__gt=0),
                name="what_all_of_france_votes_on_is_general",
            ),
        ),
        migrations.RunPython(migrations.RunPython.noop, refuse_changes),  # backwards, when the table is as it was
        migrations.RemoveConstraint(model_name="entry", name="entry_verb_is_known"),
        migrations.AlterField(
            "entry", "verb", models.CharField(choices=[(verb, verb) for verb in VERBS], max_length=10)
        ),
        migrations.AddConstraint(
            "entry", models.CheckConstraint(condition=models.Q(verb__in=VERBS), name="entry_verb_is_known")
        ),
        migrations.RunPython(refuse_changes, migrations.RunPython.noop),
    ]

from django.apps.registry import Apps
from django.core.management import call_command
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

REFUSE_CHANGES = {
    "sqlite": [
        """
        CREATE TRIGGER access_events_do_not_change BEFORE UPDATE ON accounts_accessevent
        BEGIN SELECT RAISE(ABORT, 'access events do not change'); END
        """,
    ],
    "postgresql": [
        """
        CREATE FUNCTION access_events_do_not_change() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'access events do not change' USING ERRCODE = 'integrity_constraint_violation'; END $$
        """,
        """
        CREATE TRIGGER access_events_do_not_change BEFORE UPDATE ON accounts_accessevent
        FOR EACH ROW EXECUTE FUNCTION access_events_do_not_change()
        """,
    ],
}
ALLOW_CHANGES = {
    "sqlite": ["DROP TRIGGER access_events_do_not_change"],
    "postgresql": [
        "DROP TRIGGER access_events_do_not_change ON accounts_accessevent",
        "DROP FUNCTION access_events_do_not_change",
    ],
}


def refuse_changes(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in REFUSE_CHANGES[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def allow_changes(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in ALLOW_CHANGES[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def create_cache(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    call_command("createcachetable", "shared_cache", database=schema_editor.connection.alias, verbosity=0)


def drop_cache(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    schema_editor.execute("DROP TABLE shared_cache")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="AccessEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                (
                    "verb",
                    models.CharField(
                        choices=[("created", "compte créé"), ("given", "rôle donné"), ("withdrawn", "rôle retiré")],
                        max_length=10,
                    ),
                ),
                ("person", models.BigIntegerField(db_index=True)),
                ("by", models.BigIntegerField(null=True)),
                ("role", models.CharField(blank=True, max_length=20)),
                ("territory_id", models.CharField(blank=True, max_length=40)),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("role", ""), ("verb", "created")),
                            models.Q(("role__gt", ""), ("verb__in", ["given", "withdrawn"])),
                            _connector="OR",
                        ),
                        name="event_names_its_role",
                    )
                ],
            },
        ),
        migrations.RunPython(refuse_changes, allow_changes),
        migrations.RunPython(create_cache, drop_cache),
    ]

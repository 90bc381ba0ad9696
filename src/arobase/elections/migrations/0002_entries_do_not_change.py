from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

REFUSE = {
    "sqlite": [
        """
        CREATE TRIGGER entries_do_not_change BEFORE UPDATE ON elections_entry
        BEGIN SELECT RAISE(ABORT, 'entries of an election do not change'); END
        """,
    ],
    "postgresql": [
        """
        CREATE FUNCTION entries_do_not_change() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'entries of an election do not change' USING ERRCODE = 'integrity_constraint_violation'; END $$
        """,
        """
        CREATE TRIGGER entries_do_not_change BEFORE UPDATE ON elections_entry
        FOR EACH ROW EXECUTE FUNCTION entries_do_not_change()
        """,
    ],
}
ALLOW = {
    "sqlite": ["DROP TRIGGER entries_do_not_change"],
    "postgresql": ["DROP TRIGGER entries_do_not_change ON elections_entry", "DROP FUNCTION entries_do_not_change"],
}


def refuse_changes(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in REFUSE[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def allow_changes(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in ALLOW[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("elections", "0001_initial")]

    operations = [migrations.RunPython(refuse_changes, allow_changes)]

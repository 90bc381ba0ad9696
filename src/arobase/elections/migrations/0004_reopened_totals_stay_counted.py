from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def mark_reopened(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Totals that the desk opened again before this release, and that nobody has typed since."""
    station_model, entry_model = apps.get_model("elections", "Station"), apps.get_model("elections", "Entry")
    for station in station_model.objects.filter(state="counting").only("standing"):
        turns = entry_model.objects.filter(station=station, verb__in=("reopen", "totals")).order_by("-sequence")
        if station.standing.get("typed") and turns.values_list("verb", flat=True).first() == "reopen":
            station_model.objects.filter(pk=station.pk).update(standing={**station.standing, "reopened": True})


def forget_reopened(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    station_model = apps.get_model("elections", "Station")
    for station in station_model.objects.filter(state="counting").only("standing"):
        kept = {name: value for name, value in station.standing.items() if name != "reopened"}
        station_model.objects.filter(pk=station.pk).update(standing=kept)


class Migration(migrations.Migration):
    dependencies = [("elections", "0003_desk_phone")]

    operations = [migrations.RunPython(mark_reopened, forget_reopened)]

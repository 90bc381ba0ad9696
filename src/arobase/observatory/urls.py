"""Addresses of the observatory."""

from django.urls import URLPattern, path, re_path

from arobase.observatory.api import views as api
from arobase.observatory.views import (
    concentration,
    downloads,
    evolution,
    letters,
    november,
    outages,
    overview,
    standings,
    subjects,
)
from arobase.observatory.views.follow import asking, changes, correcting, files, waiting

urlpatterns: list[URLPattern] = [
    path("observatoire", overview.observatory, name="observatory"),
    path("observatoire/communes/<str:code>", subjects.commune, name="observatory_commune"),
    path("observatoire/communes/<str:code>/lettre.pdf", letters.letter, name="letter_to_mayor"),
    path("observatoire/sites/<str:domain>", subjects.subject, name="observatory_subject"),
    path("observatoire/18-novembre-2025", november.november, name="november_outage"),
    path("observatoire/panne", outages.outage_page, name="outage"),
    path("observatoire/panne/schema.json", downloads.schema, name="outage_schema"),
    re_path(r"^observatoire/panne\.(?P<extension>csv|json|geojson|parquet)$", downloads.lost, name="outage_download"),
    path("observatoire/concentration", concentration.concentration, name="observatory_concentration"),
    path("observatoire/concentration/schema.json", concentration.concentration_schema, name="concentration_schema"),
    re_path(
        r"^observatoire/concentration\.(?P<extension>csv|json|parquet)$",
        concentration.concentration_file,
        name="concentration_download",
    ),
    path("observatoire/evolution", evolution.evolution, name="observatory_evolution"),
    re_path(r"^observatoire/donnees\.(?P<extension>csv|json|parquet)$", standings.standings, name="standings_download"),
    path("observatoire/donnees/schema.json", standings.standings_schema, name="standings_schema"),
    path("observatoire/changements", changes.changes_page, name="observatory_changes"),
    path("observatoire/changements.atom", changes.changes_feed, name="observatory_changes_feed"),
    re_path(
        r"^observatoire/changements\.(?P<extension>csv|json|parquet)$",
        files.changes_file,
        name="observatory_changes_download",
    ),
    path("observatoire/changements/schema.json", files.changes_schema, name="observatory_changes_schema"),
    path("observatoire/certificats", changes.certificates, name="observatory_certificates"),
    re_path(
        r"^observatoire/certificats\.(?P<extension>csv|json|parquet)$",
        files.certificates_file,
        name="observatory_certificates_download",
    ),
    path("observatoire/certificats/schema.json", files.certificates_schema, name="observatory_certificates_schema"),
    path("observatoire/suivis", asking.watches, name="observatory_watches"),
    path("observatoire/suivis/fin/<str:token>", asking.stop_watching, name="observatory_stop"),
    path("observatoire/retenues", waiting.waiting_page, name="observatory_waiting"),
    path("observatoire/signalements", asking.reports, name="observatory_reports"),
    path("observatoire/communes/<str:code>/signaler", asking.report, name="observatory_report"),
    path("observatoire/communes/<str:code>/corriger", correcting.correct, name="observatory_correct"),
    path("observatoire/communes/<str:code>/retrait", correcting.opt_out, name="observatory_opt_out"),
    path("observatoire/communes/<str:code>/au-nom", correcting.act_for, name="observatory_act_for"),
    path("observatoire/communes/<str:code>/changements.atom", changes.changes_feed, name="observatory_town_feed"),
    path("api/observatoire", api.documentation, name="observatory_api"),
    path("api/observatoire/openapi.json", api.openapi, name="observatory_openapi"),
    path("api/observatoire/communes/<str:code>", api.commune, name="observatory_api_commune"),
    path("api/observatoire/sites/<str:domain>", api.site, name="observatory_api_site"),
    path("api/observatoire/prestataires", api.providers, name="observatory_api_providers"),
    path("api/observatoire/prestataires/<str:slug>", api.provider, name="observatory_api_provider"),
    path("api/observatoire/concentration", api.concentration, name="observatory_api_concentration"),
    path("api/observatoire/panne", api.outage, name="observatory_api_outage"),
]

"""Addresses of the observatory."""

from django.urls import URLPattern, path, re_path

from arobase.observatory.views import downloads, letters, november, outages, overview, subjects

urlpatterns: list[URLPattern] = [
    path("observatoire", overview.observatory, name="observatory"),
    path("observatoire/communes/<str:code>", subjects.commune, name="observatory_commune"),
    path("observatoire/communes/<str:code>/lettre.pdf", letters.letter, name="letter_to_mayor"),
    path("observatoire/sites/<str:domain>", subjects.subject, name="observatory_subject"),
    path("observatoire/18-novembre-2025", november.november, name="november_outage"),
    path("observatoire/panne", outages.outage_page, name="outage"),
    path("observatoire/panne/schema.json", downloads.schema, name="outage_schema"),
    re_path(r"^observatoire/panne\.(?P<extension>csv|json|geojson|parquet)$", downloads.lost, name="outage_download"),
]

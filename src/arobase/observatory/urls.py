"""Addresses of the observatory."""

from django.urls import URLPattern, path, re_path

from arobase.observatory.views import downloads, outages, overview

urlpatterns: list[URLPattern] = [
    path("observatoire", overview.observatory, name="observatory"),
    path("observatoire/panne", outages.outage_page, name="outage"),
    path("observatoire/panne/schema.json", downloads.schema, name="outage_schema"),
    re_path(r"^observatoire/panne\.(?P<extension>csv|json|geojson|parquet)$", downloads.lost, name="outage_download"),
]

"""Addresses of the atlas."""

from django.urls import URLPattern, path, re_path

from arobase.atlas.views import atlas, downloads, dynamics, home, tiles

EXTENSION = r"(?P<extension>csv|json|geojson|parquet)"

urlpatterns: list[URLPattern] = [
    path("", home.first_page, name="home"),
    path("atlas", atlas.atlas, name="atlas"),
    path("atlas/resultats", atlas.results, name="atlas_results"),
    path("atlas/carte.svg", atlas.drawn, name="atlas_picture"),
    path("atlas/carte.json", atlas.places, name="atlas_places"),
    path("atlas/integrer", atlas.embed, name="atlas_embed"),
    re_path(r"^tuiles/(?P<name>[a-z]+-[0-9a-f]+)\.pmtiles$", tiles.tiles, name="tiles"),
    path("atlas/dynamiques", dynamics.dynamics, name="dynamics"),
    path("atlas/dynamiques/<slug:kind>/<str:code>", dynamics.area, name="dynamics_area"),
    re_path(
        rf"^atlas/dynamiques/(?P<family>region|ancienne-region|departement|epci)\.{EXTENSION}$",
        downloads.areas,
        name="areas_download",
    ),
    re_path(rf"^atlas/laureats\.{EXTENSION}$", downloads.laureates, name="laureates_download"),
    path("donnees/schema", downloads.schema, name="schema"),
    path("donnees/schema.json", downloads.schema_document, name="schema_document"),
]

"""Addresses of `territories`."""

from django.urls import URLPattern, path, re_path

from arobase.territories.api import views as api
from arobase.territories.views import pages, reference, search, sitemaps

urlpatterns: list[URLPattern] = [
    path("recherche", search.search, name="search"),
    path("recherche/suggestions", search.suggestions, name="suggestions"),
    path("api/geo", api.documentation, name="geo_api"),
    path("api/geo/openapi.json", api.openapi, name="geo_openapi"),
    re_path(r"^api/geo(?P<path>/.*)$", api.geo, name="geo"),
]

urlpatterns += [
    path("territoires", pages.index, name="territories"),
    path("territoires/fond-de-carte.svg", pages.ground_file, name="territories_ground"),
    path("territoires/<slug:kind>/<str:code>", pages.territory, name="territory"),
    path("territoires/<slug:kind>/<str:code>/carte.svg", pages.map_file, name="territory_map"),
    path("territoires/<slug:kind>/<str:code>/contour.geojson", pages.contour_file, name="territory_contour"),
    path("donnees", reference.data, name="data"),
    path("donnees.json", reference.data_document, name="data_document"),
    path("sitemap.xml", sitemaps.sitemap, name="sitemap"),
    path("sitemaps/<slug:kind>-<int:page>.xml", sitemaps.sitemap_page, name="sitemap_page"),
    path("robots.txt", sitemaps.robots, name="robots"),
]

"""Addresses of `label`."""

from django.urls import path

from arobase.label.views import imports, lines

urlpatterns = [
    path("label/imports", imports.all_imports, name="imports"),
    path("label/imports/<int:import_id>", imports.one_import, name="import"),
    path("label/imports/<int:import_id>/confirmer", imports.confirm_import, name="confirm_import"),
    path("label/imports/<int:import_id>/abandonner", imports.discard_import, name="discard_import"),
    path("label/lignes/<int:line_id>", lines.line, name="label_line"),
]

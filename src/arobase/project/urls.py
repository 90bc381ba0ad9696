"""Which capability answers under which address."""

from django.urls import include, path

urlpatterns = [
    path("", include("arobase.web.urls")),
    path("comptes/", include("arobase.accounts.urls")),
    path("", include("arobase.territories.urls")),
    path("", include("arobase.initiatives.urls")),
    path("", include("arobase.label.urls")),
    path("", include("arobase.atlas.urls")),
    path("", include("arobase.observatory.urls")),
    path("", include("arobase.elections.urls")),
]

handler400 = "arobase.web.views.bad_request"
handler403 = "arobase.web.views.permission_denied"
handler404 = "arobase.web.views.page_not_found"
handler500 = "arobase.web.views.server_error"
handler429 = "arobase.accounts.views.too_many_attempts"

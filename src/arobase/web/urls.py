"""Addresses that belong to no capability."""

from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.i18n import set_language

from arobase.web import views
from arobase.web.access import ANYONE, open_to

# Without a token: a page that is only read needs no cookie, and all that another site could do is change the language.
language = open_to(ANYONE)(csrf_exempt(set_language))

urlpatterns = [
    path("favicon.ico", views.favicon, name="favicon"),
    path("sante", views.health, name="health"),
    path("accessibilite", views.accessibility, name="accessibility"),
    path("confidentialite", views.privacy, name="privacy"),
    path("langue", language, name="set_language"),
]

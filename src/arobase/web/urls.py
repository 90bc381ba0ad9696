"""Addresses that belong to no capability."""

from django.urls import path
from django.views.i18n import set_language

from arobase.web import views
from arobase.web.access import ANYONE, open_to

urlpatterns = [
    path("favicon.ico", views.favicon, name="favicon"),
    path("sante", views.health, name="health"),
    path("accessibilite", views.accessibility, name="accessibility"),
    path("confidentialite", views.privacy, name="privacy"),
    path("langue", open_to(ANYONE)(set_language), name="set_language"),
]

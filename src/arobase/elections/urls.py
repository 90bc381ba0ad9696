"""Addresses of election nights."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []

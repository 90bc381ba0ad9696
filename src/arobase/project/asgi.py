"""ASGI entry point; the geographic API stands in front of the middleware that it never uses."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "arobase.project.settings")
_pages = get_asgi_application()

from arobase.project.bounds import Bounded  # noqa: E402 - needs Django set up
from arobase.project.queueing import Queue  # noqa: E402 - needs Django set up
from arobase.territories.api.asgi import GeoApi  # noqa: E402 - needs Django set up

application = GeoApi(Bounded(Queue(_pages, at_once=32), megabytes=25))

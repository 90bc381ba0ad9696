"""ASGI entry point; the geographic API and the followers of a night stand in front of what they never use."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "arobase.project.settings")
_pages = get_asgi_application()

from arobase.elections.views.pushed import Pushed  # noqa: E402 - needs Django set up
from arobase.project.bounds import Bounded  # noqa: E402 - needs Django set up
from arobase.project.queueing import Queue  # noqa: E402 - needs Django set up
from arobase.territories.api.asgi import GeoApi  # noqa: E402 - needs Django set up

application = GeoApi(Pushed(Bounded(Queue(_pages, at_once=16), megabytes=25)))

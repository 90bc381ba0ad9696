"""ASGI entry point; the geographic API and the crowd of a night stand in front of what they never use."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "arobase.project.settings")
django.setup(set_prefix=False)

from arobase.elections.views.pushed import FOLLOWED, Pushed  # noqa: E402 - needs Django set up
from arobase.project.bounds import Bounded  # noqa: E402 - needs Django set up
from arobase.project.pages import Pages  # noqa: E402 - needs Django set up
from arobase.project.queueing import Queue  # noqa: E402 - needs Django set up
from arobase.project.snapshots import Snapshots  # noqa: E402 - needs Django set up
from arobase.territories.api.asgi import GeoApi  # noqa: E402 - needs Django set up

_served = Bounded(Queue(Pages(), at_once=16), megabytes=25)
application = GeoApi(Pushed(Snapshots(_served, addresses=FOLLOWED, seconds=0.5)))

"""Django as it serves pages: a request and all of its middleware in one thread."""

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpRequest
from django.http.response import HttpResponseBase


class Pages(ASGIHandler):
    """Runs the views, which read a database and so need a thread, without handing over for each middleware.

    Django's own handler runs middleware on the loop and changes to the thread and back for each that may read the
    database, which costs half as much again as a page.
    """

    def load_middleware(self, is_async: bool = False) -> None:
        """As for WSGI."""
        super().load_middleware(is_async=False)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        """The answer, from the thread of this request's turn."""
        return await sync_to_async(self.get_response, thread_sensitive=True)(request)

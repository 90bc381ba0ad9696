"""Requests that are larger than anything a page asks for, refused before they are read."""

from typing import Any

MEGABYTE = 1024 * 1024
# No browser shows a page of ours while it still sends: both languages, and nothing to load.
ANSWER = (
    '<!doctype html><html lang="fr"><meta charset="utf-8"><title>413</title>'
    "<h1>Trop grand</h1><p>Cet envoi dépasse {most}\u202fMo\u202f: rien n’en a été gardé. Revenez en arrière et "
    "choisissez un fichier plus petit.</p>"
    '<div lang="en"><h1>Too large</h1><p>This is more than {most} MB: nothing of it was kept. Go back and choose a '
    "smaller file.</p></div>"
)


class TooLarge(ValueError):
    """A body that goes on beyond the bound."""


class Bounded:
    """Answers 413 to a body of more than so many megabytes, whether it says so at its beginning or not."""

    def __init__(self, application: Any, *, megabytes: int) -> None:
        self._application, self._most = application, megabytes

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        read, began = 0, False

        async def counted() -> Any:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > self._most * MEGABYTE:
                raise TooLarge
            return message

        async def sent(message: Any) -> None:
            nonlocal began
            began = True
            await send(message)

        try:
            if _announced(scope) > self._most * MEGABYTE:
                raise TooLarge
            await self._application(scope, counted, sent)
        except TooLarge:
            if began:
                raise
            await self._refuse(send)

    async def _refuse(self, send: Any) -> None:
        body = ANSWER.format(most=self._most).encode()
        headers = [
            (b"content-type", b"text/html; charset=utf-8"),
            (b"content-length", str(len(body)).encode()),
            (b"connection", b"close"),
        ]
        await send({"type": "http.response.start", "status": 413, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def _announced(scope: dict[str, Any]) -> int:
    """The length that a request says it has; 0 where it says none."""
    told = dict(scope["headers"]).get(b"content-length", b"0")
    return int(told) if told.isdigit() else 0

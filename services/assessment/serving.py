"""Whether this process does what learners ask of it, or fails at all of it."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

SICK_AFTER = 5
"""So many commands in a row: before one that always fails is sent so often, another is done."""
COMMANDS = "/commands/"


class Serving:
    """Around the service's application; a refusal is an answer."""

    def __init__(self) -> None:
        self._failures = 0

    @property
    def is_sick(self) -> bool:
        return self._failures >= SICK_AFTER

    def around(self, app: ASGIApp) -> ASGIApp:
        async def watched(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http" or not scope["path"].startswith(COMMANDS):
                await app(scope, receive, send)
                return
            await self._watch(app, scope, receive, send)

        return watched

    async def _watch(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Whoever leaves before the answer has seen nothing."""

        async def seen(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._note(failed=message["status"] >= 500)
            await send(message)

        try:
            await app(scope, receive, seen)
        except Exception:
            self._note(failed=True)
            raise

    def _note(self, *, failed: bool) -> None:
        self._failures = self._failures + 1 if failed else 0

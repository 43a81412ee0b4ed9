"""A request whose headers are looked up, not gone through."""

from typing import Any

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import Receive, Scope, Send


class Head(Headers):
    """As Starlette's, which compares all of them with each that is asked for."""

    def __init__(self, scope: Scope) -> None:
        self._list = list(scope["headers"])
        # The first of a name counts.
        self._first = dict(reversed(self._list))

    def __getitem__(self, key: str) -> str:
        try:
            return self._first[key.lower().encode("latin-1")].decode("latin-1")
        except KeyError:
            raise KeyError(key) from None

    def get(self, key: str, default: Any = None) -> Any:
        value = self._first.get(key.lower().encode("latin-1"))
        return default if value is None else value.decode("latin-1")

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and key.lower().encode("latin-1") in self._first

    def getlist(self, key: str) -> list[str]:
        """Empty at once where nobody said it."""
        return super().getlist(key) if key in self else []


class Incoming(Request):
    """One HTTP request, its head looked through once."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        super().__init__(scope, receive, send)
        self._head = Head(scope)

    @property
    def headers(self) -> Head:
        return self._head

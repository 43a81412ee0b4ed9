"""A service put together: what its process serves, and what it does beside that."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.types import ASGIApp

from services.events.duty import Duty
from services.events.role import Role


def plain(app: ASGIApp) -> ASGIApp:
    return app


@dataclass(frozen=True, slots=True)
class Service:
    """`around` is laid around all that its process serves."""

    app: Starlette
    duties: Mapping[Role, Sequence[Duty]]
    around: Callable[[ASGIApp], ASGIApp] = plain

"""A service put together: what its process serves, and what it does beside that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.applications import Starlette

from services.events.duty import Duty
from services.events.role import Role


@dataclass(frozen=True, slots=True)
class Service:
    app: Starlette
    duties: Mapping[Role, Sequence[Duty]]

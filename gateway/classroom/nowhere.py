"""A side that holds no classes."""

from collections.abc import Sequence
from typing import Any

from services.contracts.errors import HIDDEN, Refused
from services.contracts.ids import LiveClassId
from services.kit.caller import Caller


class Nowhere:
    async def rooms(self, caller: Caller, ids: Sequence[LiveClassId]) -> list[None]:
        return [None for _ in ids]

    async def _hidden(self, caller: Caller, *said: Any) -> Refused:
        return HIDDEN

    join = act = open_breakouts = move = send = report = changes = signals = beat = _hidden

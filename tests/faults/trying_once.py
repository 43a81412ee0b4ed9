"""A gateway that tries everything once: `python -m tests.faults.trying_once`."""

import asyncio
from typing import NoReturn
from unittest.mock import patch

from flags.served import Served
from gateway import main
from gateway.identity.jwks import FetchedKeys


async def once(self: Served | FetchedKeys) -> NoReturn:
    await self.refresh()
    await asyncio.Event().wait()
    raise AssertionError("nobody sets it")


if __name__ == "__main__":
    with patch.object(FetchedKeys, "watch", once), patch.object(Served, "watch", once):
        main.main()

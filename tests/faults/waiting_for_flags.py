"""A gateway that begins by asking the flag server: `python -m tests.faults.waiting_for_flags`."""

import asyncio
from unittest.mock import patch

from flags.served import Served
from gateway import main

BEGIN = Served._begin


def ask_first(self: Served) -> None:
    BEGIN(self)
    while True:
        asyncio.run(self.refresh())
        if self._good is not None and not self._wrong:
            return


if __name__ == "__main__":
    with patch.object(Served, "_begin", ask_first):
        main.main()

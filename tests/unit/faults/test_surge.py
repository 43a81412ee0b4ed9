"""What those who ask in a surge are told is counted, also where nothing comes back."""

from typing import Any

from pyreqwest.exceptions import ConnectError

from tests.faults.surge import CUT, surge


async def test_whose_connection_breaks_has_failed() -> None:
    async def breaks() -> dict[str, Any]:
        raise ConnectError("reset", {"causes": None})

    told = await surge({"all": (1_000.0, breaks)}, 0.003)

    assert told["all"].failed == {CUT: 3}
    assert told["all"].sent == 3

"""U8: while the flag server takes ten seconds to answer, no request waits for it."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from flags.backup import Backup
from flags.client import Loaded
from flags.listed import ours
from flags.names import COURSE_READ, PROGRESS_READ, Side
from tests import pair
from tests.fakes.flag_server import TOKEN, FlagServer, listed
from tests.faults.registry import n
from tests.figures import Recorder
from tests.integration.monolith.waiting import until
from tests.learner import Someone, token
from tests.unit.flags.people import viewer

SLOW_S = 10.0
AT_ONCE = 20
ASKS = "{ viewer { id roles } }"
FIRST = listed((PROGRESS_READ, 30))
LATER = listed((PROGRESS_READ, 30), (COURSE_READ, 100))
STOPS_WITHIN_S = 30.0


@dataclass(frozen=True, slots=True)
class Serving:
    gateway: pair.Server
    server: FlagServer
    anna: Someone


@asynccontextmanager
async def serving(home: Path, module: str = "gateway.main") -> AsyncIterator[Serving]:
    """By the server's first list, which it has told fast."""
    server = FlagServer(FIRST)
    with server.running() as url:
        named = {"home": str(home), "unleash_url": url, "unleash_token": TOKEN}
        environ = {f"BANYAN_{name.upper()}": text for name, text in named.items()}
        with pair.server(home, module, "BANYAN_PORT", "/health/ready", environ) as gateway:
            anna = Someone(gateway.url, token(home, "northfield", 4))
            await anna.ask(ASKS)
            yield Serving(gateway, server, anna)
            await anna.close()


async def answered(serving: Serving, many: int) -> list[float]:
    """How long each took that came in time."""

    async def one() -> float | None:
        began_s = time.monotonic()
        try:
            async with asyncio.timeout(SLOW_S / 2):
                await serving.anna.ask(ASKS)
        except TimeoutError:
            return None
        return time.monotonic() - began_s

    took: list[float | None] = []
    for _ in range(0, many, AT_ONCE):
        took += await asyncio.gather(*[one() for _ in range(AT_ONCE)])
    return [each for each in took if each is not None]


async def is_asked(server: FlagServer) -> bool:
    return server.asked > server.answered


async def test_u8_no_request_waits_for_a_slow_flag_server(tmp_path: Path, figure: Recorder) -> None:
    async with serving(tmp_path) as made:
        server = made.server
        await until(lambda: is_kept(tmp_path))
        server.be_slow(SLOW_S)
        await until(lambda: is_asked(server))
        before = server.answered
        took_s = await answered(made, n("U8"))
        answered_meanwhile = server.answered - before
        decided = Loaded(Backup(tmp_path).text()).decide(viewer("northfield", 4))
        made.gateway.process.terminate()
        await asyncio.to_thread(made.gateway.process.wait, STOPS_WITHIN_S)
        stays = Backup(tmp_path).text()

    figure("U8", answered=len(took_s), slowest_s=round(max(took_s), 3), backup_stays=bool(stays))
    assert len(took_s) == n("U8")
    # Had requests waited, each turn of them would have needed an answer of the server.
    assert answered_meanwhile < n("U8") / AT_ONCE / 2
    assert decided.side(COURSE_READ) is Side.LEGACY
    assert stays == ours(FIRST)


async def test_u8_a_slow_server_is_heeded_again_once_it_is_fast(tmp_path: Path) -> None:
    async with serving(tmp_path) as made:
        await until(lambda: is_kept(tmp_path))
        made.server.be_slow(SLOW_S)
        await until(lambda: is_asked(made.server))

        made.server.text = LATER
        made.server.be_slow(0)
        await until(lambda: is_kept(tmp_path, LATER), most_s=2 * SLOW_S)


async def test_u8_fails_without_a_list_of_our_own(tmp_path: Path, figure: Recorder) -> None:
    """The twin: requests that ask the server themselves."""
    async with serving(tmp_path, "tests.faults.asking_flags") as made:
        made.server.be_slow(SLOW_S)
        in_time = await answered(made, AT_ONCE)

    figure("U8", in_time_without_a_list=len(in_time))
    assert len(in_time) < AT_ONCE / 2


async def is_kept(home: Path, text: bytes = FIRST) -> bool:
    backup = Backup(home)
    return backup.exists and backup.text() == ours(text)

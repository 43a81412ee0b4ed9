"""A gateway that follows a real Unleash server: a flip there moves real traffic."""

import asyncio
import os
import shutil
import time
from asyncio.subprocess import PIPE, STDOUT
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from flags.rollback import Phase, State
from flags.tagging import Tagging
from legacy.monolith.database import Connection
from services.kit.ports import port_of
from services.kit.settings import Settings
from services.storage.secret import secret
from tests import pair
from tests.faults.proxy import Proxy
from tests.figures import Recorder
from tests.integration.monolith.school import LEARNER, School
from tests.integration.monolith.school import school as make_school
from tests.integration.monolith.waiting import until
from tests.learner import Someone, token
from tests.sides import turn
from tests.stack import BANYAN, Stack
from tests.system import NUMBERS, System
from tests.unleash.server import ADMIN_TOKEN, CLIENT_TOKEN, Unleash, percentage, unleash

READ = "course.read"
NAME = "{ viewer { name } }"
EVERY_S = 0.02
MOVES_WITHIN_S = 2.0
KNOWN_WITHIN_S = 30.0
NOISE_S = 1.0
"""What a busy machine may add."""


@pytest.fixture
async def server(stack: Stack, tmp_path: Path) -> AsyncIterator[Unleash]:
    async with unleash(stack.database, tmp_path / "unleash.log") as made:
        await made.know("tenantId")
        yield made


@dataclass
class Platform:
    """A gateway before the two sides; what those were asked stands in the proxies."""

    home: Path
    school: School
    old: Proxy
    new: Proxy
    settings: dict[str, str]
    url: str = ""
    log: Path = Path()

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[Someone]:
        old, new = (f"http://127.0.0.1:{side.port}" for side in (self.old, self.new))
        with pair.gateway(self.home, old, progress_url=new, cache_mb="0", **self.settings) as one:
            self.url, self.log = one.url, one.log
            anna = self.someone(one.url, self.school)
            yield anna
            await anna.close()

    def someone(self, url: str, school: School) -> Someone:
        return Someone(url, token(self.home, school.tenant, LEARNER))

    async def answered_by(self, anna: Someone) -> str:
        """Asks, and says who was asked for it."""
        old, new = len(self.old.first_lines), len(self.new.first_lines)
        assert (await anna.ask(NAME))["viewer"]["name"]
        asked = {"legacy": self.old.first_lines[old:], "service": self.new.first_lines[new:]}
        return " and ".join(side for side, lines in asked.items() if lines)

    async def moves(self, anna: Someone, side: str) -> float:
        """How many seconds it takes until that side alone is asked, and stays so."""
        began_s = time.monotonic()
        while await self.answered_by(anna) != side:
            assert time.monotonic() - began_s < MOVES_WITHIN_S + NOISE_S, self.log.read_text()
            await asyncio.sleep(EVERY_S)
        took_s = time.monotonic() - began_s
        assert {await self.answered_by(anna) for _ in range(20)} == {side}
        return took_s

    async def has_refused(self) -> bool:
        return '"flags.refused"' in self.log.read_text()

    async def flags(self, *words: str, admin: str = ADMIN_TOKEN, code: int = 0) -> str:
        """What `banyan flags` says."""
        ours = {**self.settings, "home": str(self.home), "unleash_admin_token": admin}
        named = {f"BANYAN_{name.upper()}": text for name, text in ours.items()}
        command = [str(BANYAN), "flags", *words]
        process = await asyncio.create_subprocess_exec(
            *command, env={**os.environ, **named}, stdout=PIPE, stderr=STDOUT
        )
        said, _ = await process.communicate()
        assert process.returncode == code, said.decode()
        return said.decode()


@pytest.fixture
async def platform(
    stack: Stack, system: System, school: School, server: Unleash, tmp_path: Path
) -> AsyncIterator[Platform]:
    await known_to_the_service(stack, system, school)
    shutil.copytree(stack.home / "keys", tmp_path / "keys")
    port = urlsplit(stack.gateway).port or 0
    settings = {**server.settings, "legacy_secret": secret(stack.home, "legacy")}
    async with AsyncExitStack() as open_:
        old = await open_.enter_async_context(Proxy("127.0.0.1", port_of("monolith", port)))
        new = await open_.enter_async_context(Proxy("127.0.0.1", port_of("progress", port)))
        yield Platform(tmp_path, school, old, new, settings)


async def known_to_the_service(stack: Stack, system: System, school: School) -> None:
    await turn(stack, school.tenant, "service", READ)
    anna = system.someone(school.tenant, LEARNER)

    async def is_known() -> bool:
        return "errors" not in await anna.answer(NAME)

    await until(is_known, KNOWN_WITHIN_S)


async def test_a_flip_at_the_server_moves_traffic_within_two_seconds(
    platform: Platform, server: Unleash, figure: Recorder
) -> None:
    [way] = await server.make(READ, percentage(0, READ))
    took_s = {}
    async with platform.serving() as anna:
        await platform.moves(anna, "legacy")

        await server.edit(READ, way, percentage(100, READ))
        took_s["to_service_s"] = await platform.moves(anna, "service")
        await server.switch(READ, "off")
        took_s["switched_off_s"] = await platform.moves(anna, "legacy")
        await server.switch(READ, "on")
        took_s["switched_on_s"] = await platform.moves(anna, "service")

    figure("flags", **took_s)


async def test_a_server_that_goes_leaves_traffic_where_it_is_also_after_a_restart(
    platform: Platform, server: Unleash
) -> None:
    await server.make(READ, percentage(100, READ))
    async with platform.serving() as anna:
        await platform.moves(anna, "service")

        server.process.kill()
        await server.process.wait()
        assert {await platform.answered_by(anna) for _ in range(20)} == {"service"}

    async with platform.serving() as anna:
        assert {await platform.answered_by(anna) for _ in range(20)} == {"service"}


async def test_a_segment_and_rules_of_others_decide_as_the_server_means_them(
    platform: Platform, server: Unleash, monolith_db: Connection
) -> None:
    other = await make_school(monolith_db, f"campus-{next(NUMBERS)}")
    pilots = await server.segment("pilots", [platform.school.tenant])
    await server.make(READ, percentage(100, READ, segments=[pilots]))
    await server.make("banner", {"name": "userWithId", "parameters": {"userIds": "4"}})
    async with platform.serving() as anna:
        await platform.moves(anna, "service")

        bob = platform.someone(platform.url, other)
        assert {await platform.answered_by(bob) for _ in range(20)} == {"legacy"}
        await bob.close()


async def test_a_list_that_has_lost_our_flags_moves_nobody(
    platform: Platform, server: Unleash
) -> None:
    await server.make(READ, percentage(100, READ))
    await server.make("banner", percentage(100, "banner"))
    async with platform.serving() as anna:
        await platform.moves(anna, "service")

        await server.archive(READ)
        await until(platform.has_refused, MOVES_WITHIN_S + NOISE_S)
        assert {await platform.answered_by(anna) for _ in range(20)} == {"service"}


async def test_the_command_line_changes_flags_at_the_server(
    platform: Platform, server: Unleash
) -> None:
    tenant = platform.school.tenant
    (platform.home / "demo.json").write_text(f'{{"{tenant}": {{}}, "southfield": {{}}}}')
    await server.make(READ, percentage(0, READ))
    async with platform.serving() as anna:
        await platform.moves(anna, "legacy")

        said = await platform.flags("set", READ, "service", "--tenant", tenant)
        assert said == f"{READ}: canary; everybody is at 0 %; {tenant} is at 100 %\n"
        await platform.moves(anna, "service")
        listed = await platform.flags("list")
        assert f"{tenant} is at 100 %" in listed
        assert "By the Unleash server's list, as last seen: " in listed
        told = await platform.flags("explain", READ, "--tenant", tenant, "--user", "4")
        assert told.startswith(f"service: {tenant} is at 100 %")
        said = await platform.flags("set", READ, "legacy")
        assert said == f"{READ}: legacy; everybody is at 0 %\n"
        await platform.moves(anna, "legacy")


async def test_a_flag_that_the_server_has_not_is_made_there(
    platform: Platform, server: Unleash
) -> None:
    said = await platform.flags("set", READ, "canary", "--percent", "30")

    assert said == f"{READ}: canary; everybody is at 30 %\n"
    assert b'"rollout":"30"' in (await server.told()).replace(b" ", b"")


async def test_without_an_admin_token_it_is_said_where_flags_are_changed(
    platform: Platform,
) -> None:
    told = await platform.flags("set", READ, "service", admin="", code=1)

    assert told.startswith("Error: Flags come from the Unleash server of BANYAN_UNLEASH_URL")
    assert len(told.splitlines()) == 1


async def test_a_token_that_may_not_is_told_in_one_sentence(platform: Platform) -> None:
    told = await platform.flags("set", READ, "service", admin=CLIENT_TOKEN, code=1)

    assert "does not take BANYAN_UNLEASH_ADMIN_TOKEN" in told
    assert len(told.splitlines()) == 1


async def test_what_is_rolled_back_is_tagged_at_the_server(server: Unleash, tmp_path: Path) -> None:
    await server.make("progress.read", percentage(100, "progress.read"))
    settings = Settings(
        tmp_path,
        unleash_url=server.url,
        unleash_token=CLIENT_TOKEN,
        unleash_admin_token=ADMIN_TOKEN,
    )
    tagging = Tagging(settings)

    async def told(phase: Phase) -> list[str]:
        await tagging("progress.read", State(phase))
        await tagging.close()
        return await server.tags("progress.read")

    assert await told(Phase.HELD) == ["rolled-back"]
    assert await told(Phase.TRYING) == ["rolled-back"]
    assert await told(Phase.OPEN) == []
    assert await told(Phase.OPEN) == []

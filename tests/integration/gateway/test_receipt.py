"""`banyan receipt verify`, run as an office runs it, beside a service that knows one receipt."""

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.contracts.assessment_api import VERIFY, Proof, Verified
from services.contracts.ids import Kind, Side, encode
from services.contracts.viewer_headers import viewer_of
from services.kit.home import Running
from tests.integration.monolith.serving import serving
from tests.stack import BANYAN

GENUINE = "ab" * 32
OWN = encode(Kind.ATTEMPT, "acme", "7-4-1", Side.SERVICE)


@dataclass
class Office:
    """A service that says yes to one hash; `asked` has who asked what."""

    home: Path
    url: str = ""
    asked: list[tuple[str, str, Proof]] = field(default_factory=list)

    async def verify(self, request: Request) -> Response:
        who = viewer_of(request.headers)
        said = msgspec.json.decode(await request.body(), type=Proof)
        self.asked.append((who.tenant, who.user, said))
        known = Verified(True, "2026-03-02T09:00:00Z", 4, 5)
        told = known if said.hash == GENUINE else Verified(False)
        return Response(msgspec.json.encode(told), media_type="application/json")

    async def told(self, *words: str, code: int) -> str:
        environ = {k: v for k, v in os.environ.items() if not k.startswith("BANYAN_")}
        environ |= {"BANYAN_HOME": str(self.home), "BANYAN_ASSESSMENT_URL": self.url}
        process = await asyncio.create_subprocess_exec(
            BANYAN,
            "receipt",
            *words,
            env=environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        said, _ = await process.communicate()
        assert process.returncode == code, said.decode()
        return said.decode()


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    made = Office(tmp_path)
    nobody = "http://127.0.0.1:9"
    Running(os.getpid(), nobody, nobody, "", "").write(tmp_path)
    app = Starlette(routes=[Route(VERIFY.path, made.verify, methods=["POST"])])
    async with serving(app) as url:
        made.url = url
        yield made


async def test_a_receipt_that_the_log_gives_is_genuine(office: Office) -> None:
    told = await office.told("verify", OWN, GENUINE, code=0)

    assert told == "Genuine: submitted at 2026-03-02T09:00:00Z, 4 of 5 items answered.\n"
    assert office.asked == [("acme", "4", Proof("7-4-1", GENUINE))]


async def test_any_other_is_not_and_the_command_fails(office: Office) -> None:
    told = await office.told("verify", OWN, "cd" * 32, code=1)

    assert told == "Error: Not genuine: no submit of this attempt gives this hash.\n"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((OWN, "short"), "64 digits and letters"),
        (("made up", GENUINE), "not an id of this platform"),
        ((encode(Kind.COURSE, "acme", 1), GENUINE), "not an attempt's"),
        ((encode(Kind.ATTEMPT, "acme", "7", Side.SERVICE), GENUINE), "not an attempt's"),
        ((encode(Kind.ATTEMPT, "acme", "7-4-1", Side.LEGACY), GENUINE), "could not be verified"),
    ],
)
async def test_what_cannot_be_verified_is_told_in_one_sentence(
    office: Office, words: tuple[str, str], says: str
) -> None:
    (office.home / "keys").mkdir()
    (office.home / "keys" / "legacy").write_text("secret\n")

    told = await office.told("verify", *words, code=1)

    assert says in told
    assert told.startswith("Error: ")
    assert len(told.splitlines()) == 1


async def test_without_a_running_system_it_says_how_to_start_one(
    office: Office, tmp_path: Path
) -> None:
    (tmp_path / "run.json").unlink()

    assert "Nothing runs from" in await office.told("verify", OWN, GENUINE, code=1)


async def test_help_says_what_it_is_judged_by(office: Office) -> None:
    assert "judged by its log" in await office.told("verify", "--help", code=0)

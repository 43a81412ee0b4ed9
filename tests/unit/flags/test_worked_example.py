"""The example of docs/strangling.md, which is shown there as it runs here."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Protocol

import pytest
from msgspec import Struct

from flags.change import change_to
from flags.client import Flags
from flags.decide import Decisions
from flags.hold import Hold
from flags.names import CAPABILITIES, Capability, Side
from flags.route import route
from gateway.strangling.fallback import FallingBack
from resolvers.ports import Each
from services.contracts.errors import UpstreamUnreachable
from services.contracts.ids import CourseId, Kind, encode
from services.contracts.status import RouteMode
from services.kit.caller import Caller
from services.kit.clock import FakeClock
from services.kit.deadline import Deadline
from tests.unit.flags.people import viewer

PAGE = Path("docs/strangling.md")
NOW = datetime(2026, 3, 1, tzinfo=UTC)
COURSE = CourseId(encode(Kind.COURSE, "northfield", 1))

# example: declared
CERTIFICATES = Capability(
    name="certificate.read",
    owner="registry",
    default=Side.LEGACY,
    remove_by=date(2027, 12, 1),
    what="certificates, as read",
    may_fall_back=True,
)
# example: end


class Certificate(Struct, frozen=True):
    course: CourseId
    told_by: str


# example: port
class Certificates(Protocol):
    async def mine(self, caller: Caller, courses: list[CourseId]) -> Each[Certificate]: ...


# example: end


@dataclass
class Told:
    """A side's source."""

    by: str
    is_away: bool = False

    async def mine(self, caller: Caller, courses: list[CourseId]) -> Each[Certificate]:
        if self.is_away:
            return [UpstreamUnreachable.refusal] * len(courses)
        return [Certificate(one, self.by) for one in courses]


# example: routed
@dataclass(frozen=True, slots=True)
class BothCertificates:
    legacy: Certificates
    service: Certificates

    def of(self, decisions: Decisions) -> Certificates:
        return route(decisions, CERTIFICATES, legacy=self.legacy, service=self.service)


# example: end


@pytest.fixture(autouse=True)
def declared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CAPABILITIES, CERTIFICATES.name, CERTIFICATES)


def moved(home: Path, mode: RouteMode, percent: str | None = None) -> Flags:
    change_to(CERTIFICATES, mode, percent).applied(home)
    return Flags(home)


def caller(user: int = 4) -> Caller:
    return Caller(viewer("northfield", user), Deadline.within(FakeClock(NOW), 1.0))


async def told_by(flags: Flags, user: int = 4) -> str:
    both = BothCertificates(Told("legacy"), Told("service"))
    asked = caller(user)
    [found] = await both.of(flags.decide(asked.viewer)).mine(asked, [COURSE])
    assert isinstance(found, Certificate)
    return found.told_by


async def test_it_moves_mode_by_mode(tmp_path: Path) -> None:
    assert await told_by(Flags(tmp_path)) == "legacy"

    shadow = moved(tmp_path, RouteMode.SHADOW)
    assert await told_by(shadow) == "legacy"
    assert shadow.decide(viewer("northfield", 4)).shadows(CERTIFICATES)

    canary = moved(tmp_path, RouteMode.CANARY, "50")
    assert {await told_by(canary, user) for user in range(30)} == {"legacy", "service"}

    service = moved(tmp_path, RouteMode.SERVICE)
    assert await told_by(service) == "service"


async def test_it_is_rolled_back_and_says_why(tmp_path: Path) -> None:
    flags = moved(tmp_path, RouteMode.SERVICE)

    flags.hold({CERTIFICATES.name: Hold(CERTIFICATES.name, NOW, "its registry is away")})

    assert await told_by(flags) == "legacy"
    assert "its registry is away" in flags.decide(viewer("northfield", 4))[CERTIFICATES].rule


async def test_what_the_service_fails_at_is_read_at_the_monolith() -> None:
    legacy, service = Told("legacy"), Told("service", is_away=True)
    # example: falling back
    reading = FallingBack(service, legacy, lambda: True, CERTIFICATES.name)
    # example: end

    assert await reading.mine(caller(), [COURSE]) == [Certificate(COURSE, "legacy")]
    service.is_away = False
    assert await reading.mine(caller(), [COURSE]) == [Certificate(COURSE, "service")]


def test_the_page_shows_what_runs_here() -> None:
    shown = re.findall(r"```python\n(.*?)```", PAGE.read_text(), flags=re.DOTALL)

    assert shown == [_plain(one) for one in EXAMPLES]
    assert len(shown) == 4


def _plain(code: str) -> str:
    lines = code.strip("\n").splitlines()
    indent = len(lines[0]) - len(lines[0].lstrip())
    return "\n".join(line[indent:] for line in lines) + "\n"


EXAMPLES = re.findall(
    r"^ *# example: (?!end)[\w ]+\n(.*?)^ *# example: end$",
    Path(__file__).read_text(),
    flags=re.DOTALL | re.MULTILINE,
)

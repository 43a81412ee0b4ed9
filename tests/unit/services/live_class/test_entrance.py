"""Relays by place, load and repute; credentials, slots and resume tokens; all without Redis."""

import base64
import hmac
from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.contracts.classroom import IceServer
from services.kit.clock import FakeClock
from services.kit.redis import redis_of
from services.kit.settings import BadSetting, Settings
from services.live_class.aside import Aside
from services.live_class.entrance.credentials import Credentials
from services.live_class.entrance.entrance import Entrance
from services.live_class.entrance.placement import Standing, ranked
from services.live_class.entrance.regions import Point, Region, read_atlas
from services.live_class.entrance.resuming import BadResumeToken, ResumeTokens
from services.live_class.entrance.slots import LONGEST_MS, spread_ms
from tests.fakes.tenant import NOW

DUBLIN = Region(name="eu-west", latitude=53.3, longitude=-6.3, urls=["turn:a"], capacity=100)
FRANKFURT = Region(name="eu-central", latitude=50.1, longitude=8.7, urls=["turn:b"], capacity=100)
SAO_PAULO = Region(name="sa-east", latitude=-23.5, longitude=-46.6, urls=["turn:c"], capacity=100)
ALL = [DUBLIN, FRANKFURT, SAO_PAULO]
LISBON = Point(name="lisbon", latitude=38.7, longitude=-9.1)
FILE = """
stun = ["stun:stun.example:3478"]
[[region]]
name = "eu-west"
latitude = 53.3
longitude = -6.3
capacity = 2
urls = ["turn:eu.example:3478?transport=udp", "turns:eu.example:443?transport=tcp"]
[[region]]
name = "sa-east"
latitude = -23.5
longitude = -46.6
urls = ["turn:sa.example:3478"]
[[place]]
name = "lisbon"
latitude = 38.7
longitude = -9.1
"""


def names(here: Point | None, **standings: Standing) -> list[str]:
    told = {name.replace("_", "-"): one for name, one in standings.items()}
    return [region.name for region in ranked(ALL, here, told)]


def test_the_great_circle_is_as_long_as_it_is() -> None:
    assert DUBLIN.km_to(FRANKFURT) == pytest.approx(1_086, rel=0.01)
    assert LISBON.km_to(SAO_PAULO) == pytest.approx(7_900, rel=0.01)
    assert DUBLIN.km_to(DUBLIN) == 0


def test_the_nearest_region_comes_first() -> None:
    assert names(LISBON) == ["eu-west", "eu-central", "sa-east"]
    assert names(SAO_PAULO)[0] == "sa-east"


def test_one_that_is_full_comes_behind_all_that_have_room() -> None:
    assert names(LISBON, eu_west=Standing(load=100)) == ["eu-central", "sa-east", "eu-west"]


def test_of_two_that_are_as_near_the_less_loaded_comes_first() -> None:
    between = Point(name="between", latitude=51.9, longitude=1.2)

    assert names(between, eu_west=Standing(load=60), eu_central=Standing(load=10))[0] == (
        "eu-central"
    )
    assert names(between, eu_west=Standing(load=10), eu_central=Standing(load=60))[0] == "eu-west"


def test_whom_nobody_can_place_goes_where_there_is_least_load() -> None:
    loads = {"eu_west": Standing(load=50), "eu_central": Standing(load=40)}

    assert names(None, **loads) == ["sa-east", "eu-central", "eu-west"]


@pytest.mark.parametrize("ill", [Standing(rtt_ms=600), Standing(loss_percent=8.0)])
def test_one_whose_people_suffer_is_passed_over_for_one_that_is_further(ill: Standing) -> None:
    assert names(LISBON, eu_west=ill)[0] == "eu-central"


def test_credentials_are_what_the_draft_says_and_end() -> None:
    given = Credentials("north-secret", 600).ice_server(["turn:a"], "acme", 7, NOW)

    ends = int(NOW.timestamp()) + 600
    digest = hmac.digest(b"north-secret", f"{ends}:acme.7".encode(), "sha1")
    assert given == IceServer(
        ["turn:a"],
        f"{ends}:acme.7",
        base64.b64encode(digest).decode(),
        datetime.fromtimestamp(ends, UTC),
    )


def test_a_secret_is_not_shown() -> None:
    assert "north-secret" not in repr(Credentials("north-secret"))
    assert "north-secret" not in repr(Settings(turn_secret="north-secret"))


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ("[[region]]\nname = 1", "str"),
        ('[[region]]\nname = "a"\nlatitude = 91.0\nlongitude = 0.0\nurls = ["turn:a"]', "Earth"),
        ('[[region]]\nname = "a"\nlatitude = 1.0\nlongitude = 0.0\nurls = []', "needs urls"),
        ('[[region]]\nname = "a"\nlatitude = 1.0\nlongitude = 0.0\nurls = ["http:a"]', "turn:"),
        (FILE + '[[place]]\nname = "eu-west"\nlatitude = 1.0\nlongitude = 0.0', "twice"),
        ("speed = 1", "unknown field"),
    ],
)
def test_a_file_that_is_wrong_is_refused_with_the_reason(
    wrong: str, says: str, tmp_path: Path
) -> None:
    (tmp_path / "turn.toml").write_text(wrong)

    with pytest.raises(BadSetting, match=says):
        read_atlas(str(tmp_path / "turn.toml"))


def test_regions_need_their_secret() -> None:
    with pytest.raises(BadSetting, match="BANYAN_TURN_SECRET"):
        Settings.read({"BANYAN_TURN_FILE": "turn.toml"})


def test_a_resume_token_names_who_was_where_until_it_ends() -> None:
    tokens = ResumeTokens(b"key")
    token = tokens.token("acme", "l42", 7, "eu-west", NOW)
    clock = FakeClock(NOW)

    found = tokens.read(token, NOW)
    assert (found.tenant, found.live_class, found.user, found.region) == (
        "acme",
        "l42",
        7,
        "eu-west",
    )
    clock.advance(3_600)
    with pytest.raises(BadResumeToken, match="too old"):
        tokens.read(token, clock.now())


def test_a_resume_token_of_another_key_or_altered_is_none() -> None:
    token = ResumeTokens(b"key").token("acme", "l42", 7, "eu-west", NOW)
    altered = token[:-2] + ("AA" if not token.endswith("AA") else "BB")

    for text in (ResumeTokens(b"other").token("acme", "l42", 7, "", NOW), altered, "", "é", "A"):
        with pytest.raises(BadResumeToken):
            ResumeTokens(b"key").read(text, NOW)


def test_who_is_spread_lies_evenly_in_the_window_and_always_at_the_same_place() -> None:
    waits = [spread_ms("acme", "l1", user, 1_000) for user in range(10_000)]

    assert waits == [spread_ms("acme", "l1", user, 1_000) for user in range(10_000)]
    quarters = [sum(low <= wait < low + 250 for wait in waits) for low in (0, 250, 500, 750)]
    assert all(2_200 < count < 2_800 for count in quarters), quarters


@pytest.fixture
def entrance(tmp_path: Path) -> Entrance:
    """Of a service whose Redis is away."""
    (tmp_path / "turn.toml").write_text(FILE)
    settings = Settings(
        home=tmp_path,
        turn_file=str(tmp_path / "turn.toml"),
        turn_secret="north-secret",
        class_starts_per_s=100,
    )
    clock = FakeClock(NOW)
    return Entrance.of(settings, Aside(redis_of("redis://127.0.0.1:1"), clock), clock)


async def test_without_redis_everybody_is_admitted(entrance: Entrance) -> None:
    admission = await entrance.admit("acme", "l42", 7, "lisbon")

    stun, turn = admission.ice_servers
    assert stun == IceServer(["stun:stun.example:3478"])
    assert turn.urls == list(entrance.atlas.region[0].urls)
    assert (admission.turn_region, admission.wait_ms) == ("eu-west", 0)
    assert entrance.tokens.read(admission.resume_token, NOW).region == "eu-west"


async def test_without_redis_a_process_counts_whom_it_has_sent(entrance: Entrance) -> None:
    regions = [(await entrance.admit("acme", "l42", u, "lisbon")).turn_region for u in range(3)]

    assert regions == ["eu-west", "eu-west", "sa-east"]


async def test_without_redis_a_herd_is_spread_by_chance_of_the_names(entrance: Entrance) -> None:
    waits = [(await entrance.admit("acme", "l42", u, "lisbon")).wait_ms for u in range(1_000)]

    assert waits[0] == 0
    assert max(waits) <= LONGEST_MS
    assert max(waits) > LONGEST_MS * 0.9
    assert (await entrance.admit("acme", "l43", 7, "lisbon")).wait_ms == 0


async def test_where_there_are_no_relays_nobody_is_relayed(tmp_path: Path) -> None:
    clock = FakeClock(NOW)
    aside = Aside(redis_of("redis://127.0.0.1:1"), clock)

    admission = await Entrance.of(Settings(home=tmp_path), aside, clock).admit("a", "l1", 7, None)

    assert (admission.ice_servers, admission.turn_region) == ([], "")
    await Entrance.of(Settings(home=tmp_path), aside, clock).depart("a", "l1", 7)

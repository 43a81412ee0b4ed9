"""What is advised to whose media suffer, by what was measured and by what is heard of regions."""

import pytest

from services.contracts.classroom import Advice, Quality
from services.live_class.entrance.heard import RTT_MS, class_of, standing_of
from services.live_class.entrance.placement import Standing
from services.live_class.entrance.regions import Atlas, Region
from services.live_class.quality.advice import Surroundings, advice

HERE = Region(name="eu-west", latitude=53.3, longitude=-6.3, urls=["turn:a"], capacity=100)
THERE = Region(name="eu-central", latitude=50.1, longitude=8.7, urls=["turn:b"], capacity=100)
WELL = Standing(rtt_ms=75, reports=50)


def around(**standings: Standing) -> Surroundings:
    told = {"eu-west": WELL} | {name.replace("_", "-"): one for name, one in standings.items()}
    return Surroundings(Atlas(region=[HERE, THERE]), told, "eu-west")


def measured(
    rtt: int = 40,
    loss: float = 0.0,
    kbps: int | None = None,
    region: str = "eu-west",
    *,
    relayed: bool = False,
) -> Quality:
    return Quality(rtt, loss, 5, relayed, region, kbps)


@pytest.mark.parametrize(
    ("quality", "advised"),
    [
        (measured(), Advice.NONE),
        (measured(rtt=299, loss=4.9, kbps=100), Advice.NONE),
        (measured(rtt=300), Advice.LOWER_LAYER),
        (measured(loss=5.0), Advice.LOWER_LAYER),
        (measured(loss=14.9, rtt=900), Advice.LOWER_LAYER),
        (measured(loss=15.0), Advice.AUDIO_ONLY),
        (measured(kbps=99), Advice.AUDIO_ONLY),
        (measured(kbps=0), Advice.AUDIO_ONLY),
        (measured(rtt=149, relayed=True), Advice.NONE),
        (measured(rtt=150, relayed=True), Advice.OTHER_TURN_REGION),
        (measured(rtt=150, relayed=False), Advice.NONE),
        (measured(rtt=400, loss=20, relayed=True), Advice.OTHER_TURN_REGION),
        (measured(rtt=400, relayed=True, region="made-up"), Advice.LOWER_LAYER),
    ],
)
def test_what_is_measured_decides_what_is_advised(quality: Quality, advised: Advice) -> None:
    given = advice(quality, around())

    assert given.advice is advised
    assert given.turn_region == ("eu-central" if advised is Advice.OTHER_TURN_REGION else None)


def test_a_region_of_which_little_is_heard_is_not_blamed() -> None:
    few = Standing(rtt_ms=75, reports=9)

    assert advice(measured(rtt=200, relayed=True), around(eu_west=few)).advice is Advice.NONE


def test_nobody_is_sent_to_a_region_that_is_full() -> None:
    full = around(eu_central=Standing(load=100))

    assert advice(measured(rtt=200, relayed=True), full).advice is Advice.NONE


def test_where_all_of_a_region_suffer_a_sound_one_is_advised_and_not_a_sick_one() -> None:
    sick = Standing(rtt_ms=400, reports=50)
    quality = measured(rtt=400, relayed=True)

    assert advice(quality, around(eu_west=sick)).turn_region == "eu-central"
    both = around(eu_west=sick, eu_central=Standing(loss_percent=9.0))
    assert advice(quality, both).advice is Advice.LOWER_LAYER


def heard(**counts: int) -> list[bytes]:
    fields = [(name[1:].replace("_", ":"), count) for name, count in counts.items()]
    return [part for name, count in fields for part in (name.encode(), str(count).encode())]


def test_the_median_is_of_the_class_that_half_lie_in_or_below() -> None:
    now = str(1_000 * 60).encode()

    found = standing_of(now, 3, heard(_1000_0=4, _1000_5=6, _1000_loss=2_500))

    assert found == Standing(3, float(RTT_MS[5]), 2.5, 10)
    assert standing_of(now, 3, []) == Standing(3)
    assert standing_of(now, 3, heard(_1000_11=1, _1000_loss=0)).rtt_ms == 4_000


def test_what_was_heard_fades_within_two_minutes() -> None:
    told = heard(_1000_0=10, _1000_loss=0, _1001_5=6, _1001_loss=0)

    at = [standing_of(str(1_001 * 60 + s).encode(), 0, told).reports for s in (0, 30, 59)]
    assert at == [16, 11, 6]
    assert standing_of(str(1_003 * 60).encode(), 0, told).reports == 0


@pytest.mark.parametrize(
    ("rtt_ms", "nth"), [(0, 0), (25, 0), (26, 1), (2_000, 10), (2_001, 11), (9**9, 11)]
)
def test_every_round_trip_has_its_class(rtt_ms: int, nth: int) -> None:
    assert class_of(rtt_ms) == nth

"""Everybody may ask how the platform's move stands, and nothing else without signing in."""

from dataclasses import replace

from graphql import ExecutionResult
from msgspec.structs import replace as changed

from tests.fakes.asking import ask_of, codes
from tests.fakes.listening import Hall, Listener, settled
from tests.fakes.platform import FakePlatform
from tests.fakes.sources import sources_of
from tests.fakes.status import STATUS, FakeStatus, without_trouble
from tests.fakes.tenant import NOW, viewer

EVERYTHING = """{ platformStatus {
  checkedAt outboxAgeSeconds
  lastDrill { capability rehearsedAt passed summary }
  incidents { id capability startedAt endedAt summary }
  capabilities { name what owner mode servicePercent errorRatio mismatchRatio compared
    rolledBackAt reason }
} }"""
SUBSCRIPTION = "subscription { platformStatusUpdated { checkedAt capabilities { name mode } } }"


async def asked(query: str, status: FakeStatus | None = None) -> ExecutionResult:
    sources = replace(sources_of(FakePlatform()), status=status or FakeStatus())
    return await ask_of(sources, None, query)


async def test_a_stranger_is_told_how_the_platform_stands() -> None:
    result = await asked(EVERYTHING)

    assert result.errors is None
    assert result.data is not None
    told = result.data["platformStatus"]
    assert told["checkedAt"] == "2026-03-02T09:30:00Z"
    assert told["outboxAgeSeconds"] == 0.4
    assert told["lastDrill"]["passed"] is True
    assert [one["mode"] for one in told["capabilities"]] == ["CANARY", "ROLLED_BACK"]
    assert told["capabilities"][1] == {
        "name": "progress.read",
        "what": "how far a learner has come in a course",
        "owner": "learning",
        "mode": "ROLLED_BACK",
        "servicePercent": 0.0,
        "errorRatio": 0.31,
        "mismatchRatio": 0.0025,
        "compared": 4_000,
        "rolledBackAt": "2026-03-02T09:30:00Z",
        "reason": "31 % of its calls failed",
    }
    assert told["incidents"][0]["endedAt"] is None


async def test_whoever_signed_in_is_told_the_same() -> None:
    sources = replace(sources_of(FakePlatform()), status=FakeStatus())

    known = await ask_of(sources, viewer("acme"), EVERYTHING)

    assert known.data == (await asked(EVERYTHING)).data


async def test_what_a_stranger_asks_beside_it_is_refused_as_before() -> None:
    result = await asked("{ platformStatus { checkedAt } viewer { id } }")

    assert codes(result) == ["UNAUTHENTICATED"]


async def test_a_percentage_that_nobody_knows_is_null() -> None:
    [one] = without_trouble().capabilities
    unknown = changed(STATUS, capabilities=[changed(one, service_percent=None)])

    result = await asked(EVERYTHING, FakeStatus(unknown))

    assert result.data is not None
    assert result.data["platformStatus"]["capabilities"][0]["servicePercent"] is None


async def test_a_stranger_is_told_each_change_and_no_later_check_of_the_same() -> None:
    status, stranger = FakeStatus(), Listener(None)
    hall = Hall(lambda: replace(sources_of(FakePlatform()), status=status))

    await hall.join(stranger, SUBSCRIPTION)
    status.write(changed(STATUS, checked_at=NOW))
    await settled()
    status.write(without_trouble())
    await settled()

    modes = [[one["mode"] for one in told["capabilities"]] for told in stranger.data]
    assert modes == [["CANARY", "ROLLED_BACK"], ["CANARY"]]

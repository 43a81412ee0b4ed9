"""A class as clients see it: who may do what in it, and what they are told."""

from datetime import timedelta
from typing import Any

import pytest
from msgspec import structs

from services.contracts.errors import ErrorCode, UpstreamUnreachable
from services.contracts.ids import Kind, Side, encode
from services.contracts.live_class import LiveClassState
from services.contracts.viewer import Viewer
from tests.fakes.asking import CONSISTENCY, ask, codes
from tests.fakes.platform import FakePlatform
from tests.fakes.room import FakeRoom, breakout_id, participant_id
from tests.fakes.tenant import LEARNER, NOW, OPERATOR, OTHER, TEACHER, add_tenant, class_id, viewer

CLASS, SECOND = class_id("acme"), class_id("acme", 2)
STANDS = """query ($id: ID!) { liveClass(id: $id) { state present
  hands { participantId name } breakouts { name members { name } endsAt } } }"""
INPUTS = {
    "joinLiveClass": 'region: "eu-west"',
    "leaveLiveClass": "",
    "startLiveClass": "",
    "endLiveClass": "",
    "raiseHand": "",
    "lowerHand": "",
    "openBreakouts": "count: 2 minutes: 10",
    "moveToBreakout": 'participantId: "WHO"',
    "closeBreakouts": "",
    "sendSignal": 'to: "PEER" kind: OFFER payload: "sdp"',
}
OF_TEACHERS = {
    "startLiveClass",
    "endLiveClass",
    "openBreakouts",
    "moveToBreakout",
    "closeBreakouts",
}
REPORT = """mutation { reportQuality(input: { classId: "%s" rttMs: 40 lossPercent: %s jitterMs: 5
  relayed: false region: "eu-west" }) { advice message turnRegion } }"""


@pytest.fixture
def platform() -> FakePlatform:
    """Everybody is in the first class; the second course's class is opened by nobody."""
    made = FakePlatform()
    add_tenant(made, "acme", courses=2)
    add_tenant(made, "other")
    soon = structs.replace(
        made.live_classes[CLASS], starts_at=NOW, ends_at=NOW + timedelta(hours=1)
    )
    made.live_classes[CLASS] = soon
    return made


async def do(platform: FakePlatform, who: Viewer | None, mutation: str) -> str:
    """The code that it is refused with; `done` where it is not."""
    peer = TEACHER if who == viewer("acme", LEARNER) else LEARNER
    given = INPUTS[mutation].replace("WHO", participant_id(CLASS, LEARNER))
    given = given.replace("PEER", participant_id(CLASS, peer))
    asked = f'{mutation}(input: {{ classId: "{CLASS}" key: "{mutation}" {given} }})'
    answer = await ask(platform, who, f"mutation {{ done: {asked} {{ ... on Error {{ code }} }} }}")
    assert answer.errors is None, answer.errors
    assert answer.data is not None
    return str(answer.data["done"].get("code", "done"))


async def joined(platform: FakePlatform) -> FakeRoom:
    for user in (TEACHER, LEARNER):
        assert await do(platform, viewer("acme", user), "joinLiveClass") == "done"
    return platform.rooms[CLASS]


@pytest.mark.parametrize("mutation", INPUTS)
@pytest.mark.parametrize(
    ("who", "of_teachers", "of_all"),
    [
        (viewer("acme", TEACHER), "done", "done"),
        (viewer("acme", OPERATOR), "done", "done"),
        (viewer("acme", LEARNER), "FORBIDDEN", "done"),
        (viewer("acme", OTHER), "NOT_FOUND", "NOT_FOUND"),
        (viewer("other", TEACHER), "NOT_FOUND", "NOT_FOUND"),
        (viewer("other", OPERATOR), "NOT_FOUND", "NOT_FOUND"),
        (None, "UNAUTHENTICATED", "UNAUTHENTICATED"),
    ],
    ids=[
        "teacher",
        "operator",
        "learner",
        "other course",
        "other tenant",
        "their operator",
        "nobody",
    ],
)
async def test_who_may_do_what(
    platform: FakePlatform, mutation: str, who: Viewer | None, of_teachers: str, of_all: str
) -> None:
    await joined(platform)
    if who == viewer("acme", OPERATOR):
        await do(platform, who, "joinLiveClass")

    done = await do(platform, who, mutation)

    assert done == (of_teachers if mutation in OF_TEACHERS else of_all)


async def test_a_class_that_nobody_opened_is_as_the_timetable_says(platform: FakePlatform) -> None:
    answer = await ask(platform, viewer("acme"), STANDS, id=CLASS)

    nothing = {"present": None, "hands": None, "breakouts": None}
    assert answer.data == {"liveClass": {"state": "SCHEDULED", **nothing}}


async def test_a_class_stands_as_its_room_says(platform: FakePlatform) -> None:
    room = await joined(platform)
    room.state = LiveClassState.LIVE
    room.raises(LEARNER, NOW)
    room.rooms[1] = ("Room 1", None)
    room.placed[LEARNER] = 1

    answer = await ask(platform, viewer("acme"), STANDS, id=CLASS)

    name = f"acme person {LEARNER}"
    assert answer.errors is None
    assert answer.data == {
        "liveClass": {
            "state": "LIVE",
            "present": 2,
            "hands": [{"participantId": participant_id(CLASS, LEARNER), "name": name}],
            "breakouts": [{"name": "Room 1", "members": [{"name": name}], "endsAt": None}],
        }
    }


async def test_a_room_that_cannot_be_asked_costs_its_own_fields_alone(
    platform: FakePlatform,
) -> None:
    platform.rooms[CLASS] = FakeRoom(platform.live_classes[CLASS])
    platform.broken[f"room {CLASS}"] = UpstreamUnreachable("away").refusal

    answer = await ask(platform, viewer("acme"), STANDS, id=CLASS)

    assert answer.data is not None
    assert answer.data["liveClass"]["state"] == "SCHEDULED"
    assert codes(answer) == ["UPSTREAM_UNAVAILABLE"] * 3


async def test_all_that_is_asked_of_many_rooms_is_asked_at_once(platform: FakePlatform) -> None:
    query = (
        "{ viewer { courses { edges { node { liveClasses { state present hands { name } } } } } } }"
    )

    answer = await ask(platform, viewer("acme"), query)

    assert answer.errors is None
    assert platform.calls["classrooms.rooms"] == 1


async def test_a_room_far_from_its_time_is_not_asked_for(platform: FakePlatform) -> None:
    days = timedelta(days=1, seconds=1)
    later = structs.replace(
        platform.live_classes[CLASS], starts_at=NOW + days, ends_at=NOW + 2 * days
    )
    platform.live_classes[CLASS] = later

    answer = await ask(platform, viewer("acme"), STANDS, id=CLASS)

    assert answer.errors is None
    assert platform.calls["classrooms.rooms"] == 0


async def test_a_ticket_has_all_that_a_client_needs(platform: FakePlatform) -> None:
    join = f"""mutation {{ joinLiveClass(input: {{
      classId: "{CLASS}" key: "k" region: "sa-east" }}) {{
      ... on JoinTicket {{ participant {{ id name role region }} liveClass {{ id state }} turnRegion
        resumeToken waitMs iceServers {{ urls username credential expiresAt }} }} }} }}"""

    answer = await ask(platform, viewer("acme"), join)

    assert answer.errors is None
    assert answer.data == {
        "joinLiveClass": {
            "participant": {
                "id": participant_id(CLASS, LEARNER),
                "name": f"acme person {LEARNER}",
                "role": "LEARNER",
                "region": "sa-east",
            },
            "liveClass": {"id": CLASS, "state": "OPEN"},
            "turnRegion": "eu-west",
            "resumeToken": "resume",
            "waitMs": 0,
            "iceServers": [
                {
                    "urls": ["turn:turn.test:3478"],
                    "username": "4",
                    "credential": "secret",
                    "expiresAt": print_of(NOW + timedelta(hours=1)),
                }
            ],
        }
    }


def print_of(instant: Any) -> str:
    return str(instant.isoformat().replace("+00:00", "Z"))


async def test_a_move_takes_somebody_into_a_room_and_back(platform: FakePlatform) -> None:
    room = await joined(platform)
    room.rooms[1] = ("Room 1", None)
    move = f"""mutation ($to: ID, $key: ID!) {{ moveToBreakout(input: {{
      classId: "{CLASS}" key: $key breakoutId: $to
      participantId: "{participant_id(CLASS, LEARNER)}" }}) {{ __typename
      ... on ClassUpdated {{ token liveClass {{ breakouts {{ members {{ name }} }} }} }} }} }}"""

    into = await ask(platform, viewer("acme", TEACHER), move, key="1", to=breakout_id(CLASS, 1))
    back = await ask(platform, viewer("acme", TEACHER), move, key="2", to=None)

    assert into.data is not None
    assert back.data is not None
    moved, returned = (
        one["moveToBreakout"]["liveClass"]["breakouts"] for one in (into.data, back.data)
    )
    assert [len(one["members"]) for one in moved] == [1]
    assert [len(one["members"]) for one in returned] == [0]
    token = CONSISTENCY.token({"live_class:room/acme/l1": room.version})
    assert back.data["moveToBreakout"]["token"] == token


async def test_a_report_is_answered_with_advice_and_refused_with_an_error(
    platform: FakePlatform,
) -> None:
    await joined(platform)

    good = await ask(platform, viewer("acme"), REPORT % (CLASS, "0.5"))
    bad = await ask(platform, viewer("acme"), REPORT % (CLASS, "101"))
    foreign = await ask(platform, viewer("acme", OTHER), REPORT % (CLASS, "0.5"))

    advice = {"advice": "NONE", "message": "All is well.", "turnRegion": None}
    assert good.data == {"reportQuality": advice}
    assert codes(bad) == [ErrorCode.INVALID]
    assert codes(foreign) == [ErrorCode.NOT_FOUND]


@pytest.mark.parametrize(
    "given",
    [
        'joinLiveClass(input: { classId: "ID" key: "" })',
        'joinLiveClass(input: { classId: "ID" key: "k" region: "eu west" })',
        'raiseHand(input: { classId: "ID" key: "" })',
        'sendSignal(input: { classId: "ID" key: "k" to: "x" kind: BYE payload: "" })',
    ],
)
async def test_what_cannot_be_said_is_invalid(platform: FakePlatform, given: str) -> None:
    asked = given.replace("ID", CLASS)

    answer = await ask(
        platform, viewer("acme"), f"mutation {{ done: {asked} {{ ... on Error {{ code }} }} }}"
    )

    assert answer.data == {"done": {"code": "INVALID"}}


async def test_an_id_of_another_kind_names_no_class(platform: FakePlatform) -> None:
    foreign = encode(Kind.COURSE, "acme", 1, Side.EITHER)
    asked = f'raiseHand(input: {{ classId: "{foreign}" key: "k" }})'

    answer = await ask(
        platform, viewer("acme"), f"mutation {{ done: {asked} {{ ... on Error {{ code }} }} }}"
    )

    assert answer.data == {"done": {"code": "NOT_FOUND"}}

"""A class stays on the side that opened it, whatever the flag says by then."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from msgspec import structs

from flags.names import Side
from flags.pins import MemoryPins
from gateway.classroom.attending import tell
from gateway.classroom.routed import RoutedClassrooms
from gateway.classroom.whose import Whose, pinned_of
from services.contracts.classroom import ClassDeed, ClassUpdated, JoinTicket, Room
from services.contracts.errors import Refused, UpstreamUnreachable
from services.contracts.ids import Kind, LiveClassId, UserId, encode
from services.contracts.ids import Side as Scheduled
from services.contracts.viewer import Viewer
from services.kit.caller import Caller
from services.kit.clock import FakeClock
from services.kit.deadline import Deadline
from tests.fakes.classrooms import FakeClassrooms
from tests.fakes.platform import FakePlatform
from tests.fakes.tenant import LEARNER, NOW, TEACHER, add_tenant, class_id, viewer

CLASS = class_id("acme")
AWAY = UpstreamUnreachable("away").refusal


@dataclass
class Both:
    """Two sides with the same timetable, and what is pinned."""

    clock: FakeClock = field(default_factory=lambda: FakeClock(NOW))
    old: FakePlatform = field(default_factory=FakePlatform)
    new: FakePlatform = field(default_factory=FakePlatform)

    def __post_init__(self) -> None:
        self.pins = MemoryPins(self.clock)
        for platform in (self.old, self.new):
            add_tenant(platform, "acme")
            scheduled = platform.live_classes[CLASS]
            platform.live_classes[CLASS] = structs.replace(scheduled, starts_at=NOW)

    def wanting(self, side: Side) -> RoutedClassrooms:
        rooms = FakeClassrooms(self.old), FakeClassrooms(self.new)
        return RoutedClassrooms(Whose(*rooms, self.pins, side))

    def asking(self, user: str = TEACHER) -> Caller:
        return Caller(viewer("acme", user), Deadline.within(self.clock, 5.0))


async def test_a_class_is_opened_where_the_flag_says() -> None:
    both = Both()

    done = await both.wanting(Side.SERVICE).join(both.asking(), CLASS, None, "k")

    assert isinstance(done, JoinTicket)
    assert (list(both.old.rooms), list(both.new.rooms)) == ([], [CLASS])


async def test_an_opened_class_stays_though_the_flag_is_turned() -> None:
    both = Both()
    await both.wanting(Side.LEGACY).join(both.asking(), CLASS, None, "k")

    turned = both.wanting(Side.SERVICE)
    await turned.join(both.asking(LEARNER), CLASS, None, "k")
    [room] = await turned.rooms(both.asking(), [CLASS])

    assert CLASS not in both.new.rooms
    assert isinstance(room, Room)
    assert room.present == 2


async def test_without_its_pin_a_class_is_found_where_it_was_opened() -> None:
    for first, other in ((Side.LEGACY, Side.SERVICE), (Side.SERVICE, Side.LEGACY)):
        both = Both()
        await both.wanting(first).join(both.asking(), CLASS, None, "k")
        both.pins = MemoryPins(both.clock)

        done = await both.wanting(other).act(both.asking(), CLASS, ClassDeed.START, "start")

        assert isinstance(done, ClassUpdated)
        held = both.old if first is Side.LEGACY else both.new
        assert held.rooms[CLASS].state == "LIVE"
        assert await both.pins.noted([pinned_of(CLASS)]) == [first]


async def test_who_wants_the_old_side_is_not_kept_by_a_service_that_is_away() -> None:
    both = Both()
    both.new.broken[f"room {CLASS}"] = AWAY

    done = await both.wanting(Side.LEGACY).join(both.asking(), CLASS, None, "k")

    assert isinstance(done, JoinTicket)
    assert CLASS in both.old.rooms


async def test_who_wants_a_service_that_is_away_opens_no_second_class_beside_it() -> None:
    both = Both()
    both.new.broken[f"room {CLASS}"] = AWAY

    done = await both.wanting(Side.SERVICE).join(both.asking(), CLASS, None, "k")

    assert done == AWAY
    assert not both.old.rooms


async def test_a_class_of_the_services_own_is_never_asked_of_the_monolith() -> None:
    both = Both()
    own = LiveClassId(encode(Kind.LIVE_CLASS, "acme", 7, Scheduled.SERVICE))
    both.new.live_classes[own] = structs.replace(both.new.live_classes[CLASS], id=own)

    done = await both.wanting(Side.LEGACY).join(both.asking(), own, None, "k")

    assert isinstance(done, JoinTicket)
    assert not both.old.calls


@dataclass
class Here:
    """Who listens to the one class."""

    users: list[str]

    def followers(self, field: str) -> Iterator[tuple[Viewer, str]]:
        assert field == "classroom"
        yield from ((viewer("acme", user), CLASS) for user in self.users)


@dataclass
class Heard:
    """Hands on each beat; `taken` says how many it had."""

    sides: RoutedClassrooms
    taken: list[int | Refused] = field(default_factory=list)

    async def beat(
        self, caller: Caller, listening: Mapping[LiveClassId, Sequence[UserId]]
    ) -> int | Refused:
        assert (caller.viewer.tenant, caller.viewer.user) == ("acme", "")
        self.taken.append(await self.sides.beat(caller, listening))
        return self.taken[-1]


async def test_whoever_listens_is_told_of_with_one_call() -> None:
    both = Both()
    heard = Heard(both.wanting(Side.SERVICE))
    for user in (TEACHER, LEARNER):
        await heard.sides.join(both.asking(user), CLASS, None, "k")

    for there in ([TEACHER, LEARNER, LEARNER], [TEACHER], []):
        await tell(Here(there), heard, both.clock)

    assert heard.taken == [2, 1]

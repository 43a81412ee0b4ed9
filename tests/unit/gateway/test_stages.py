"""`Server-Timing` tells what each stage took, where strangers do not read it."""

from gateway.transport.stages import Stages
from services.kit.clock import FakeClock
from tests.fakes.tenant import NOW


def told(*, tells_each: bool) -> str:
    clock = FakeClock(NOW)
    stages = Stages(clock, tells_each=tells_each)
    clock.advance(0.0012)
    stages.end("read")
    clock.advance(0.0304)
    stages.end("execute")
    return stages.header


def test_each_stage_is_told_in_milliseconds() -> None:
    assert told(tells_each=True) == "read;dur=1.20, execute;dur=30.40, total;dur=31.60"


def test_strangers_are_told_whole_milliseconds_of_all() -> None:
    assert told(tells_each=False) == "total;dur=32"

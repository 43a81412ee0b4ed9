"""All who are told the same are told it for the price of one, each only what they may know."""

from gateway.realtime.group import CHUNK
from gateway.realtime.rounds import CROWD, PACE_S, RETRY_S
from services.contracts.errors import Refused, UpstreamTimeout
from tests.fakes.asking import CONSISTENCY
from tests.fakes.listening import Listener, settled
from tests.fakes.tenant import LEARNER, course_id
from tests.unit.gateway.following import ANNA, TOPIC, Scene, learner, scene

__all__ = ["scene"]


async def test_an_event_is_read_executed_and_encoded_once_for_all_of_a_group(scene: Scene) -> None:
    members = await scene.watch(20)
    reads, executed = scene.status.reads, scene.hall.executed

    scene.status.tell(1)
    await settled()

    assert (scene.status.reads - reads, scene.hall.executed - executed) == (1, 1)
    assert {id(one.payloads[-1]) for one in members} == {id(members[0].payloads[-1])}
    assert all(one.data[-1]["lastDrill"]["summary"] == "drill 1" for one in members)


async def test_whoever_joins_later_is_told_what_is_and_nobody_else_is(scene: Scene) -> None:
    [first] = await scene.watch(1)

    [second] = await scene.watch(1)

    assert [len(one.heard) for one in (first, second)] == [1, 1]


async def test_ones_own_is_shared_with_no_other_viewer(scene: Scene) -> None:
    scene.platform.enrolled[course_id("acme")]["acme", "77"] = scene.platform.enrolled[
        course_id("acme")
    ]["acme", LEARNER]
    anna, other = Listener(ANNA), Listener(learner("77"))
    await scene.learn(anna)
    await scene.learn(other)

    await scene.complete()

    assert scene.hall.groups.total == 2
    assert [one["completed"] for one in anna.data] == [0, 1]
    assert [one["completed"] for one in other.data] == [0]


async def test_from_where_one_resumes_makes_no_group_of_its_own(scene: Scene) -> None:
    await scene.learn(Listener(ANNA))
    await scene.learn(Listener(ANNA), after=CONSISTENCY.token({"x": 1}))

    assert scene.hall.groups.total == 1


async def test_what_has_no_members_hears_nothing(scene: Scene) -> None:
    members = [Listener(ANNA), Listener(ANNA)]
    for one in members:
        await scene.learn(one)
    assert scene.platform.topics.listeners(TOPIC) == 1

    for one in members:
        scene.hall.groups.leave(one)

    assert (scene.platform.topics.listeners(TOPIC), scene.hall.groups.total) == (0, 0)


async def test_who_has_no_room_is_told_the_newest_when_they_have(scene: Scene) -> None:
    [slow] = await scene.watch(1, has_room=False)
    for nth in range(1, 4):
        scene.status.tell(nth)
        await settled()
    assert len(slow.heard) == 1

    slow.drained()
    await settled()

    assert [one["lastDrill"]["summary"] for one in slow.data[1:]] == ["drill 3"]


async def test_who_missed_nothing_costs_no_reading_when_they_have_room(scene: Scene) -> None:
    [slow] = await scene.watch(1, has_room=False)
    reads = scene.status.reads

    slow.drained()
    await settled()

    assert scene.status.reads == reads


async def test_a_crowd_is_told_at_its_pace_and_then_the_newest(scene: Scene) -> None:
    members = await scene.watch(CROWD + 1)
    scene.hall.later.happen()
    await settled()
    scene.hall.clock.advance(PACE_S)
    for nth in range(1, 6):
        scene.status.tell(nth)
        await settled()
    told = len(members[0].heard)

    scene.hall.clock.advance(PACE_S)
    scene.hall.later.happen()
    await settled()

    assert told == 2
    assert [one["lastDrill"]["summary"] for one in members[0].data[1:]] == ["drill 1", "drill 5"]


async def test_a_crowd_of_more_than_a_chunk_is_told_whole(scene: Scene) -> None:
    members = await scene.watch(CHUNK + 5)
    for _ in range(2):
        scene.status.tell(9)
        scene.hall.later.happen()
        await settled()

    assert all(one.data[-1]["lastDrill"]["summary"] == "drill 9" for one in members)


async def test_whose_token_is_spent_is_sent_away_untold(scene: Scene) -> None:
    first, second = await scene.watch(2)
    first.is_spent = True

    scene.status.tell(1)
    await settled()

    assert (first.is_away, len(first.heard)) == (True, 1)
    assert (second.is_away, len(second.heard)) == (False, 2)


async def test_whose_right_ended_is_told_so_and_nothing_more(scene: Scene) -> None:
    anna = Listener(ANNA)
    await scene.learn(anna)
    del scene.platform.enrolled[course_id("acme")]["acme", LEARNER]

    await scene.complete()
    await scene.complete()

    assert (anna.codes, anna.is_over, len(anna.heard)) == (["NOT_FOUND"], True, 2)


async def test_a_source_that_is_away_for_a_while_ends_nobody(scene: Scene) -> None:
    anna = Listener(ANNA)
    await scene.learn(anna)
    scene.platform.broken[course_id("acme")] = UpstreamTimeout.refusal
    await scene.complete()
    assert (len(anna.heard), anna.is_over) == (1, False)

    scene.platform.broken.clear()
    [(seconds, _)] = scene.hall.later.calls
    scene.hall.later.happen()
    await settled()

    assert seconds == RETRY_S
    assert [one["completed"] for one in anna.data] == [0, 1]


async def test_a_source_that_is_away_at_first_is_told(scene: Scene) -> None:
    scene.platform.broken[course_id("acme")] = UpstreamTimeout.refusal
    anna = Listener(ANNA)

    await scene.learn(anna)

    assert (anna.codes, anna.is_over) == (["UPSTREAM_TIMEOUT"], True)
    assert isinstance(UpstreamTimeout.refusal, Refused)

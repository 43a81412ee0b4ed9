"""Of a server's list we take what is ours, and nothing else can spoil it."""

from random import Random
from typing import Any

import msgspec
import pytest

from flags.client import Loaded
from flags.document import BadFlags, parse
from flags.listed import ours
from flags.names import PROGRESS_READ, Capability, Side, shadow_of
from flags.rollout import Rollout, rollout_of
from tests.fakes.flag_server import EMPTY, OTHERS, listed
from tests.unit.flags.people import viewer

MUTATIONS = 3_000


def rollout(percent: str, **more: Any) -> dict[str, Any]:
    parameters = {"groupId": "progress.read", "rollout": percent, "stickiness": "default"}
    return {"name": "flexibleRollout", "constraints": [], "parameters": parameters, **more}


def feature(name: str, *strategies: dict[str, Any], **more: Any) -> dict[str, Any]:
    """With all that a real server says of one."""
    known = {"type": "release", "enabled": True, "project": "default", "stale": False}
    told: dict[str, Any] = {"variants": [], "description": None, "impressionData": False}
    return {"name": name, **known, "strategies": list(strategies), **told, **more}


def text(*features: Any, **more: Any) -> bytes:
    meta = {"revisionId": 14, "etag": '"6ef7ec5a:14"', "queryHash": "6ef7ec5a"}
    query = {"project": ["default"], "environment": "development", "inlineSegmentConstraints": True}
    whole = {"version": 2, "features": features, "query": query, "meta": meta, **more}
    return msgspec.json.encode(whole)


def side(taken: bytes, tenant: str = "northfield", of: Capability = PROGRESS_READ) -> Side:
    return Loaded(taken).decide(viewer(tenant, 4)).side(of)


def test_what_is_not_ours_is_left_out() -> None:
    strange = {"name": "banner", "strategies": [{"parameters": {"rollout": 30}}], "enabled": "?"}
    own = feature("progress.read", rollout("100"))

    taken = ours(text(strange, own, 7, feature("progress.read.shadow", rollout("0"))))

    assert {one.name for one in parse(taken).features} == {"progress.read", "progress.read.shadow"}
    assert side(taken) is Side.SERVICE


def test_a_change_of_others_is_no_news() -> None:
    own, other = feature("progress.read", rollout("30")), feature("banner", rollout("1"))

    assert ours(text(own, other)) == ours(text(other, own, meta={"revisionId": 15}))


def test_what_was_taken_is_taken_again_as_it_is() -> None:
    taken = ours(text(feature("progress.read", rollout("30"))))

    assert ours(taken) == taken


def test_a_servers_own_way_of_a_percentage_is_understood() -> None:
    found = parse(ours(text(feature("progress.read", rollout("30"))))).feature("progress.read")

    assert found is not None
    assert rollout_of(PROGRESS_READ, found) == Rollout(30)


def test_a_feature_that_depends_on_another_comes_with_it() -> None:
    child = feature("progress.read", rollout("100"), dependencies=[{"feature": "platform"}])
    on, off = feature("platform", rollout("100")), feature("platform", enabled=False)

    assert side(ours(text(child, on))) is Side.SERVICE
    assert side(ours(text(child, off))) is Side.LEGACY


def test_features_that_depend_on_one_another_end() -> None:
    one = feature("progress.read", rollout("100"), dependencies=[{"feature": "platform"}])
    other = feature("platform", rollout("100"), dependencies=[{"feature": "progress.read"}])

    assert len(parse(ours(text(one, other))).features) == 2


def test_a_segment_lets_in_whom_it_names() -> None:
    constraint = {"contextName": "tenantId", "operator": "IN", "values": ["northfield"]}
    segments = [{"id": 7, "name": "pilots", "constraints": [constraint]}, {"id": 8, "odd": 1}]
    taken = ours(text(feature("progress.read", rollout("100", segments=[7])), segments=segments))

    assert side(taken, "northfield") is Side.SERVICE
    assert side(taken, "southfield") is Side.LEGACY


def test_a_segment_that_is_not_there_refuses_the_list() -> None:
    taken = ours(text(feature("progress.read", rollout("100", segments=[7]))))

    with pytest.raises(BadFlags, match=r"progress\.read has segments that the list has not: 7"):
        Loaded(taken)


def test_rules_that_we_do_not_know_are_left_to_unleash() -> None:
    old = {"name": "gradualRolloutUserId", "parameters": {"percentage": "100", "groupId": "g"}}
    ids = {"name": "userWithId", "parameters": {"userIds": "northfield/4"}}
    unknown = {"name": "ourOwn", "parameters": {}}

    assert side(ours(text(feature("progress.read", old)))) is Side.SERVICE
    assert side(ours(text(feature("progress.read", unknown, ids)))) is Side.SERVICE
    assert side(ours(text(feature("progress.read", unknown)))) is Side.LEGACY


def test_variants_change_nothing() -> None:
    variant = {"name": "a", "weight": 1000, "weightType": "variable", "stickiness": "default"}
    way = rollout("100", variants=[variant], segments=[], sortOrder=3, title=None)
    found = parse(ours(text(feature("progress.read", way, variants=[variant])))).features[0]

    assert rollout_of(PROGRESS_READ, found) == Rollout(100)


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        (EMPTY, "The list of flags is empty."),
        (OTHERS, "None of the list's 1 flags is of ours."),
        (text(feature(shadow_of(PROGRESS_READ).name)), "is of ours"),
        (b"", "malformed"),
        (b"<html>502</html>", "malformed"),
        (listed()[:-40], "malformed"),
        (b'{"version": 2}', "malformed"),
        (b"[" * 100_000, "malformed"),
        (listed().replace(b'"release"', b'"\xff"'), "malformed"),
        (text({"name": "progress.read", "strategies": 3}), "malformed"),
    ],
)
def test_what_is_no_list_of_ours_is_refused(bad: bytes, says: str) -> None:
    with pytest.raises(BadFlags, match=says):
        ours(bad)


def test_nothing_else_is_raised_whatever_comes() -> None:
    """Whoever polls heeds BadFlags alone."""
    dice = Random(7)
    good = text(feature("progress.read", rollout("30", segments=[7])), segments=[{"id": 7}])
    raised = 0
    for _ in range(MUTATIONS):
        spoilt = bytearray(good)
        for _ in range(dice.randint(1, 4)):
            spoilt[dice.randrange(len(spoilt))] = dice.choice(b'"{}[],:0e-\\\xff\x00t')
        try:
            Loaded(ours(bytes(spoilt)))
        except BadFlags:
            raised += 1

    assert raised > MUTATIONS / 2


def test_a_percentage_lets_in_the_same_whoever_wrote_it() -> None:
    ways = (text(feature("progress.read", rollout("30"))), listed((PROGRESS_READ, 30)))

    servers, own = (let_in(Loaded(ours(way))) for way in ways)

    assert servers == own != set()


def let_in(loaded: Loaded) -> set[int]:
    everybody = {n: loaded.decide(viewer("northfield", n)) for n in range(300)}
    return {n for n, said in everybody.items() if said.side(PROGRESS_READ) is Side.SERVICE}

"""Who is answered by which side: percentages that stick, tenants apart, and a reason."""

from pathlib import Path

import pytest

from flags.change import Change
from flags.client import Flags
from flags.document import Document, Feature, Strategy, render
from flags.engine import Engine
from flags.file import FlagFile
from flags.names import CAPABILITIES, COURSE_READ, PROGRESS_READ, Capability, Side
from flags.rollout import TENANT, Rollout, feature_of
from tests.unit.flags.people import FEW, MANY, viewer, with_the_service

TENANTS = '{"northfield": {}, "southfield": {}}'


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "demo.json").write_text(TENANTS)
    return tmp_path


def rolled_out(home: Path, percent: int, tenant: str | None = None) -> Flags:
    Change(PROGRESS_READ, percent, tenant).applied(home)
    return Flags(home)


def test_a_percentage_lets_in_that_many(home: Path) -> None:
    let_in = with_the_service(rolled_out(home, 30), "northfield")

    assert 0.27 <= len(let_in) / MANY <= 0.33, f"{len(let_in)} of {MANY}"


@pytest.mark.parametrize(("percent", "expected"), [(0, 0), (100, MANY)])
def test_none_and_all_are_exact(home: Path, percent: int, expected: int) -> None:
    assert len(with_the_service(rolled_out(home, percent), "northfield")) == expected


@pytest.mark.parametrize(("percent", "let_in"), [(0, False), (100, True)])
def test_unleash_would_say_the_same_where_it_is_not_asked(percent: int, let_in: bool) -> None:
    feature = feature_of(PROGRESS_READ, Rollout(percent, {"southfield": percent}))
    engine = Engine(render(Document(2, [feature])).decode())

    asked = [viewer(tenant, n) for tenant in ("northfield", "southfield") for n in range(FEW)]

    assert {engine.lets_in(PROGRESS_READ.name, one) for one in asked} == {let_in}


def test_whoever_is_in_stays_in_when_the_percentage_grows(home: Path) -> None:
    at_30 = with_the_service(rolled_out(home, 30), "northfield")

    at_60 = with_the_service(rolled_out(home, 60), "northfield")

    assert at_30 < at_60
    assert 0.57 <= len(at_60) / MANY <= 0.63, f"{len(at_60)} of {MANY}"


def test_what_is_decided_alike_of_many_is_kept_once(home: Path) -> None:
    flags = rolled_out(home, 50)

    decided = [flags.decide(viewer("northfield", one)) for one in range(FEW)]

    assert len({id(one) for one in decided}) == len({one.told() for one in decided}) == 2


def test_a_tenants_own_percentage_moves_nobody_back(home: Path) -> None:
    by_everybodys = with_the_service(rolled_out(home, 30), "northfield")

    by_its_own = with_the_service(rolled_out(home, 30, "northfield"), "northfield")

    assert by_its_own == by_everybodys


def test_one_id_in_two_tenants_is_two_people(home: Path) -> None:
    flags = rolled_out(home, 50)

    north = with_the_service(flags, "northfield")
    south = with_the_service(flags, "southfield")

    # Of two independent halves, a half agrees; the same people would agree all of them.
    assert 0.45 <= len(north ^ south) / MANY <= 0.55, f"{len(north ^ south)} of {MANY}"


def test_by_their_ids_alone_the_two_would_be_one() -> None:
    """The twin: Unleash asked without the tenant in front of the user."""
    feature = feature_of(PROGRESS_READ, Rollout(50))
    engine = Engine(render(Document(2, [feature])).decode())

    def lets_in(tenant: str, user: int) -> bool:
        context = {"userId": f"{user}", "properties": {TENANT: tenant}}
        return engine.unleash.is_enabled(PROGRESS_READ.name, context)

    assert all(lets_in("northfield", n) is lets_in("southfield", n) for n in range(FEW))


def test_two_capabilities_move_the_same_people_no_more_than_chance(home: Path) -> None:
    Change(COURSE_READ, 50).applied(home)
    flags = rolled_out(home, 50)

    progress = with_the_service(flags, "northfield")
    course = with_the_service(flags, "northfield", COURSE_READ)

    assert 0.45 <= len(progress ^ course) / MANY <= 0.55


def test_a_tenants_rule_is_for_that_tenant(home: Path) -> None:
    flags = rolled_out(home, 100, "northfield")

    assert len(with_the_service(flags, "northfield", many=FEW)) == FEW
    assert len(with_the_service(flags, "southfield", many=FEW)) == 0


def test_a_tenant_can_be_held_back_while_all_others_go(home: Path) -> None:
    rolled_out(home, 100)

    flags = rolled_out(home, 0, "northfield")

    assert len(with_the_service(flags, "northfield", many=FEW)) == 0
    assert len(with_the_service(flags, "southfield", many=FEW)) == FEW


@pytest.mark.parametrize(
    ("feature", "side", "rule"),
    [
        (None, Side.LEGACY, "nobody has decided, so everybody is at 0 %"),
        (Feature("progress.read", False, []), Side.LEGACY, "it is switched off"),
        (
            Feature("progress.read", True, [Strategy("default")]),
            Side.SERVICE,
            "it has rules of its own in Unleash",
        ),
    ],
)
def test_a_rule_made_elsewhere_holds_and_is_told(
    home: Path, feature: Feature | None, side: Side, rule: str
) -> None:
    features = [Feature("of somebody else", True, []), *([feature] if feature else [])]
    FlagFile(home).path.write_bytes(render(Document(2, features)))

    decision = Flags(home).decide(viewer("northfield", 4))[PROGRESS_READ]

    assert (decision.side, decision.rule) == (side, rule)


def test_rules_made_elsewhere_are_asked_anew_for_each_request(home: Path) -> None:
    """Stickiness by chance: whoever remembered the first answer would always say the same."""
    parameters = {"rollout": "50", "stickiness": "random", "groupId": "a"}
    theirs = Feature(PROGRESS_READ.name, True, [Strategy("flexibleRollout", parameters)])
    FlagFile(home).path.write_bytes(render(Document(2, [theirs])))
    flags, learner = Flags(home), viewer("northfield", 4)

    sides = {flags.decide(learner).side(PROGRESS_READ) for _ in range(FEW)}

    assert sides == set(Side)


def test_every_capability_is_decided_at_once(home: Path) -> None:
    decisions = Flags(home).decide(viewer("northfield", 4))

    assert list(decisions) == list(CAPABILITIES.values())
    assert {decision.side for decision in decisions.values()} == {Side.LEGACY}


@pytest.mark.parametrize("capability", CAPABILITIES.values(), ids=str)
def test_each_capability_is_moved_by_its_own_flag(home: Path, capability: Capability) -> None:
    Change(capability, 100).applied(home)

    decisions = Flags(home).decide(viewer("northfield", 4))

    assert [one for one in decisions if decisions.side(one) is Side.SERVICE] == [capability]

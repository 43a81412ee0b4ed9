"""What may be set, and that two who set at once lose nothing."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from flags.change import BadChange, Change, change_to, known_capability
from flags.document import BadFlags, Document, Feature, Strategy, render
from flags.file import FlagFile
from flags.names import COURSE_READ, PROGRESS_READ, shadow_of
from flags.rollout import Rollout, feature_of, rollout_of
from services.contracts.status import RouteMode


def rollout(home: Path) -> Rollout | None:
    feature = FlagFile(home).read().feature(PROGRESS_READ.name)
    assert feature is not None
    return rollout_of(PROGRESS_READ, feature)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "demo.json").write_text('{"northfield": {}, "southfield": {}}')
    return tmp_path


def test_a_tenants_rule_leaves_the_others(home: Path) -> None:
    Change(PROGRESS_READ, 10, "southfield").applied(home)

    Change(PROGRESS_READ, 30, "northfield").applied(home)

    assert rollout(home) == Rollout(0, {"northfield": 30, "southfield": 10})


def test_everybodys_rule_replaces_the_tenants(home: Path) -> None:
    Change(PROGRESS_READ, 10, "southfield").applied(home)

    Change(PROGRESS_READ, 100).applied(home)

    assert rollout(home) == Rollout(100)


def test_an_unknown_tenant_is_refused_with_the_known_ones(home: Path) -> None:
    with pytest.raises(BadChange, match=r"'westfield'. Known: northfield, southfield\."):
        Change(PROGRESS_READ, 100, "westfield").applied(home)

    assert rollout(home) == Rollout(0)


def test_a_tenant_that_has_a_rule_is_known_without_a_sample(home: Path) -> None:
    Change(PROGRESS_READ, 10, "southfield").applied(home)
    (home / "demo.json").unlink()

    Change(PROGRESS_READ, 20, "southfield").applied(home)

    assert rollout(home) == Rollout(0, {"southfield": 20})


def test_an_unknown_capability_is_refused_with_the_known_ones() -> None:
    with pytest.raises(BadChange, match=r"'course.write'. Known: course\.read, progress\.read"):
        known_capability("course.write")


@pytest.mark.parametrize(
    ("mode", "percent", "change"),
    [
        (RouteMode.LEGACY, None, Change(PROGRESS_READ, 0, compared=0)),
        (RouteMode.SHADOW, None, Change(PROGRESS_READ, 0, compared=100)),
        (RouteMode.SHADOW, "5", Change(PROGRESS_READ, 0, compared=5)),
        (RouteMode.CANARY, "30", Change(PROGRESS_READ, 30)),
        (RouteMode.SERVICE, None, Change(PROGRESS_READ, 100)),
    ],
)
def test_each_mode_is_two_percentages(mode: RouteMode, percent: str | None, change: Change) -> None:
    assert change_to(PROGRESS_READ, mode, percent) == change


@pytest.mark.parametrize(
    ("mode", "percent", "told"),
    [
        (RouteMode.CANARY, None, "How many"),
        (RouteMode.LEGACY, "30", "of a canary"),
        (RouteMode.SERVICE, "30", "of a canary"),
    ],
)
def test_a_mode_with_a_wrong_percentage_is_refused(
    mode: RouteMode, percent: str | None, told: str
) -> None:
    with pytest.raises(BadChange, match=told):
        change_to(PROGRESS_READ, mode, percent)


def test_a_tenant_is_compared_in_the_shadow_alone(home: Path) -> None:
    change_to(PROGRESS_READ, RouteMode.SHADOW, "20", "northfield").applied(home)

    shadow = FlagFile(home).read().feature(shadow_of(PROGRESS_READ).name)
    assert shadow is not None
    assert rollout_of(shadow_of(PROGRESS_READ), shadow) == Rollout(0, {"northfield": 20})
    assert rollout(home) == Rollout(0, {"northfield": 0})


def test_rules_made_elsewhere_are_not_half_replaced(home: Path) -> None:
    theirs = Document(2, [Feature(PROGRESS_READ.name, True, [Strategy("default")])])
    FlagFile(home).path.write_bytes(render(theirs))

    with pytest.raises(BadChange, match="rules of its own"):
        Change(PROGRESS_READ, 30, "northfield").applied(home)

    assert FlagFile(home).read() == theirs


def test_a_flag_that_was_off_comes_on_for_the_tenant_alone(home: Path) -> None:
    off = Feature(PROGRESS_READ.name, False, [Strategy("default")])
    FlagFile(home).path.write_bytes(render(Document(2, [off])))

    Change(PROGRESS_READ, 30, "northfield").applied(home)

    assert rollout(home) == Rollout(0, {"northfield": 30})


def test_a_broken_file_is_not_written_over(home: Path) -> None:
    FlagFile(home).path.write_text("broken")

    with pytest.raises(BadFlags, match="malformed"):
        Change(PROGRESS_READ, 30).applied(home)

    assert FlagFile(home).path.read_text() == "broken"


class Unlocked(FlagFile):
    """The twin: whoever changes the file does not wait for the others."""

    @contextmanager
    def _alone(self) -> Iterator[None]:
        yield


def test_without_the_lock_one_of_two_changes_is_lost(tmp_path: Path) -> None:
    def meanwhile(_: Document) -> list[Feature]:
        Unlocked(tmp_path).change(lambda _: [feature_of(PROGRESS_READ, Rollout(30))])
        return [feature_of(COURSE_READ, Rollout(30))]

    Unlocked(tmp_path).change(meanwhile)

    assert rollout(tmp_path) == Rollout(0)


def test_of_many_changes_at_once_none_is_lost(tmp_path: Path) -> None:
    tenants = [f"tenant-{number}" for number in range(24)]
    (tmp_path / "demo.json").write_text(str(dict.fromkeys(tenants, 1)).replace("'", '"'))

    with ThreadPoolExecutor(8) as many:
        list(many.map(lambda one: Change(PROGRESS_READ, 50, one).applied(tmp_path), tenants))

    assert rollout(tmp_path) == Rollout(0, dict.fromkeys(tenants, 50))

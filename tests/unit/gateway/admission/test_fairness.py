"""Whoever runs least is next; nobody's thousand pushes back anybody's one."""

import random
from collections import Counter
from collections.abc import Callable

import pytest

from gateway.admission import fairness
from gateway.admission.fairness import MOST, MOST_A_VIEWER, Lines, Queue, Waiter
from gateway.admission.priority import Priority
from gateway.admission.shares import A_FEW, SHORT_CLASS, SHORT_TENANT, Party, Shares


class Promise:
    """In the place of a future, which needs a loop."""


class Hall:
    """A process with so many slots, whose operations end in the order in which they began."""

    def __init__(self, slots: int, weights: dict[str, float] | None = None) -> None:
        self.shares = Shares(weights)
        self.queue = Queue(self.shares)
        self.slots = slots
        self.running: list[Party] = []
        self.served: Counter[Party] = Counter()

    def ask(
        self,
        tenant: str,
        user: str = "1",
        room: str | None = None,
        priority: Priority = Priority.INTERACTIVE,
    ) -> tuple[Waiter, Waiter | None]:
        waiter = Waiter(Party(tenant, room, user), priority, Promise())  # type: ignore[arg-type]
        return waiter, self.queue.join(waiter, 0.0)

    def fill(self) -> list[Waiter]:
        begun = []
        while len(self.running) < self.slots:
            found = self.queue.next(lambda _: True)
            if found is None:
                break
            self.shares.take(found.party)
            self.queue.let_in(found.party, came_first=found.goes_on)
            self.running.append(found.party)
            self.served[found.party] += 1
            begun.append(found)
        return begun

    def end(self) -> None:
        self.shares.give(self.running.pop(0))


@pytest.fixture
def hall() -> Hall:
    return Hall(slots=4)


def shares_of(hall: Hall, keys: "dict[str, list[Party]]", rounds: int = 400) -> dict[str, int]:
    """Everybody asks again and again; who was served how often."""
    for _ in range(rounds):
        for parties in keys.values():
            for party in parties:
                hall.ask(party.tenant, party.user, party.room)
        hall.fill()
        hall.end()
    return {name: sum(hall.served[party] for party in parties) for name, parties in keys.items()}


def test_a_more_important_one_is_first_whoever_came_before(hall: Hall) -> None:
    order = [Priority.BROWSE, Priority.LIVE_CLASS, Priority.INTERACTIVE, Priority.EXAM]
    for priority in order:
        hall.ask("acme", priority.name, priority=priority)

    assert [one.priority for one in hall.fill()] == sorted(order)


def test_tenants_share_alike_however_much_each_asks(hall: Hall) -> None:
    many = [Party("herd", None, str(user)) for user in range(10)]

    served = shares_of(hall, {"herd": many, "calm": [Party("calm", None, "1")]})

    assert served["calm"] == pytest.approx(served["herd"], rel=0.05)


def test_a_tenant_that_weighs_more_gets_more() -> None:
    hall = Hall(12, {"large": 3.0})

    served = shares_of(hall, {t: [Party(t, None, "1")] for t in ("large", "small")})

    assert served["large"] == pytest.approx(3 * served["small"], rel=0.1)


def test_classes_of_a_tenant_share_alike(hall: Hall) -> None:
    herd = [Party("acme", "herd", str(user)) for user in range(10)]

    served = shares_of(hall, {"herd": herd, "calm": [Party("acme", "calm", "99")]})

    assert served["calm"] == pytest.approx(served["herd"], rel=0.05)


def test_viewers_of_a_class_take_turns(hall: Hall) -> None:
    for _ in range(MOST_A_VIEWER):
        hall.ask("acme", "hog", "course")
    hall.ask("acme", "other", "course")

    begun = hall.fill()

    assert [one.party.user for one in begun][:2] == ["hog", "other"]


def test_who_was_let_in_and_goes_on_comes_before_who_was_not() -> None:
    hall = Hall(slots=1)
    for user in ("joins", "comes", "comes later"):
        hall.ask("acme", user, "hero")
    hall.fill()

    hall.ask("acme", "joins", "hero")
    hall.end()

    assert [one.party.user for one in hall.fill()] == ["joins"]


def test_who_goes_on_and_on_takes_turns_with_the_others() -> None:
    hall = Hall(slots=1)
    for user in ("hog", "comes", "comes later"):
        hall.ask("acme", user, "hero")
    order = []
    for _ in range(5):
        begun = [one.party.user for one in hall.fill()]
        order += begun
        if begun == ["hog"]:
            hall.ask("acme", "hog", "hero")
        hall.end()

    assert order == ["hog", "hog", "comes", "comes later", "hog"]


def test_who_goes_on_elsewhere_is_behind_those_of_the_class() -> None:
    hall = Hall(slots=1)
    hall.ask("acme", "joins", "hero")
    hall.fill()
    for user in ("waits", "joins"):
        hall.ask("acme", user, "another")

    hall.end()

    assert [one.party.user for one in hall.fill()] == ["waits"]


def test_naming_many_classes_is_no_way_round() -> None:
    hall = Hall(slots=4)
    for nth in range(8):
        hall.ask("acme", "hog", f"course {nth}")
    hall.fill()
    hall.ask("acme", "honest", "her course")

    hall.end()

    assert [one.party.user for one in hall.fill()] == ["honest"]


def test_what_nobody_else_wants_is_anybodys(hall: Hall) -> None:
    for user in range(10):
        hall.ask("herd", str(user), "one course")

    assert len(hall.fill()) == 4


def test_one_viewer_waits_with_so_many_and_no_more(hall: Hall) -> None:
    for nth in range(MOST_A_VIEWER):
        assert hall.ask("acme", "hog", f"course {nth}")[1] is None

    waiter, goes = hall.ask("acme", "hog", "one more")

    assert goes is waiter


def test_where_all_places_are_taken_the_tenant_with_the_most_gives_one_up(hall: Hall) -> None:
    for user in range(MOST):
        assert hall.ask("herd", str(user))[1] is None

    calm, goes = hall.ask("calm")
    herd, stays_out = hall.ask("herd", "late")

    assert goes is not None
    assert (goes.party.tenant, goes.waits, calm.waits) == ("herd", False, True)
    assert stays_out is herd


def test_an_exam_takes_the_place_of_the_least_important(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fairness, "MOST_EXAMS", 20)
    for user in range(10):
        hall.ask("acme", str(user), priority=Priority.INTERACTIVE)
        hall.ask("acme", str(user), priority=Priority.BROWSE)

    exam, goes = hall.ask("acme", "student", priority=Priority.EXAM)

    assert exam.waits
    assert goes is not None
    assert goes.priority is Priority.BROWSE


def test_nothing_is_kept_of_those_who_left(hall: Hall) -> None:
    waiters = [hall.ask(f"tenant {nth}", room=f"course {nth}")[0] for nth in range(50)]

    for waiter in waiters:
        hall.queue.leave(waiter)

    assert len(hall.queue) == 0
    assert hall.queue.next(lambda _: True) is None
    assert not any(lines._tenants for lines in hall.queue._lines.values())


def test_nothing_is_kept_of_those_who_run_no_more() -> None:
    shares, party = Shares(), Party("acme", "course", "1")

    shares.take(party)
    shares.give(party)

    assert (shares._tenants, shares._rooms, shares._viewers) == ({}, {}, {})


def test_who_has_less_than_an_even_share_may_exceed_what_others_fill() -> None:
    shares = Shares()
    for _ in range(10):
        shares.take(Party("acme", "herd", "1"))

    assert shares.excess(Party("acme", "herd", "2"), 10) == 1.0
    assert shares.excess(Party("acme", "calm", "2"), 10) == SHORT_CLASS
    assert shares.excess(Party("other", "calm", "2"), 10) == SHORT_TENANT
    # The class is another, the viewer is not.
    assert shares.excess(Party("acme", "made up", "1"), 10) == 1.0


def test_where_little_may_run_a_few_who_have_less_run_beside_it() -> None:
    shares, slots = Shares(), 2.0
    for _ in range(2):
        shares.take(Party("acme", "herd", "1"))

    assert slots * shares.excess(Party("acme", "calm", "2"), slots) == slots + A_FEW
    assert slots * shares.excess(Party("acme", "herd", "2"), slots) == slots


def test_of_a_herd_that_may_not_run_one_is_judged(hall: Hall) -> None:
    judged: list[Waiter] = []

    def may_not(waiter: Waiter) -> bool:
        judged.append(waiter)
        return False

    for other in ("1", "2"):
        hall.shares.take(Party("other", None, other))
    for user in range(30):
        hall.ask("acme", str(user), f"class {user % 7}")

    assert hall.queue.next(may_not) is None

    assert len(judged) == 1


@pytest.mark.parametrize("room", ["hero", "calm"])
def test_who_is_alone_is_judged_beside_the_herd(hall: Hall, room: str) -> None:
    hall.shares.take(Party("acme", "hero", "7"))
    for user in range(10):
        hall.ask("acme", f"of the herd {user}", room)
    hall.ask("acme", "7", "hero")

    found = hall.queue.next(lambda waiter: waiter.party.user == "7")

    assert found is not None
    assert found.party.user == "7"


class Patient(Lines):
    """Judges everybody, one after the other."""

    def _next_of(self, tenant: str, may: Callable[[Waiter], bool]) -> Waiter | None:
        return next((one for one in self._in_order(tenant) if may(one)), None)


class Crowd:
    """Waits, runs and ends by chance, by the door's own rule of who may run."""

    def __init__(self, kind: type[Lines], seed: int) -> None:
        self.shares = Shares()
        self.lines = kind(self.shares)
        self.chance = random.Random(seed)
        self.usual, self.alone = [(1 + seed % 4, 8.0), (1 + seed % 10, 12.0)][seed < 20]
        self.running: list[Party] = []

    def may(self, waiter: Waiter) -> bool:
        is_alone = self.shares.is_alone(waiter.party)
        slots = self.alone if is_alone else float(self.usual)
        has_hands = is_alone or self.shares.of_viewer(*waiter.party[::2]) < 2
        return has_hands and len(self.running) < slots * self.shares.excess(waiter.party, slots)

    def step(self) -> Party | None:
        drawn = self.chance.random()
        if drawn < 0.3 and self.running:
            self.shares.give(self.running.pop(self.chance.randrange(len(self.running))))
        elif drawn < 0.7:
            tenant, room, user = (str(self.chance.randrange(most)) for most in (2, 3, 3))
            party = Party(tenant, None if room == "0" else room, user)
            self.lines.add(Waiter(party, Priority.BROWSE, Promise()), 0.0)  # type: ignore[arg-type]
        found = self.lines.next(self.may)
        if found is None:
            return None
        self.shares.take(found.party)
        self.running.append(found.party)
        return found.party


@pytest.mark.parametrize("seed", range(40))
def test_who_is_next_is_who_would_be_if_all_were_judged(seed: int) -> None:
    brief, patient = Crowd(Lines, seed), Crowd(Patient, seed)

    assert [brief.step() for _ in range(600)] == [patient.step() for _ in range(600)]


def test_a_class_that_runs_nothing_any_more_takes_no_share() -> None:
    shares, herd = Shares(), Party("acme", "herd", "1")
    for _ in range(6):
        shares.take(herd)
    others = [Party("acme", str(room), "2") for room in range(3)]
    for other in others:
        shares.take(other)
        shares.take(other)

    assert shares.excess(herd, 10) == 1.0

    for other in [*others, *others]:
        shares.give(other)

    assert shares.excess(herd, 10) == SHORT_TENANT

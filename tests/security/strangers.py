"""Who may not see what of their own tenant, and each thing with its like that does not exist."""

from collections.abc import Iterator
from dataclasses import dataclass

from legacy.monolith import seed
from legacy.monolith.database import Connection
from services.contracts.ids import GlobalId, Kind, decode, encode
from tests.security.campus import PROCTOR, Campus
from tests.security.mutations import CASES
from tests.security.test_i3_tenants import BY_KIND, ROOTS

STRANGER, OTHER_TEACHER, CLASSMATE = 5, 6, 7
NOBODY = 904
ASKERS = {
    STRANGER: ("LEARNER", set(Kind) - {Kind.MODULE}),
    OTHER_TEACHER: ("TEACHER", set(Kind) - {Kind.MODULE, Kind.LEARNER}),
    PROCTOR: ("PROCTOR", {Kind.COURSE, Kind.LESSON, Kind.ASSESSMENT, Kind.LIVE_CLASS}),
    CLASSMATE: ("LEARNER", {Kind.ATTEMPT, Kind.LEARNER, Kind.VIEWER}),
}
"""What each is, and the kinds of which they may not see the campus's things."""


@dataclass(frozen=True, slots=True)
class Probe:
    """A document with two ids in the place of `ID`: both must be answered alike."""

    asker: int
    document: str
    forbidden: str
    missing: str

    @property
    def role(self) -> str:
        return ASKERS[self.asker][0]

    def __str__(self) -> str:
        things = f"{decode(self.forbidden)} or {decode(self.missing)}"
        return f"{self.role} {self.asker}: {self.document[:60]}: {things}"


async def strangers(db: Connection, at: Campus) -> None:
    """People of the tenant who have no part in its course, and one who has."""
    for user in (STRANGER, OTHER_TEACHER, CLASSMATE):
        await seed.person(db, at.tenant, user, f"{user} {at.mark}", ASKERS[user][0])
    await seed.enrol(db, at.tenant, 1, CLASSMATE)


def probes(at: Campus, documents: dict[str, Kind]) -> Iterator[Probe]:
    """Everything that somebody may not see, by every document that takes an id of its kind."""
    for asker, (_, kinds) in ASKERS.items():
        for document, kind in documents.items():
            if kind in kinds and _may_be_asked(asker, document):
                for thing in at.every(kind):
                    for missing in like(thing, knows_exam=asker == CLASSMATE):
                        yield Probe(asker, document, thing, missing)


def _may_be_asked(asker: int, document: str) -> bool:
    """A proctor watches over all attempts of the tenant, and so knows their assessments."""
    return asker != PROCTOR or not document.startswith("mutation")


def like(thing: str, *, knows_exam: bool) -> list[str]:
    """Ids of the same kind, side and tenant that nothing has.

    Of attempts also one at the same exam; at that alone for those who may know the exam.
    """
    given = decode(thing)
    if given.kind is not Kind.ATTEMPT:
        return [_local(given, f"{NOBODY}")]
    assessment, user, _ = given.local.split("-")
    found = [_local(given, f"{assessment}-{user}-9")]
    return found if knows_exam else [*found, _local(given, f"{NOBODY}-{user}-1")]


def _local(given: GlobalId, local: str) -> str:
    return encode(given.kind, given.tenant, local, given.side)


def documents(own: Campus) -> dict[str, Kind]:
    """Every root, node, list and mutation that takes an id, by the kind that it takes."""
    found = {f'{{ {root}(id: "ID") {{ id }} }}': kind for root, kind in ROOTS.items()}
    for kind, name in BY_KIND.items():
        found[f'{{ node(id: "ID") {{ id ... on {name} {{ id }} }} }}'] = kind
        found[f'{{ nodes(ids: ["ID"]) {{ id ... on {name} {{ id }} }} }}'] = kind
    return found | {case.document(own): case.kind for case in CASES}

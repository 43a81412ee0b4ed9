"""What the people of a tenant do with what is theirs, and what others try to do with it."""

import asyncio
from collections.abc import Iterable
from contextlib import AsyncExitStack
from itertools import product
from typing import Any

from graphql import get_named_type

from schema.contract import core_schema
from services.contracts.ids import Kind
from tests.security.campus import LEARNER, TEACHER, Campus
from tests.security.canary import Overheard
from tests.security.exam import done
from tests.security.mutations import CASES
from tests.security.test_i3_tenants import BY_KIND, ROOTS
from tests.security.walk import selection
from tests.system import System

People = dict[int, Overheard]
TOPICS = [
    (Kind.COURSE, "progressUpdated(courseId", "Progress"),
    (Kind.ATTEMPT, "attemptUpdated(attemptId", "Attempt"),
]


async def sit_on_the_old_side(system: System, at: Campus) -> None:
    """Its attempts are in `also`: one that was handed in, then an open one."""
    anna = system.someone(at.tenant, LEARNER)
    start = f'assessmentId: "{at.exam}"'
    first = (await done(anna, "startAttempt", start, key="start 1"))["attempt"]["id"]
    await done(anna, "submitAttempt", f'attemptId: "{first}" {_answers(at, 1)}')
    second = (await done(anna, "startAttempt", start, key="start 2"))["attempt"]["id"]
    at.also[Kind.ATTEMPT] = [first, second]


async def listen(ends: AsyncExitStack, people: People, of: Iterable[Campus]) -> None:
    """Each of them subscribes to all there is, until the stack of exits unwinds."""
    schema = core_schema()
    documents = [
        f'subscription {{ {topic}: "{id_}") {selection(schema, result)} }}'
        for kind, topic, result in TOPICS
        for at in of
        for id_ in at.every(kind)
    ]
    for someone in people.values():
        await ends.enter_async_context(someone.listening(documents))


async def live(people: People, at: Campus, turn: int) -> None:
    """They read and write what is theirs, with the mark in all that they say."""
    anna, teacher, mark = people[LEARNER], people[TEACHER], at.mark
    lesson, course = at.ids()[Kind.LESSON], at.ids()[Kind.COURSE]
    attempt = at.every(Kind.ATTEMPT)[-1]
    key = f"{mark} {turn}"
    await anna.answer(command("completeLesson", f'lessonId: "{lesson}"', key))
    await teacher.answer(command("renameCourse", f'courseId: "{course}" title: "{key}"', key))
    saved = f'attemptId: "{attempt}" {_answers(at, turn + 2)}'
    told = await anna.answer(command("saveAnswers", saved, key))
    assert told["data"]["saveAnswers"]["__typename"] == "AttemptAccepted", told
    reason = f'attemptId: "{attempt}" reason: "{key}"'
    await teacher.answer(command("pauseAttempt", reason, f"pause {key}"))
    await teacher.answer(command("resumeAttempt", reason, f"resume {key}"))
    await look_for(people, [at])
    await err(anna, at)


async def err(who: Overheard, at: Campus) -> None:
    """Asks in ways that are refused, each with the mark in it."""
    mark = at.mark
    attempt = at.every(Kind.ATTEMPT)[-1]
    unknown = f'answers: [{{ itemId: "{mark}", sequence: 1, response: {{ text: "{mark}" }} }}]'
    await who.answer(command("saveAnswers", f'attemptId: "{attempt}" {unknown}', f"bad {mark}"))
    await who.answer(f'{{ node(id: "{mark}") {{ id }} }}')
    await who.answer(f'{{ viewer {{ name "{mark}" }} }}')
    await who.answer(f'{{ viewer {{ id }} }} # "{mark}', **{mark: mark})
    await who.answer(f"{{ viewer {{ a{mark.replace(' ', '_')} }} }}")
    assert await who.got(f'{{ viewer {{ name }} node(id: "{mark}") {{ id }} }}') == 200


async def ask_for(people: People, own: Campus, others: list[Campus]) -> None:
    """By every root, node and mutation, what is others' as if it were theirs."""
    await look_for(people, [own, *others])
    for document, kind in _singly():
        for id_ in [one for other in others for one in other.every(kind)]:
            await _each(people, document, id=id_)
    for case, other in product(CASES, others):
        await _each(people, case.document(own).replace("ID", case.id_of(other)))


async def look_for(people: People, of: list[Campus]) -> None:
    """Every field there is, below the viewer and below what these ids lead to."""
    await _each(people, f"{{ viewer {selection(core_schema(), 'Viewer')} }}")
    for kind, name in BY_KIND.items():
        ids = [id_ for at in of for id_ in at.every(kind)]
        query = f"query ($ids: [ID!]!) {{ nodes(ids: $ids) {_part(name)} }}"
        await _each(people, query, ids=ids)


def _singly() -> list[tuple[str, Kind]]:
    """By the root of its kind, and by `node`."""
    asked = [(root, kind, selection(core_schema(), BY_KIND[kind])) for root, kind in ROOTS.items()]
    asked += [("node", kind, _part(name)) for kind, name in BY_KIND.items()]
    return [(f"query ($id: ID!) {{ {root}(id: $id) {part} }}", kind) for root, kind, part in asked]


def _part(name: str) -> str:
    return f"{{ ... on {name} {selection(core_schema(), name)} }}"


async def _each(people: People, document: str, **variables: Any) -> None:
    await asyncio.gather(*[one.answer(document, **variables) for one in people.values()])


def command(name: str, given: str, key: str) -> str:
    schema = core_schema()
    assert schema.mutation_type is not None
    result = get_named_type(schema.mutation_type.fields[name].type)
    asked = f'{name}(input: {{ {given} key: "{key}" }})'
    return f"mutation {{ {asked} {selection(schema, str(result))} }}"


def _answers(at: Campus, sequence: int) -> str:
    said = f'{{ itemId: "q4", sequence: {sequence}, response: {{ text: "{at.mark}" }} }}'
    return f"answers: [{said}]"

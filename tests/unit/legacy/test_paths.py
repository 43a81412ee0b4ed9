"""Nothing that a client writes becomes part of a URL, unless the monolith writes it so itself."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest

from services.contracts.errors import HIDDEN
from services.contracts.ids import Kind, Side, encode
from services.contracts.paging import Key
from tests.fakes.tenant import course_id
from tests.unit.legacy.old_monolith import OldMonolith, caller

NO_NUMBERS = [
    ".",
    "..",
    "...",
    "1.5",
    "-1",
    "1_2",
    "1e3",
    "0x1",
    "_1",
    "007",
    "00",
    "9" * 19,
    "9" * 64,
    "me",
]
NO_IDS = [
    "1/2",
    "../1",
    "1?user=5",
    "1#",
    "%2e%2e",
    "1\r\nhost: x",
    "",
    " 1",
    "1 ",
    "\u0661",
    "9" * 65,
]
Ask = Callable[[OldMonolith, str], Awaitable[Sequence[Any]]]


def course(local: str) -> Any:
    return encode(Kind.COURSE, "acme", local)


def lesson(local: str) -> Any:
    return encode(Kind.LESSON, "acme", local)


def assessment(local: str) -> Any:
    return encode(Kind.ASSESSMENT, "acme", local)


def learner(local: str) -> Any:
    return encode(Kind.LEARNER, "acme", local)


def live_class(local: str) -> Any:
    return encode(Kind.LIVE_CLASS, "acme", local, Side.LEGACY)


def attempt(local: str) -> Any:
    return encode(Kind.ATTEMPT, "acme", f"{local}-4-1", Side.LEGACY)


async def rename(old: OldMonolith, local: str) -> list[Any]:
    return [await old.courses().rename(caller(), course(local), "Cells", "key")]


async def start(old: OldMonolith, local: str) -> list[Any]:
    return [await old.attempts().start(caller(), assessment(local), "key")]


async def save(old: OldMonolith, local: str) -> list[Any]:
    return [await old.attempts().save(caller(), attempt(local), [], "key", None)]


async def submit(old: OldMonolith, local: str) -> list[Any]:
    return [await old.attempts().submit(caller(), attempt(local), [], "key", None)]


async def submissions(old: OldMonolith, local: str) -> Sequence[Any]:
    return await old.attempts().submissions(caller(), [assessment(local)], 5, None, [])


async def complete(old: OldMonolith, local: str) -> list[Any]:
    return [await old.progress().complete(caller(), lesson(local), "key")]


ASKS: dict[str, Ask] = {
    "learners": lambda old, x: old.people().learners(caller(), [learner(x)]),
    "courses": lambda old, x: old.courses().many(caller(), [course(x)]),
    "outlines": lambda old, x: old.courses().outlines(caller(), [course(x)]),
    "lessons": lambda old, x: old.courses().lessons(caller(), [lesson(x)]),
    "rosters": lambda old, x: old.courses().rosters(caller(), [course(x)], 5, None),
    "rename": rename,
    "mine": lambda old, x: old.progress().mine(caller(), [course(x)]),
    "of course": lambda old, x: old.progress().of_learners(caller(), [(course(x), learner("4"))]),
    "of learner": lambda old, x: old.progress().of_learners(caller(), [(course("1"), learner(x))]),
    "complete": complete,
    "assessments of": lambda old, x: old.assessments().of_courses(caller(), [course(x)]),
    "assessments": lambda old, x: old.assessments().many(caller(), [assessment(x)]),
    "items": lambda old, x: old.assessments().items(caller(), [assessment(x)]),
    "my attempts": lambda old, x: old.attempts().mine(caller(), [assessment(x)]),
    "attempts": lambda old, x: old.attempts().many(caller(), [attempt(x)]),
    "windows": lambda old, x: old.attempts().windows(caller(), [assessment(x)]),
    "submissions": submissions,
    "start": start,
    "save": save,
    "submit": submit,
    "classes of": lambda old, x: old.live_classes().of_courses(caller(), [course(x)], None, None),
    "classes": lambda old, x: old.live_classes().many(caller(), [live_class(x)]),
}
OF_OURS = {"/login", "/me"}
"""What is asked without any id."""


def told_by_clients(old: OldMonolith) -> list[str]:
    return [
        call.url for call in old.calls if call.url.removeprefix("http://monolith") not in OF_OURS
    ]


@pytest.mark.parametrize("what", ASKS)
async def test_what_is_no_number_never_reaches_a_url(what: str) -> None:
    for local in [*NO_NUMBERS, *NO_IDS]:
        old = OldMonolith()

        answer = await ASKS[what](old, local)

        assert list(answer) == [HIDDEN], local
        assert told_by_clients(old) == [], local


@pytest.mark.parametrize("what", ASKS)
async def test_a_number_does_reach_it(what: str) -> None:
    old = OldMonolith()

    await ASKS[what](old, "123456789012345678")

    urls = told_by_clients(old)
    assert urls
    assert all("123456789012345678" in url for url in urls)


@pytest.mark.parametrize("key", [("", ".."), ("", "1/2"), ("", ""), ("", learner("..")), ("", "4")])
async def test_a_cursor_that_was_made_up_never_reaches_a_url(key: Key) -> None:
    old = OldMonolith()

    learners = await old.courses().rosters(caller(), [course_id("acme")], 5, key)
    attempts = await old.attempts().submissions(caller(), [assessment("7")], 5, key, [])

    assert [*learners, *attempts] == [HIDDEN, HIDDEN]
    assert told_by_clients(old) == []


@pytest.mark.parametrize(
    "id_",
    [
        encode(Kind.ATTEMPT, "acme", "7-4-1", Side.SERVICE),
        encode(Kind.LESSON, "acme", "7-4-1", Side.LEGACY),
        encode(Kind.ATTEMPT, "acme", "7-4", Side.LEGACY),
        encode(Kind.ATTEMPT, "acme", "7-4-p1", Side.LEGACY),
        encode(Kind.ATTEMPT, "acme", "7-4-01", Side.LEGACY),
        encode(Kind.ATTEMPT, "acme", "7-4-0", Side.LEGACY),
    ],
)
async def test_what_is_no_attempt_of_the_old_side_is_not_asked_for(id_: Any) -> None:
    old = OldMonolith()

    found = await old.attempts().many(caller(), [id_])
    done = await old.attempts().submit(caller(), id_, [], "key", None)

    assert [*found, done] == [HIDDEN, HIDDEN]
    assert told_by_clients(old) == []

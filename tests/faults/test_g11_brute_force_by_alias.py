"""G11: one document does not try a hundred things by alias: fields are counted, not requests."""

from pathlib import Path

from gateway.operation.limits import Limits
from gateway.operation.rules import Rules
from tests.fakes.tenant import course_id, lesson_id
from tests.faults.door import Door, codes
from tests.faults.registry import n
from tests.figures import Recorder

MOST = 5
LOOSE = Rules(Limits(length=100_000, tokens=10_000, aliases=1_000, root_fields=1_000))


def guesses(many: int) -> list[str]:
    """By plain aliases, in a fragment, in fragments of fragments; of queries and of commands."""
    tries = [f'a{i}: course(id: "{course_id("acme", i)}") {{ id }}' for i in range(many)]
    command = 'completeLesson(input: {{lessonId: "{}", key: "k{}"}}) {{ __typename }}'
    commands = [f"c{i}: " + command.format(lesson_id("acme", i), i) for i in range(many)]
    parts = " ".join(f"fragment F{i} on Query {{ {one} }}" for i, one in enumerate(tries))
    return [
        "{ " + " ".join(tries) + " }",
        "mutation { " + " ".join(commands) + " }",
        "{ ...F } fragment F on Query { " + " ".join(tries) + " }",
        "{ " + " ".join(f"...F{i}" for i in range(many)) + " } " + parts,
    ]


async def test_g11_a_document_tries_few_things(tmp_path: Path, figure: Recorder) -> None:
    door, refused, documents = Door(tmp_path), 0, 0

    async with door.client() as client:
        for many in (MOST + 1, n("G11")):
            for text in guesses(many):
                documents += 1
                refused += bool(codes(await client.post("/graphql", json={"query": text})))
        executed = door.executed
        few = await client.post("/graphql", json={"query": guesses(MOST)[0]})

    figure("G11", refused=refused, tried=executed, most=MOST)
    assert (refused, executed) == (documents, 0)
    assert len(few.json()["data"]) == MOST


async def test_g11_fails_without_counting_fields(tmp_path: Path, figure: Recorder) -> None:
    door = Door(tmp_path, LOOSE)

    async with door.client() as client:
        answer = await client.post("/graphql", json={"query": guesses(n("G11"))[1]})

    tried = len(answer.json()["data"])
    figure("G11", tried_without_counting=tried)
    assert tried == n("G11")

"""G3: what is very deep or multiplies lists is refused before anybody is asked for anything."""

from pathlib import Path

from gateway.operation.ask import Ask
from gateway.operation.limits import Limits
from gateway.operation.rules import Rules
from services.kit.settings import Limiting
from tests.fakes.tenant import course_id
from tests.faults.door import Door, codes
from tests.faults.registry import n
from tests.figures import Recorder

DEEP = '{ course(id: "x") ' + "{ liveClasses { course " * 1_500 + "{ id }" + " } }" * 1_500 + " }"
COSTLY = f"""query ($n: Int = 1000) {{ course(id: "{course_id("acme")}") {{
  assessments(first: $n) {{ edges {{ node {{
    attempts(first: $n) {{ edges {{ node {{ assessment {{
      attempts(first: $n) {{ edges {{ node {{ id }} }} }}
      submissions(first: $n) {{ edges {{ node {{ id }} }} }}
    }} }} }} }}
  }} }} }} }} }}"""
DEEPER = Limits(depth=14)
"""The three lists in one another lie deeper than a document may."""


async def test_g3_depth_and_lists_of_lists_are_refused(tmp_path: Path, figure: Recorder) -> None:
    door, refused = Door(tmp_path, Rules(DEEPER)), list[str]()

    async with door.client() as client:
        for text in (DEEP, COSTLY):
            answer = await client.post("/graphql", json={"query": text, "variables": {}})
            refused += codes(answer)

    figure("G3", refused=len(refused), resolver_calls=door.platform.calls.total())
    assert len(refused) == n("G3")
    assert refused[0] in {"MAX_LENGTH", "MAX_TOKENS", "MAX_DEPTH"}
    assert refused[1] == "MAX_COST"
    assert (door.executed, door.platform.calls.total()) == (0, 0)


async def test_g3_the_same_is_answered_where_it_is_small(tmp_path: Path) -> None:
    door = Door(tmp_path, Rules(DEEPER))

    assert await door.refusal(Ask(COSTLY, {"n": 2})) == ""


async def test_g3_fails_without_enforcing(tmp_path: Path, figure: Recorder) -> None:
    door = Door(tmp_path, Rules(DEEPER, Limiting.WARN))

    async with door.client() as client:
        await client.post("/graphql", json={"query": COSTLY})

    figure("G3", executed_without_enforcing=door.executed)
    assert door.executed == 1

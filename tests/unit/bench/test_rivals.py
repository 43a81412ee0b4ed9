"""The rivals' contract answers as it is told to, whoever executes it."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.rivals import school
from bench.rivals.apps import WHO, context, engine_of
from bench.rivals.asked import DASHBOARD, LEAVES, PAGE, bodies, leaves, variables
from bench.rivals.asking import whole
from bench.rivals.inside import EXECUTORS
from gateway.operation.ask import Ask
from resolvers.sight import Sight


@pytest.mark.parametrize("executor", EXECUTORS)
@pytest.mark.parametrize(
    ("document", "take", "many"), [(DASHBOARD, 10, 175), (PAGE, 7, 7 * LEAVES)]
)
async def test_an_answer_has_as_many_leaves_as_is_said(
    executor: str, document: str, take: int, many: int
) -> None:
    engine = engine_of(EXECUTORS[executor])
    operation = await engine.read(Ask(document, variables(3, take)), WHO)

    result = await engine.execute(engine.schema, operation, context(WHO, None, Sight()), None)

    assert result.errors is None
    assert leaves(result.data) == many


def test_requests_differ() -> None:
    assert len(set(bodies(DASHBOARD, 10))) == len(bodies(DASHBOARD, 10))


def test_others_are_told_the_same_school() -> None:
    told = msgspec.json.decode(school.told())

    assert told["courses"][7]["startsAt"] == school.ALL[7].starts_at
    assert told["teachers"]["course-41"]["id"] == "teacher-1"


@given(st.binary(max_size=50), st.integers(0, 400))
def test_an_answer_is_whole_at_its_own_length_however_it_comes(body: bytes, cut: int) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nx: y\r\n\r\n" % len(body)
    answer = head + body

    assert whole(answer[:cut]) == (len(answer) if cut >= len(head) else 0)

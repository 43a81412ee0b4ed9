"""Mutations run one after the other, events as they come, on both executors."""

from services.contracts.errors import FORBIDDEN
from tests.execution.script import Script, ask, sheep, wolf

BREED = 'breed(input: {name: "%s"}) { __typename }'


async def test_mutations_run_in_the_documents_order_by_whatever_alias() -> None:
    script = Script({"Mutation.breed": wolf(), "Mutation.count": [[1]]})
    query = f"mutation {{ z: {BREED % 1} a: {BREED % 2} m: count(input: {{name: 3}}) }}"
    query = query.replace("name: 3", 'name: "3"')

    answered = await ask(script, query)

    assert script.log == ["Mutation.breed 1", "Mutation.breed 2", "Mutation.count 3"]
    assert list(answered.data) == ["z", "a", "m"]


async def test_one_mutation_is_answered_to_its_end_before_the_next_begins() -> None:
    script = Script({"Mutation.breed": wolf(), "Wolf.mate": wolf("m"), "Being.rank": 1})
    asked = 'breed(input: {name: "%s"}) { mate { rank } }'

    await ask(script, f"mutation {{ a: {asked % 1} b: {asked % 2} }}")

    one = ["Wolf.mate w", "Being.rank m"]
    assert script.log == ["Mutation.breed 1", *one, "Mutation.breed 2", *one]


async def test_a_mutation_that_fails_leaves_the_next_to_run() -> None:
    script = Script({"Mutation.breed": ValueError("no"), "Mutation.count": [[1]]})

    answered = await ask(script, f'mutation {{ {BREED % 1} count(input: {{name: "2"}}) }}')

    assert answered.data == {"breed": None, "count": [[1]]}
    assert answered.errors == [(["breed"], "no")]


async def test_after_one_that_may_not_fail_no_other_runs() -> None:
    script = Script({"Mutation.lead": ValueError("no"), "Mutation.count": [[1]]})
    query = 'mutation { lead(input: {name: "1"}) { nick } count(input: {name: "2"}) }'

    answered = await ask(script, query)

    assert answered.data is None
    assert script.log == ["Mutation.lead 1"]


async def test_after_one_whose_answer_may_not_be_null_no_other_runs() -> None:
    script = Script({"Mutation.lead": sheep(), "Being.rank": FORBIDDEN, "Mutation.count": [[1]]})
    query = 'mutation { lead(input: {name: "1"}) { rank } count(input: {name: "2"}) }'

    answered = await ask(script, query)

    assert answered.data is None
    assert answered.codes == ["FORBIDDEN"]
    assert script.log == ["Mutation.lead 1", "Being.rank s"]


async def test_a_mutation_is_told_the_defaults_of_its_input() -> None:
    script = Script({"Mutation.count": [[1]]})

    await ask(script, 'mutation { count(input: {name: "1"}) }')

    assert script.args == [{"name": "1", "count": 2}]


async def test_a_mutation_that_is_skipped_is_not_done() -> None:
    script = Script({"Mutation.breed": wolf()})

    answered = await ask(script, f"mutation {{ __typename ... @skip(if: true) {{ {BREED % 1} }} }}")

    assert answered.data == {"__typename": "Mutation"}
    assert script.log == []


async def test_an_event_is_answered_as_the_field_that_it_is_of() -> None:
    said = {"Being.rank": 7}

    answered = await ask(said, 'subscription { met: met(id: "x") { rank nick } }', sheep(nick="x"))

    assert answered.data == {"met": {"rank": 7, "nick": "x"}}


async def test_an_event_that_may_not_be_null_makes_all_of_the_data_null() -> None:
    answered = await ask({}, 'subscription { met(id: "x") { name } }', sheep(name=None))

    assert answered.data is None
    assert [path for path, _ in answered.errors] == [["met", "name"]]


async def test_an_event_of_no_type_is_null_where_it_may_be() -> None:
    answered = await ask({}, 'subscription { gone(id: "x") { __typename } }', wolf())

    assert answered.data == {"gone": None}
    assert [path for path, _ in answered.errors] == [["gone"]]

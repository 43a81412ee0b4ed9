"""Drawn operations are valid, or break a rule that the proof tries."""

import random

import pytest
from graphql import GraphQLSchema, parse, validate

from schema.contract import core_schema
from tests.execution.cases import IDS, WORDS
from tests.execution.grammar import Grammar
from tests.execution.nasty import nasty_schema
from tests.execution.proving import BROKEN_AT_TIMES


@pytest.mark.parametrize("schema", [nasty_schema(), core_schema()], ids=["nasty", "contract"])
def test_what_is_valid_by_the_rules_that_are_tried_is_valid_by_all(schema: GraphQLSchema) -> None:
    grammar = Grammar(schema, {**WORDS, "ID": IDS}, random.Random("grammar"))
    documents = [parse(grammar.draw().text) for _ in range(150)]

    tried = [one for one in documents if validate(schema, one, BROKEN_AT_TIMES, max_errors=1) == []]

    assert [one for one in tried if validate(schema, one, max_errors=1)] == []
    assert len(tried) > 120

"""The source of a compiled operation says nothing that a client wrote."""

import ast
import random
import re
from typing import Any

from graphql import ExecutionResult

from gateway.execution.compiled.plan import Plan
from gateway.execution.compiled.source import Source
from tests.execution.cases import WORDS
from tests.execution.grammar import Grammar
from tests.execution.nasty import nasty_schema
from tests.fakes import asking

CLIENTS = "ofAClient"
QUERY = """query NAMEofAClient(
  $VARofAClient: String = "DEFAULTofAClient", $SKIPofAClient: Boolean!
) {
  ALIASofAClient: wolf { # COMMENTofAClient
    KEYofAClient: nick OTHERofAClient: twoWords ...FRAGMENTofAClient
    ECHOofAClient: echo(
      word: "TEXTofAClient", words: ["ITEMofAClient"], inner: {words: "INofAClient"}
    )
    VARIEDofAClient: echo(word: $VARofAClient) SKIPPEDofAClient: rank @skip(if: $SKIPofAClient)
    LISTofAClient: friends {
      INNERofAClient: dusts { DEEPofAClient: age } KINDofAClient: __typename
    }
  }
}
fragment FRAGMENTofAClient on Wolf { SPREADofAClient: name }"""
NAMES = re.compile(
    r"(select|finish|fill|selection|key|typename|fn|shape|place|enum|names|struct|site|strip)\d+"
)


def source_of(query: str, variables: dict[str, Any]) -> Source:
    operation = asking.operation_of(nasty_schema(), query, variables)
    assert not isinstance(operation, ExecutionResult)
    plan = operation.planned.programs.find(operation.variables)
    assert isinstance(plan, Plan)
    return Source(plan)


def test_no_alias_and_no_text_stands_in_it() -> None:
    source = source_of(QUERY, {"SKIPofAClient": False})

    assert CLIENTS in QUERY
    assert CLIENTS not in source.text
    assert CLIENTS.lower() not in source.text.lower()


def test_no_text_at_all_stands_in_it() -> None:
    """Of random operations."""
    grammar = Grammar(nasty_schema(), {**WORDS, "ID": ["x"]}, random.Random("source"))
    for _ in range(60):
        drawn = grammar.draw()
        operation = asking.operation_of(nasty_schema(), drawn.text, drawn.variables)
        if isinstance(operation, ExecutionResult):
            continue
        plan = operation.planned.programs.find(operation.variables)
        if isinstance(plan, Plan):
            tree = ast.parse(Source(plan).text)
            assert _texts(tree) == []


def _texts(tree: ast.Module) -> list[str | bytes]:
    constants = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    return [one for one in constants if isinstance(one, str | bytes)]


def test_what_a_client_wrote_stands_beside_it_as_values() -> None:
    source = source_of(QUERY, {"SKIPofAClient": False})

    held = [name for name, value in source.names.items() if CLIENTS in str(value)]
    assert held
    assert [name for name in held if not NAMES.fullmatch(name)] == []


def test_operations_that_differ_in_a_clients_words_alone_have_one_source() -> None:
    other = QUERY.replace(CLIENTS, "ofAnother").replace("TEXT", "LONGERtext")

    one = source_of(QUERY, {"SKIPofAClient": False}).text
    same = source_of(other, {"SKIPofAnother": False}).text

    assert one == same

"""What the product itself asks is within the limits."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from graphql import GraphQLError, parse

import bench
from gateway.operation.document import Documents
from gateway.operation.limits import Limits
from schema.contract import core_schema
from tests import journeys

README = Path(__file__).parents[3] / "README.md"
PARTS = {"RESULT", "OUTCOME"}
"""What documents are put together from looks like a query."""
FENCED = re.compile(r"```graphql\n(.*?)```", re.DOTALL)


def texts() -> Iterator[tuple[str, str]]:
    """Each document with where it stands."""
    for package in (bench, journeys):
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            said = vars(importlib.import_module(module.name))
            whole = ((name, text) for name, text in said.items() if name not in PARTS)
            yield from ((f"{module.name}.{name}", text) for name, text in whole if _is(text))
    blocks = enumerate(FENCED.findall(README.read_text()))
    yield from ((f"README.{number}", text) for number, text in blocks if _is(text))


def _is(text: object) -> bool:
    """Whether it is a document with operations, and not a part of one."""
    if not isinstance(text, str) or "{" not in text:
        return False
    try:
        return parse(text).definitions[0].kind == "operation_definition"
    except GraphQLError:
        return False


TEXTS = dict(texts())


@pytest.fixture(scope="module")
def documents() -> Documents:
    return Documents(core_schema())


def test_documents_are_found_where_they_stand() -> None:
    assert {name.split(".")[0] for name in TEXTS} == {"README", "bench", "tests"}
    assert len(TEXTS) > 20


@pytest.mark.parametrize("name", TEXTS)
def test_it_is_within_the_limits(documents: Documents, name: str) -> None:
    document = documents.read(TEXTS[name])

    costs = [planned.cost.of({}) for planned in document.operations.values() if planned.cost]
    assert max(costs) <= Limits().budget

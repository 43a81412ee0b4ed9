"""Finds every sentence that a client may be told: where refusals are made, in the code's tree.

A sentence is a constant of its module, so that a translator can know it. What is put together
while the system runs is a `Sentence`, whose template is the constant.
"""

import ast
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from gateway.operation.errors import UNFIT_DOCUMENT, UNFIT_VARIABLES
from gateway.operation.limits import TOLD
from legacy.conflicts import CODES
from tests.architecture.sources import Source, dotted, product

SAYS = {
    "AttemptConflict": 1,
    "BadJson": 0,
    "Closed": 1,
    "Conflict": 2,
    "GraphQLError": 0,
    "QualityAdvice": 1,
    "Refusal": 2,
    "Refused": 1,
    "Sentence": 0,
    "_bad": 0,
    "_coded": 2,
    "_invalid": 0,
    "problem": 1,
    "refused": 1,
    "say": 0,
}
"""Who tells clients something, and the place of the sentence among what they are given."""
TELLS_CLIENTS = (
    "gateway/",
    "legacy/",
    "resolvers/",
    "services/assessment/",
    "services/commands/",
    "services/contracts/errors.py",
    "services/live_class/",
    "services/progress/",
)
SHAPE = re.compile(r"[A-Z`][^\n]* [^\n]*[.:?!]")
FOLDERS = ("gateway/", "legacy/", "resolvers/", "schema/", "services/")
ELSEWHERE = (
    "gateway/execution/expl",
    "gateway/receipt/",
    "gateway/status/",
    "legacy/monolith/",
    "services/assessment/replay/",
)
"""Told to whoever runs the system, or the old system itself; the status page speaks English."""


@dataclass(frozen=True, slots=True)
class Said:
    """`sentence` is None where it is not known before the system runs."""

    place: str
    sentence: str | None


def said_in(source: Source, known: Mapping[str, Any]) -> Iterator[Said]:
    """`known` are the names of the module."""
    for function, call in _calls(source.tree, ""):
        name = dotted(call.func).rpartition(".")[2]
        if name not in SAYS:
            continue
        sentence = _argument(call, SAYS[name])
        if sentence is not None:
            yield Said(f"{source.path} {function}".strip(), _constant(sentence, known))


def told_by_the_product() -> list[Said]:
    sources = [one for one in product() if one.path.startswith(FOLDERS)]
    return [
        said
        for source in sources
        if not source.path.startswith(ELSEWHERE) and any(name in source.text for name in SAYS)
        for said in said_in(source, _names_of(source.path))
    ]


def sentences() -> set[str]:
    """All of them; the sentences of the monolith and of the limits stand in tables."""
    found = {said.sentence for said in told_by_the_product() if said.sentence}
    return found | {*CODES, *TOLD.values(), UNFIT_DOCUMENT, UNFIT_VARIABLES}


def shaped(source: Source, known: set[str]) -> Iterator[str]:
    """What has a sentence's form where clients are told things, is no docstring and not known."""
    elsewhere = (*ELSEWHERE, "legacy/quirks.py", "gateway/usage/verdict.py")
    is_for_clients = source.path.startswith(TELLS_CLIENTS) and not source.path.startswith(elsewhere)
    if not is_for_clients or source.path.endswith("cli.py"):
        return
    docs = {node.value for node in ast.walk(source.tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.Constant) or node in docs or not isinstance(node.value, str):
            continue
        if SHAPE.fullmatch(node.value) and node.value not in known:
            yield f"{source.path}:{node.lineno} {node.value}"


def _calls(node: ast.AST, function: str) -> Iterator[tuple[str, ast.Call]]:
    """Each call, and the name of the function that it stands in."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Call):
            yield function, child
        is_function = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef)
        yield from _calls(child, getattr(child, "name", function) if is_function else function)


def _argument(call: ast.Call, place: int) -> ast.expr | None:
    by_name = [word.value for word in call.keywords if word.arg == "message"]
    return call.args[place] if len(call.args) > place else next(iter(by_name), None)


def _constant(said: ast.expr, known: Mapping[str, Any]) -> str | None:
    """Also a text with constants of the module in it."""
    try:
        value = eval(compile(ast.Expression(said), "said", "eval"), dict(known))  # noqa: S307
    except (NameError, AttributeError):
        return None
    return str(value) if isinstance(value, str) else None


def _names_of(path: str) -> Mapping[str, Any]:
    module = path.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
    import_module(module)
    return vars(sys.modules[module])

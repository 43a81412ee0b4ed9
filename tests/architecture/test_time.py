"""Time and chance are handed in: only the clocks read them."""

import ast
from collections.abc import Iterator

from tests.architecture.sources import Source, dotted, product

CLOCKS = {"services/kit/clock.py", "legacy/monolith/clock.py"}
READS = {
    "date.today",
    "datetime.now",
    "datetime.today",
    "datetime.utcnow",
    "time.time",
    "time.time_ns",
}


def hidden_reads(source: Source) -> Iterator[str]:
    for node in ast.walk(source.tree):
        for what in _read_by(node):
            yield f"{source.path}:{getattr(node, 'lineno', 0)} {what}"


def _read_by(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Attribute) and ".".join(dotted(node).split(".")[-2:]) in READS:
        yield dotted(node)
    if isinstance(node, ast.Attribute) and dotted(node.value) == "random":
        yield from [] if node.attr == "Random" else [dotted(node)]
    if isinstance(node, ast.ImportFrom):
        names = {f"{node.module}.{name.name}" for name in node.names}
        yield from (n for n in names if n in READS or _is_chance(n))
    # A generator made from a seed is no chance: whoever calls decides what it says.
    if isinstance(node, ast.Call) and dotted(node.func) in {"random.Random", "Random"}:
        yield from [] if node.args else ["Random() without a seed"]


def _is_chance(name: str) -> bool:
    return name.startswith("random.") and name != "random.Random"


def test_only_the_clocks_read_time_and_chance() -> None:
    judged = [source for source in product() if source.path not in CLOCKS]

    assert [fault for source in judged for fault in hidden_reads(source)] == []


def test_each_way_to_read_time_or_chance_is_found() -> None:
    planted = [
        "import datetime\ndatetime.datetime.now()",
        "from datetime import datetime\ndatetime.now(UTC)",
        "from datetime import datetime\ndatetime.utcnow()",
        "import time\ntime.time()",
        "from time import time",
        "import random\nrandom.random()",
        "from random import choice",
        "import random\nrandom.Random()",
    ]

    assert [text for text in planted if not list(hidden_reads(Source("a.py", text)))] == []


def test_a_monotonic_clock_and_a_seeded_generator_are_no_fault() -> None:
    text = "import random\nimport time\ntime.monotonic()\nrandom.Random(7).random()"

    assert list(hidden_reads(Source("a.py", text))) == []

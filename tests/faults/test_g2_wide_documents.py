"""G2: each way to make a document large has its code, and costs little."""

from pathlib import Path
from statistics import median

from gateway.operation.ask import Ask
from gateway.operation.limits import Limits
from gateway.operation.rules import Rules
from tests.faults.door import Door
from tests.faults.registry import n
from tests.figures import Recorder

MOST_MS = 20.0
MANY = 10**9
BOMBS = {
    "MAX_ALIASES": "{ viewer { " + " ".join(f"a{i}: id" for i in range(300)) + " } }",
    "MAX_REPEATS": "{ viewer { " + "id " * 900 + "} }",
    "MAX_DIRECTIVES": "{ viewer { id " + "@x " * 400 + "} }",
    "MAX_TOKENS": "{ " + "a " * 7_000 + "}",
    "MAX_OPERATIONS": " ".join(f"query Q{i} {{ __typename }}" for i in range(200)),
    "FRAGMENT_CYCLE": "{ viewer { ...A } } fragment A on Viewer { ...B } "
    "fragment B on Viewer { ...A }",
    "UNKNOWN_FRAGMENT": "{ viewer { ...Nowhere } }",
}
LOOSE = Rules(Limits(MANY, MANY, MANY, MANY, MANY, MANY, MANY, MANY, MANY, MANY))


async def test_g2_each_has_its_code(tmp_path: Path, settled: None, figure: Recorder) -> None:
    door, took_ms, told = Door(tmp_path), list[float](), 0
    assert len(BOMBS) == n("G2")

    for code, text in BOMBS.items():
        said, cpu_ms = await door.cpu_ms(Ask(text))
        took_ms.append(cpu_ms)
        told += said == code

    figure("G2", codes=told, median_ms=round(median(took_ms), 2), max_ms=round(max(took_ms), 2))
    assert told == n("G2")
    assert door.executed == 0
    assert max(took_ms) <= MOST_MS


async def test_g2_fails_without_limits(tmp_path: Path, settled: None, figure: Recorder) -> None:
    """Fields that are repeated are compared with one another, each with each."""
    bounded, unbounded = Door(tmp_path), Door(tmp_path, LOOSE)
    await bounded.cpu_ms(Ask("{ viewer { id } }"))
    await unbounded.cpu_ms(Ask("{ viewer { id } }"))

    _, with_ms = await bounded.cpu_ms(Ask(BOMBS["MAX_REPEATS"]))
    code, without_ms = await unbounded.cpu_ms(Ask(BOMBS["MAX_REPEATS"]))

    figure("G2", with_limits_ms=round(with_ms, 1), without_limits_ms=round(without_ms, 1))
    assert not code.startswith("MAX_")
    assert without_ms > MOST_MS

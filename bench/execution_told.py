"""The rivals as they are told: a row each, ratios, what it costs inside, and bars."""

from bench import report
from bench.execution_measured import NAMES, Measured, Rival
from bench.host import cores, where
from bench.plot import Bar, Bars
from bench.rivals.running import MERCURIUS
from bench.rivals.running import cores as apart

COLUMNS = ["", "requests/s", "CPU µs", "times kept, requests/s", "CPU", "who asks, µs"]
INNER = ["CPU µs inside the process", "compiled", "graphql-core", "ratio"]
PARTS = {
    "variables": "coercing variables, with finding the document",
    "lookup": "finding document and plan",
    "read": "all before executing",
    "execute": "executing",
    "encode": "encoding",
}


def tell(measured: Measured) -> None:
    kept = measured.rivals["kept"]
    rows = [
        [NAMES[one.name], one.per_s, one.us, one.per_s_of(kept), one.us_of(kept), one.own_us]
        for one in measured.rivals.values()
    ]
    title = f"The same query of 175 leaves in {measured.bytes:,} bytes, each on one core"
    report.show(title, COLUMNS, rows, notes(measured))
    ours, core = (measured.inside[name] for name in ("compiled", "graphql-core"))
    inner = [
        [told, ours.us[part], core.us[part], core.us[part] / ours.us[part]]
        for part, told in PARTS.items()
    ]
    whole = ["read, executed and encoded", ours.whole_us, core.whole_us]
    report.show("Inside", INNER, [*inner, [*whole, core.whole_us / ours.whole_us]])


def notes(measured: Measured) -> list[str]:
    ours, kept = measured.rivals["compiled"], measured.rivals["kept"]
    return [
        f"Compiled: {ours.per_s_of(kept):.1f}x the requests a second of documents kept, "
        f"{1 / ours.us_of(kept):.1f}x by CPU.",
        *_against_node(ours, measured),
        _traced(measured),
        *(f"{NAMES[name]} is left out: {why}." for name, why in measured.missing.items()),
        "The rivals are on one core, who asks on another."
        if apart()[0] is not None
        else "The rivals and who asks share all cores.",
        where(measured.loads),
    ]


def _against_node(ours: Rival, measured: Measured) -> list[str]:
    jit = measured.rivals.get(MERCURIUS)
    if jit is None:
        return []
    return [
        f"Compiled: {ours.per_s_of(jit):.2f}x the requests a second of Mercurius with JIT, "
        f"{1 / ours.us_of(jit):.2f}x by CPU."
    ]


def _traced(measured: Measured) -> str:
    ours, traced = measured.rivals["compiled"], measured.rivals["traced"]
    return (
        f"Traced at 1 %: {traced.us_of(ours):.2f}x the CPU of compiled; {measured.exports} times "
        "spans came to the collector."
    )


def bars(measured: Measured) -> Bars:
    shown = [Bar(NAMES[one.name], one.per_s) for one in measured.rivals.values()]
    return Bars("Requests a second on one core, 175 leaves each", shown)


def figures(measured: Measured) -> dict[str, object]:
    ours, kept = measured.rivals["compiled"], measured.rivals["kept"]
    jit = measured.rivals.get(MERCURIUS)
    return {
        "cores": cores(),
        "load": dict(zip(("before", "after"), measured.loads, strict=True)),
        "rivals": {
            one.name: {"per_s": round(one.per_s, 1), "us": round(one.us, 1)}
            for one in measured.rivals.values()
        },
        "compiled_to_kept": round(ours.per_s_of(kept), 2),
        "traced_to_compiled_us": round(measured.rivals["traced"].us_of(ours), 3),
        **({"compiled_to_mercurius": round(ours.per_s_of(jit), 3)} if jit else {}),
        "missing": measured.missing,
        "inside_us": {
            name: {part: round(us, 2) for part, us in one.us.items()}
            for name, one in measured.inside.items()
        },
    }

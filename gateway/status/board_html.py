"""The part of the status page that changes: capabilities, incidents, rehearsals."""

from collections.abc import Iterable, Sequence

from gateway.status.verdict import Health, health_of
from gateway.status.words import MODES, instant, percent, span, text
from services.contracts.status import CapabilityStatus, Drill, Incident, PlatformStatus

TONES = {Health.HEALTHY: "good", Health.ERRORS: "warn", Health.ROLLED_BACK: "bad"}
CAPABILITIES = ["Capability", "Who answers", "Answered by the new service", "Health", "Comparison"]
INCIDENTS = ["Began", "Ended", "Capability", "What happened"]


def board(status: PlatformStatus) -> str:
    return "".join(
        [
            '<section aria-labelledby="capabilities"><h2 id="capabilities">Capabilities</h2>',
            _table("Every capability", CAPABILITIES, map(_capability, status.capabilities)),
            "</section>",
            '<section aria-labelledby="incidents"><h2 id="incidents">Incidents</h2>',
            _incidents(status.incidents),
            "</section>",
            '<section aria-labelledby="checks"><h2 id="checks">Checks</h2><dl>',
            f"<dt>Checked</dt><dd>{instant(status.checked_at)}</dd>",
            f"<dt>Last rehearsal of a rollback</dt><dd>{_drill(status.last_drill)}</dd>",
            f"<dt>Oldest event waiting</dt><dd>{_age(status.outbox_age_s)}</dd>",
            "</dl></section>",
        ]
    )


def _table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """`rows` are of cells that are safe already; the first heads its row."""
    top = "".join(f'<th scope="col" role="columnheader">{text(head)}</th>' for head in heads)
    body = "".join(_row(heads, row) for row in rows)
    return (
        f'<div class="wide" role="region" aria-label="{text(caption)}" tabindex="0">'
        '<table role="table">'
        f"<caption>{text(caption)}</caption>"
        f'<thead role="rowgroup"><tr role="row">{top}</tr></thead>'
        f'<tbody role="rowgroup">{body}</tbody></table></div>'
    )


def _row(heads: Sequence[str], cells: Sequence[str]) -> str:
    first, *others = cells
    pairs = zip(heads[1:], others, strict=True)
    rest = "".join(f'<td role="cell" data-is="{text(head)}">{cell}</td>' for head, cell in pairs)
    return f'<tr role="row"><th scope="row" role="rowheader">{first}</th>{rest}</tr>'


def _capability(one: CapabilityStatus) -> list[str]:
    word, _ = MODES[one.mode]
    return [
        f"{text(one.name)}<small>{text(one.what)}</small>",
        f"{text(word)}{_back(one)}",
        _share(one.service_percent),
        _health(one),
        _compared(one),
    ]


def _back(one: CapabilityStatus) -> str:
    if one.rolled_back_at is None:
        return ""
    why = f"<small>{text(one.reason)}</small>" if one.reason else ""
    return f"<small>since {instant(one.rolled_back_at)}</small>{why}"


def _share(share: float | None) -> str:
    if share is None:
        return "some<small>by rules of their own</small>"
    share = min(100.0, max(0.0, share))
    return (
        f'{share:g} %<svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="track" width="100" height="4"/>'
        f'<rect class="part" width="{share:g}" height="4"/></svg>'
    )


def _health(one: CapabilityStatus) -> str:
    health = health_of(one)
    failed = f"<small>{percent(one.error_ratio)} of calls failed</small>" if one.error_ratio else ""
    return f'<span class="{TONES[health]}">{text(health)}</span>{failed}'


def _compared(one: CapabilityStatus) -> str:
    if not one.compared:
        return '<span class="soft">none</span>'
    many = f"{one.compared:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")
    return f"{percent(one.mismatch_ratio)} differ<small>of {many} answers</small>"


def _incidents(incidents: Sequence[Incident]) -> str:
    if not incidents:
        return "<p>No incident is on record.</p>"
    rows = [
        [
            instant(one.started_at),
            instant(one.ended_at) if one.ended_at else '<span class="bad">not yet</span>',
            text(one.capability),
            text(one.summary),
        ]
        for one in incidents
    ]
    return _table("The latest incidents", INCIDENTS, rows)


def _drill(drill: Drill | None) -> str:
    if drill is None:
        return "none is on record"
    outcome = "passed" if drill.passed else "failed"
    return f"{instant(drill.at)}, {text(drill.capability)}: {outcome}; {text(drill.summary)}"


def _age(seconds: float | None) -> str:
    return "not known" if seconds is None else span(seconds)

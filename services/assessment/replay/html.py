"""The report for people: one page that needs nothing beside it."""

from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path

from services.assessment.replay.bars import bar, legend
from services.assessment.replay.explained import Class
from services.assessment.replay.report import Group, Report
from services.assessment.replay.tally import Example

STYLE = (Path(__file__).parent / "report.css").read_text()


def as_html(report: Report) -> str:
    parts = [
        _head(report),
        _section("What attempts came to", _classes(report.classes, report.attempts)),
        _section("The points that counted", _classes(report.results, sum(report.results.values()))),
        _section("By kind of item", _groups(report.kinds, "responses")),
        _section(_title(report), _groups(report.assessments, "attempts")),
        _section("Why", _reasons(report)),
        _section("Examples", "".join(_examples(*one) for one in report.examples.items())),
        _section("What is accepted", _accepted(report)),
    ]
    body = "".join(parts)
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>Replay of {escape(report.archive)}</title><style>{STYLE}</style></head>"
        f"<body><main>{body}</main></body></html>\n"
    )


def _head(report: Report) -> str:
    said = "Every difference is explained" if report.agrees else "There is more than is explained"
    verdict = "good" if report.agrees else "bad"
    figures = [
        (report.attempts, "attempts"),
        (report.responses, "responses"),
        (report.attempts - report.classes.get(Class.EXACT, 0), "differ"),
        (report.unexplained, "unexplained"),
    ]
    shown = "".join(f"<li><b>{number:,}</b> {escape(what)}</li>" for number, what in figures)
    return (
        f'<header class="{verdict}"><h1>{said}</h1>'
        f"<p>{escape(report.source)} · {escape(report.archive)}</p><ul>{shown}</ul></header>"
    )


def _section(title: str, body: str) -> str:
    return f"<section><h2>{escape(title)}</h2>{body}</section>" if body else ""


def _classes(counts: Mapping[str, int], of: int) -> str:
    rows = (_row(name, count, of, {name: count}) for name, count in counts.items())
    return _table(["", "", "", ""], rows) if counts else ""


def _groups(groups: Iterable[Group], what: str) -> str:
    rows = [_row(group.name, group.of, group.of, group.differ) for group in groups]
    return legend() + _table(["", f"of so many {what}", "", "differ"], rows) if rows else ""


def _row(name: str, count: int, of: int, parts: Mapping[str, int]) -> str:
    share = sum(parts.values()) / of if of else 0.0
    return (
        f"<tr><th>{escape(name)}</th><td class='n'>{count:,}</td>"
        f"<td>{bar(parts, of)}</td><td class='n'>{share:.2%}</td></tr>"
    )


def _title(report: Report) -> str:
    shown, of = len(report.assessments), report.assessments_in_all
    return "By assessment" if shown == of else f"By assessment: {shown} of {of:,}"


def _reasons(report: Report) -> str:
    rows = [
        f"<tr><th>{escape(name)}</th><td>{escape(reason)}</td><td class='n'>{count:,}</td></tr>"
        for name, reasons in report.reasons.items()
        for reason, count in reasons.items()
    ]
    return _table(["counts as", "because of", "times"], rows) if rows else ""


def _examples(reason: str, examples: Iterable[Example]) -> str:
    titles = ["line", "assessment", "learner", "attempt", "recorded", "now", "items"]
    rows = [
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in _cells(one)) + "</tr>"
        for one in examples
    ]
    return f"<h3>{escape(reason)}</h3>{_table(titles, rows)}"


def _cells(one: Example) -> list[str]:
    number = str(one.number) if one.number else "all"
    recorded, ours = _told(one.recorded), _told(one.ours)
    place = [f"{one.line:,}", one.assessment, one.learner, number]
    return [*place, recorded, ours, ", ".join(one.kinds)]


def _told(values: Mapping[str, float | bool | None]) -> str:
    score, most = values.get("score"), values.get("max")
    said = "no score" if score is None else f"{score:.10g}"
    said += "" if most is None else f" of {most:.10g}"
    return said + (", late" if values.get("late") else "")


def _accepted(report: Report) -> str:
    rows = [
        f"<tr><th>{escape(one.quirk)}</th><td>{escape(one.counts_as)}</td>"
        f"<td>{escape(one.because)}</td></tr>"
        for one in report.explained
    ]
    return _table(["quirk", "counts as", "because"], rows)


def _table(titles: Iterable[str], rows: Iterable[str]) -> str:
    head = "".join(f"<th>{escape(title)}</th>" for title in titles)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"

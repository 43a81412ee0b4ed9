"""What an import would do or has done, for whoever reads it in a terminal or a log."""

from collections.abc import Iterator, Sequence
from itertools import chain, islice

from services.live_class.schedule.ics.occurrence import Bad
from services.live_class.schedule.importing import Found, Wish
from services.live_class.schedule.plan import Planned

SHOWN = 20
"""Of each kind; the rest is a count."""


def lines(wish: Wish, found: Found, *, done: bool, whole: bool = False) -> Iterator[str]:
    """With `whole` everything is listed."""
    most = None if whole else SHOWN
    yield from _counts(wish, found, done)
    refused = [*found.said.refused, *found.mapped.refused, *found.plan.refused]
    yield from _listed("refused", map(_bad, sorted(refused, key=lambda one: one.line)), most)
    unmapped = found.mapped.unmapped.most_common()
    yield from _listed("of no course", (f"{count:>5,}  {title}" for title, count in unmapped), most)
    for word, rows in (("called off", found.plan.called_off), ("vanished", found.plan.vanished)):
        yield from _listed(word, map(_row, rows), most)


def _counts(wish: Wish, found: Found, done: bool) -> Iterator[str]:
    made, said = found.plan, found.said
    pruned = len(made.vanished) if wish.prune else 0
    yield (
        f"Calendar {wish.calendar!r} of tenant {wish.tenant}: {said.events:,} events, from "
        f"{wish.span.since:%d %b %Y} to {wish.span.until:%d %b %Y}"
        f"{'' if done else ' (nothing was written)'}"
    )
    for count, words in (
        (len(made.added), "added"),
        (len(made.changed), "changed"),
        (made.unchanged + len(made.renamed), f"unchanged ({len(made.renamed):,} of a new UID)"),
        (len(made.called_off) + pruned, "removed"),
        (len(made.vanished) - pruned, "in the file no longer (removed with --prune)"),
        (made.elsewhere, "held by another calendar already"),
        (found.mapped.unmapped.total(), "of no course"),
        (found.refused, "refused"),
        (said.outside, "outside of the span"),
    ):
        yield f"{count:>8,}  {words}"


def _listed(word: str, items: Iterator[str], most: int | None) -> Iterator[str]:
    shown: Sequence[str] = list(islice(items, most))
    if shown:
        yield from chain(["", f"{word.capitalize()}:"], (f"  {one}" for one in shown))
    rest = sum(1 for _ in items)
    if rest:
        yield f"  and {rest:,} more (all with --full)"


def _bad(one: Bad) -> str:
    return f"line {one.line}, UID {one.uid or '?'}: {one.why}"


def _row(one: Planned) -> str:
    return f"s{one.id}, course {one.course}, {one.starts_at:%Y-%m-%d %H:%M} UTC: {one.title}"

"""Judges each change of a contract by who used what it touches."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from graphql import GraphQLSchema

from gateway.usage.reading import Known, Use
from schema.changes import Change, changes
from schema.coordinates import names_of


@dataclass(frozen=True, slots=True)
class Touched:
    """One change, and each client that it touches by what it used most; None: not known."""

    change: Change
    by: list[Use] | None

    @property
    def breaks(self) -> bool:
        return self.change.is_breaking and bool(self.by)

    def lines(self) -> Iterator[str]:
        yield f"{'BREAKING' if self.change.is_breaking else 'DANGEROUS'} {self.change.text}"
        if self.by is None:
            yield "    who uses it is not known"
        elif not self.by:
            yield "    nobody uses it"
        else:
            yield from ["    everybody, as far as we know:"] if self.change.touches is None else []
            yield from _users(self.by)


@dataclass(frozen=True, slots=True)
class Verdict:
    """`fading` are those that are deprecated and still used, with why."""

    touched: list[Touched]
    fading: list[tuple[str, str, list[Use]]]

    @property
    def broken(self) -> int:
        return sum(one.breaks for one in self.touched)

    @property
    def is_unknown(self) -> bool:
        """Whether it matters that it is not known who uses what."""
        return any(one.by is None and one.change.is_breaking for one in self.touched)

    def lines(self) -> Iterator[str]:
        if not self.touched:
            yield "No change breaks a client, or may surprise one."
        for one in self.touched:
            yield from one.lines()
        for at, why, by in self.fading:
            yield f"DEPRECATED {at} is still used: {why}"
            yield from _users(by)


def verdict(old: GraphQLSchema, new: GraphQLSchema, known: Known | None) -> Verdict:
    """`known` is None where nothing was counted, or cannot be read."""
    touched = [
        Touched(change, None if known is None else known.by(change.touches))
        for change in changes(old, new)
    ]
    return Verdict(touched, list(_fading(new, known)))


def _fading(new: GraphQLSchema, known: Known | None) -> Iterator[tuple[str, str, list[Use]]]:
    for named in names_of(new).values():
        if known is not None and named.deprecated is not None and (by := known.by({named.at})):
            yield named.at, named.deprecated, by


def _users(by: Iterable[Use]) -> Iterator[str]:
    for use in by:
        client = " ".join(filter(None, use.client))
        yield f"    {client}: {use.requests} requests of {use.at}, last on {use.last.isoformat()}"

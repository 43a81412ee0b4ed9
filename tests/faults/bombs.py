"""Documents that are small to send and large to answer."""

from collections.abc import Callable

Bomb = Callable[[int], str]


def doubling(deep: int) -> str:
    """Each fragment is spread twice by the one above: 2 ** `deep` fields."""
    fragments = [
        f"fragment F{n} on Course {{ a: liveClasses {{ course {{ ...F{n + 1} }} }} "
        f"b: liveClasses {{ course {{ ...F{n + 1} }} }} }}"
        for n in range(deep)
    ]
    last = f"fragment F{deep} on Course {{ title }}"
    return '{ course(id: "x") { ...F0 } } ' + " ".join([*fragments, last])


def flat(deep: int) -> str:
    """As `doubling`, without any depth: only spreads."""
    fragments = [f"fragment F{n} on Viewer {{ ...F{n + 1} ...F{n + 1} }}" for n in range(deep)]
    last = f"fragment F{deep} on Viewer {{ id }}"
    return "{ viewer { ...F0 } } " + " ".join([*fragments, last])


def costly(deep: int) -> str:
    """As `flat`, over lists whose cost doubles by aliases."""
    fragments = [
        f"fragment F{n} on Viewer {{ ...F{n + 1} ...F{n + 1} "
        f"a{n}: courses(first: 100) {{ totalCount }} }}"
        for n in range(deep)
    ]
    last = f"fragment F{deep} on Viewer {{ id }}"
    return "{ viewer { ...F0 } } " + " ".join([*fragments, last])


def introspecting(deep: int) -> str:
    """The contract asked about itself, by fragments that double."""
    fragments = [
        f"fragment F{n} on __Type {{ a: fields {{ type {{ ...F{n + 1} }} }} "
        f"b: fields {{ type {{ ...F{n + 1} }} }} }}"
        for n in range(deep)
    ]
    last = f"fragment F{deep} on __Type {{ name }}"
    return "{ __schema { types { ...F0 } } } " + " ".join([*fragments, last])


DOUBLING: list[Bomb] = [doubling, flat, costly, introspecting]

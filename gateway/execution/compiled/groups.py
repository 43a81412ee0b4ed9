"""Who can be asked together: sites of one source with the same arguments."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql.execution.values import VariableValues

from gateway.execution.compiled.plan import Site


@dataclass(slots=True)
class Group:
    """Asked with `args`; `ids`, one a site, are asked for in place of what waits there.

    Where the arguments do not fit, `error` is what everybody is answered.
    """

    sites: list[Site]
    args: dict[str, Any]
    ids: list[str] = field(default_factory=list)
    error: Exception | None = None

    @property
    def key(self) -> Any:
        """Equal for what can be asked together; its own where the arguments have no hash."""
        first = self.sites[0]
        key = (first.field, tuple(sorted(self.args.items())))
        return first if self.error or not _is_hashable(key) else key


def groups_of(sites: Sequence[Site], variables: VariableValues) -> list[Group]:
    """At least one, in the order of their first sites."""
    if len(sites) == 1 or len({id(site.field) for site in sites}) == len(sites):
        return [_alone(site, variables) for site in sites]
    groups: dict[Any, Group] = {}
    for site in sites:
        alone = _alone(site, variables)
        together = groups.setdefault(alone.key, alone)
        if together is not alone:
            together.sites.append(site)
            together.ids += alone.ids
    return list(groups.values())


def _is_hashable(key: Any) -> bool:
    try:
        hash(key)
    except TypeError:
        return False
    return True


def _alone(site: Site, variables: VariableValues) -> Group:
    try:
        args = site.arguments(variables)
    except Exception as error:
        return Group([site], {}, error=error)
    return Group([site], {}, [str(args["id"])]) if site.is_found_by_id else Group([site], args)

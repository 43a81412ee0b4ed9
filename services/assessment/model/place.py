"""Which attempt: the key of its rows, and its ids."""

import re

import msgspec

from services.contracts.ids import AttemptId, Kind, Side, TenantId, encode

NUMBER = "(0|[1-9][0-9]{0,17})"
LOCAL = re.compile(f"{NUMBER}-{NUMBER}-(p?)([1-9][0-9]{{0,8}})")


class Place(msgspec.Struct, frozen=True):
    """`number` counts a learner's attempts at an assessment; previews have numbers of their own."""

    tenant: TenantId
    assessment: int
    user: int
    number: int
    preview: bool = False

    @property
    def local(self) -> str:
        return f"{self.assessment}-{self.user}-{'p' * self.preview}{self.number}"

    @property
    def id(self) -> AttemptId:
        return AttemptId(encode(Kind.ATTEMPT, self.tenant, self.local, Side.SERVICE))


def place(tenant: TenantId, local: str) -> Place | None:
    """None where the text is no local id of an attempt."""
    found = LOCAL.fullmatch(local)
    if found is None:
        return None
    assessment, user, preview, number = found.groups()
    return Place(tenant, int(assessment), int(user), int(number), bool(preview))

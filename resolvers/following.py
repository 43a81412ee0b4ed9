"""What a subscription follows: a source that is read when there may be news of it."""

from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, TypeAlias

import msgspec

from resolvers.context import Context
from resolvers.topics import Hearing, News

MARK_BYTES = 16


@dataclass(frozen=True, slots=True)
class Look:
    """What there is to tell, in order; a Refused is the last of it.

    `told`: where whoever was told this stands then; of those who stand at one place one is read
    for. `has_more`: the next look finds something at once. `is_over`: nothing comes any more.
    """

    items: Sequence[Any]
    told: Hashable
    has_more: bool = False
    is_over: bool = False


Listen: TypeAlias = Callable[[Context, Any, News], Hearing]
Begin: TypeAlias = Callable[..., Hashable]
Read: TypeAlias = Callable[[Context, Any, Any], Awaitable[Look]]


@dataclass(frozen=True, slots=True)
class Followed:
    """`listen(ctx, named, news)` has `news` called when there may be some, until it is stopped.

    `begin(ctx, named, **args)` says where one stands who asks so, or a Refused: its arguments are
    the field's, and tell nothing but from where one resumes. `read(ctx, named, told)` looks what
    is new to who stands at `told`. `is_shared`: all who pass the field's guards are told alike.
    """

    listen: Listen
    begin: Begin
    read: Read
    is_shared: bool = False


def mark_of(thing: Any) -> bytes:
    """What is other when the thing is: small, whatever the thing is."""
    return blake2b(msgspec.json.encode(thing), digest_size=MARK_BYTES).digest()

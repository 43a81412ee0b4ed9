"""Answers for attempts as they are: one's own, and everybody's for those who supervise."""

from collections.abc import Sequence
from functools import partial
from typing import TypeAlias

from aiodataloader import DataLoader
from msgspec.structs import replace

from resolvers.context import Context
from resolvers.following import Followed, Look, mark_of
from resolvers.paging import cut, place
from resolvers.ports import AttemptResult, Each
from resolvers.topics import Hearing, News
from services.contracts.assessment import (
    Assessment,
    Attempt,
    AttemptAccepted,
    AttemptState,
    Score,
    SubmissionCount,
    Window,
)
from services.contracts.errors import ErrorCode, Refused
from services.contracts.freshness import AsOf, ConsistencyToken, Freshness
from services.contracts.ids import AssessmentId, AttemptId, decode
from services.contracts.kept import kept
from services.contracts.learning import Learner
from services.contracts.paging import Key, Page
from services.kit.consistency import BadToken

BAD_TOKEN = Refused(ErrorCode.INVALID, "`after` is not a token of this platform.")
Told: TypeAlias = tuple[int, bytes | None]
"""The version that was told, or only seen: then without a mark of what it was."""


async def by_ids(ctx: Context, ids: Sequence[AttemptId]) -> Each[Attempt]:
    return await ctx.sources.attempts.many(ctx.caller, ids)


async def mine(
    ctx: Context, assessments: Sequence[Assessment], first: int = 5, after: str | None = None
) -> list[Page[Attempt] | Refused]:
    lists = await _mine(ctx, assessments)
    return [
        found if isinstance(found, Refused) else cut(found, _by_number, first, after)
        for found in lists
    ]


async def _mine(ctx: Context, assessments: Sequence[Assessment]) -> Each[list[Attempt]]:
    """Asked for once by all fields of one level that are made of them."""
    loader = ctx.loaders.get(_mine)
    if loader is None:
        batch = partial(_mine_at, ctx)
        loader = ctx.loaders[_mine] = DataLoader(batch, cache=False)
    found: Each[list[Attempt]] = await loader.load_many([one.id for one in assessments])
    return found


async def _mine_at(ctx: Context, ids: list[AssessmentId]) -> list[list[Attempt] | Refused]:
    known = list(dict.fromkeys(ids))
    lists = await ctx.sources.attempts.mine(ctx.caller, known)
    found = dict(zip(known, lists, strict=True))
    return [found[one] for one in ids]


def _by_number(attempt: Attempt) -> Key:
    return (f"{attempt.preview:d}{attempt.number:09}", attempt.id)


async def kept_scores(
    ctx: Context, assessments: Sequence[Assessment]
) -> list[Score | Refused | None]:
    lists = await _mine(ctx, assessments)
    return [
        found if isinstance(found, Refused) else kept(assessment.scoring_policy, found)
        for assessment, found in zip(assessments, lists, strict=True)
    ]


async def windows(ctx: Context, assessments: Sequence[Assessment]) -> Each[Window]:
    return await ctx.sources.attempts.windows(ctx.caller, [one.id for one in assessments])


async def submissions(
    ctx: Context,
    assessments: Sequence[Assessment],
    first: int = 50,
    after: str | None = None,
    state: list[AttemptState] | None = None,
) -> Each[Page[Attempt]]:
    seen = place(first, after)
    if isinstance(seen, Refused):
        return [seen for _ in assessments]
    ids = [one.id for one in assessments]
    return await ctx.sources.attempts.submissions(ctx.caller, ids, first, seen, state or ())


async def submission_counts(
    ctx: Context, assessments: Sequence[Assessment]
) -> Each[list[SubmissionCount]]:
    ids = [one.id for one in assessments]
    return await ctx.sources.attempts.submission_counts(ctx.caller, ids)


async def assessments_of(ctx: Context, attempts: Sequence[Attempt]) -> Each[Assessment]:
    ids = [attempt.assessment_id for attempt in attempts]
    return await ctx.sources.assessments.many(ctx.caller, ids)


async def learners_of(ctx: Context, attempts: Sequence[Attempt]) -> Each[Learner]:
    ids = [attempt.learner_id for attempt in attempts]
    return await ctx.sources.people.learners(ctx.caller, ids)


def as_of(ctx: Context, attempt: Attempt) -> AsOf:
    token, waiting = token_of(ctx, attempt), attempt.waiting
    if waiting is not None:
        return AsOf(token, Freshness.DEGRADED, waiting.lag_ms, attempt.source)
    return AsOf(token, Freshness.CURRENT, 0, attempt.source)


def token_of(ctx: Context, attempt: Attempt) -> ConsistencyToken:
    return ctx.consistency.token(_seen_of(attempt))


def witnessed(ctx: Context, done: AttemptResult) -> AttemptResult:
    """Whoever did this has seen the attempt as it is now."""
    if isinstance(done, AttemptAccepted):
        ctx.sight.writes(_seen_of(done.attempt))
    return done


def _seen_of(attempt: Attempt) -> dict[str, int]:
    """Nothing of a side that counts no versions."""
    return {_stream(attempt.id): attempt.version} if attempt.version else {}


def begin(
    ctx: Context, attempt_id: AttemptId, after: ConsistencyToken | None = None
) -> Told | Refused:
    """What `after` has seen of it is not told."""
    try:
        return (ctx.consistency.seen(after).get(_stream(attempt_id), 0) if after else 0, None)
    except BadToken:
        return BAD_TOKEN


async def look(ctx: Context, attempt_id: AttemptId, told: Told) -> Look:
    """The attempt as it is, unless that was told or seen."""
    [now] = await by_ids(ctx, [attempt_id])
    if isinstance(now, Refused):
        return Look([now], told)
    mark = mark_of(_lasting(now))
    return Look([now], (now.version, mark)) if _is_news(now, mark, told) else Look([], told)


def _is_news(now: Attempt, mark: bytes, told: Told) -> bool:
    """A window's clock goes on without news; a side that counts no versions says 0."""
    version, told_mark = told
    if told_mark is None:
        return now.version == 0 or now.version > version
    return now.version >= version and mark != told_mark


def _lasting(attempt: Attempt) -> Attempt:
    return replace(attempt, window=None)


def _stream(attempt: AttemptId) -> str:
    named = decode(attempt)
    return f"assessment:attempt/{named.tenant}/{named.local}"


def _listen(ctx: Context, attempt: AttemptId, news: News) -> Hearing:
    named = decode(attempt)
    return ctx.sources.topics.hear(f"attempt:{named.tenant}:{named.local}", news)


UPDATES = Followed(_listen, begin, look)
"""An attempt as it is, unless `after` has seen it; then each time it has changed."""

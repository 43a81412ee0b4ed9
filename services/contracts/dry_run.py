"""Words for a dry run: what the assessment service would have made of a command of the monolith's.

Nothing of it is written. Ids are local ones of the viewer's tenant, instants are in UTC.
"""

from datetime import datetime
from enum import StrEnum

import msgspec

from services.contracts.assessment import AttemptState, Given
from services.contracts.errors import ErrorCode


class Verb(StrEnum):
    START = "start"
    SAVE = "save"
    SUBMIT = "submit"


class Became(msgspec.Struct, frozen=True):
    """An attempt as the monolith's command left it."""

    number: int
    state: AttemptState
    started_at: datetime | None
    saved_at: datetime | None
    submitted_at: datetime | None


class DryRun(msgspec.Struct, frozen=True):
    """What the viewer told the monolith to do to an assessment, or to their attempt `number` at it.

    It was decided between `since` and `until`. `became` is what was written; None: nothing was.
    `answers` are those that were not there before.
    """

    verb: Verb
    assessment: int
    since: datetime
    until: datetime
    number: int = 0
    answers: list[Given] = []
    expected_version: int | None = None
    became: Became | None = None


class Decided(msgspec.Struct, frozen=True):
    """An attempt as a command leaves it; or `code`, why nothing is done.

    `state` and `late` are None where they are not known; `ends_at` where nothing ends it.
    """

    code: ErrorCode | None = None
    number: int | None = None
    state: AttemptState | None = None
    late: bool | None = None
    ends_at: datetime | None = None


class Foreseen(msgspec.Struct, frozen=True):
    """Each that may have come of it, as it is not known to the instant when it was decided.

    There is none where what it was decided by is not known any more, or moved meanwhile.
    """

    outcomes: list[Decided] = []

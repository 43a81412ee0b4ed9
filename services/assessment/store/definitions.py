"""Definitions as they are stored: a version that never changes, and the rules beside it."""

from collections.abc import Iterable
from datetime import timedelta

import msgspec
from asyncpg import Record

from services.assessment.model.definition import Definition, Regrade, default_rules
from services.contracts.assessment import Rules
from services.contracts.events import AssessmentChanged
from services.storage.db import Connection

# What is beside a version, whichever column or parameter says the assessment.
BESIDE = """
    (
        SELECT rules.data::text FROM rules
        WHERE rules.tenant_id = $1 AND rules.assessment_id = {assessment}
    ) AS rules,
    (
        SELECT jsonb_agg(regrades.data ORDER BY id)::text FROM regrades
        WHERE regrades.tenant_id = $1 AND regrades.assessment_id = {assessment}
    ) AS regrades
"""
RULES_AND_REGRADES = BESIDE.format(assessment="$2")
NEWEST = "(SELECT max(version) FROM definitions WHERE tenant_id = $1 AND assessment_id = $2)"

VERSIONS = f"""
SELECT assessment_id, version AS definition_version, data::text AS definition,
    {BESIDE.format(assessment="definitions.assessment_id")}
FROM definitions JOIN unnest($2::bigint[], $3::int[]) AS wanted (assessment, number)
    ON assessment_id = assessment AND version = number
WHERE tenant_id = $1
"""

_said = msgspec.json.Decoder(AssessmentChanged)
_rules = msgspec.json.Decoder(Rules)
_regrades = msgspec.json.Decoder(list[Regrade])


def definition(row: Record) -> Definition:
    """Of the columns `definition`, `definition_version`, `rules` and `regrades`."""
    said = _said.decode(row["definition"])
    limit_s = said.time_limit_s
    return Definition(
        assessment=said.assessment,
        course=said.course,
        version=row["definition_version"],
        kind=said.kind,
        opens_at=said.opens_at,
        closes_at=said.closes_at,
        time_limit=None if limit_s is None else timedelta(seconds=limit_s),
        grace=timedelta(seconds=said.grace_s),
        attempts_allowed=said.attempts_allowed,
        items=said.items,
        keys=said.keys or [],
        rules=_rules.decode(row["rules"]) if row["rules"] else default_rules(said.kind),
        regrades=_regrades.decode(row["regrades"]) if row["regrades"] else [],
    )


async def versions(
    db: Connection, tenant: str, wanted: Iterable[tuple[int, int]]
) -> dict[tuple[int, int], Definition]:
    """Of (assessment, version) what is there."""
    if not (pairs := sorted(set(wanted))):
        return {}
    assessments, numbers = [one for one, _ in pairs], [number for _, number in pairs]
    rows = await db.fetch(VERSIONS, tenant, assessments, numbers)
    return {(row["assessment_id"], row["definition_version"]): definition(row) for row in rows}

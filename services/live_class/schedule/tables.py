"""The table of classes that are planned here, beside those of the monolith's timetable.

A class that is called off keeps its row: whoever held its id finds that it does not take place,
and a file that brings it back gives it the same id. `version` counts what is written of it.
"""

PLANNED = """
CREATE TABLE planned_classes (
    tenant_id text NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    course_id bigint NOT NULL,
    title text NOT NULL,
    teacher_id bigint,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL CHECK (ends_at > starts_at),
    zone text NOT NULL,
    calendar text NOT NULL,
    uid text NOT NULL,
    recurrence text NOT NULL,
    sequence int NOT NULL,
    cancelled boolean NOT NULL DEFAULT false,
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, calendar, uid, recurrence)
)
"""

RIGHTS = "SELECT, INSERT, UPDATE"
"""Of the service's worker, here and where it notes what it tells; no row is ever deleted."""

OLD_ROOMS = """
CREATE TABLE old_rooms (
    tenant_id text NOT NULL,
    id bigint NOT NULL,
    course_id bigint NOT NULL,
    state text NOT NULL,
    PRIMARY KEY (tenant_id, id)
)
"""
"""Classes as the monolith holds them, by their ids there: projected, as its timetable is."""

INDEXES = (
    "CREATE INDEX planned_by_course ON planned_classes (tenant_id, course_id, starts_at, id)",
    "CREATE INDEX planned_by_time ON planned_classes (tenant_id, starts_at)",
)

STATEMENTS = (PLANNED, OLD_ROOMS, *INDEXES)
"""For a migration, which runs one statement at a time."""

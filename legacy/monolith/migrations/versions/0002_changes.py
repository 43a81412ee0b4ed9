"""Triggers that write down what changes: one row a statement and stream, for others to read.

A trigger sees all rows of its statement at once, so that a bulk import pays for one pass more.
It locks a stream's row before it draws the number of a change, so that the changes of a stream that
can be seen are always its first ones. The platform takes no completion back and forgets no person
and no course, so there is no word for that.
"""

from alembic import op

revision = "0002"
down_revision = "0001"

TABLES = {
    "streams": """
        stream text PRIMARY KEY,
        version bigint NOT NULL""",
    # `data` is NULL where the thing is no more.
    "changes": """
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        day date NOT NULL DEFAULT current_date,
        tenant_id text NOT NULL,
        stream text NOT NULL,
        version bigint NOT NULL,
        partition smallint NOT NULL
            GENERATED ALWAYS AS ((hashtext(stream) & 3)::smallint) STORED,
        at timestamptz NOT NULL DEFAULT clock_timestamp(),
        data jsonb,
        traceparent text,
        position bigint""",
    "relay_positions": """
        partition smallint PRIMARY KEY,
        position bigint NOT NULL DEFAULT 0""",
    "consumers": """
        name text NOT NULL,
        partition smallint NOT NULL,
        position bigint NOT NULL,
        seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        PRIMARY KEY (name, partition)""",
    # How far what the other side did has been brought back into these tables.
    "positions": """
        source text NOT NULL,
        partition smallint NOT NULL,
        position bigint NOT NULL DEFAULT 0,
        PRIMARY KEY (source, partition)""",
}
INDEXES = {
    "changes_unsent": "changes (partition, id) WHERE position IS NULL",
    "changes_sent": "changes (partition, position)",
}

# Called row by row and not joined: a join's plan is kept, and one made for three rows takes a
# minute for 30,000. Whoever calls draws the change's id outside of the query that calls: after it.
NEXT_VERSION = """
CREATE FUNCTION next_version(name text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    drawn bigint;
BEGIN
    INSERT INTO streams AS known VALUES (name, 1)
    ON CONFLICT (stream) DO UPDATE SET version = known.version + 1
    RETURNING version INTO drawn;
    RETURN drawn;
END $$
"""

# What a trigger is given to see, and how it comes by the rows that it is not.
SEEN = {
    "INSERT": ("NEW TABLE AS new_rows", "old_rows AS (SELECT * FROM {table} WHERE false),"),
    "UPDATE": ("OLD TABLE AS old_rows NEW TABLE AS new_rows", ""),
    "DELETE": ("OLD TABLE AS old_rows", "new_rows AS (SELECT * FROM {table} WHERE false),"),
}

TELL = """
CREATE FUNCTION tell_{name}_{operation}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {before}
    WITH {unseen} news AS (
        SELECT tenant_id, '{kind}/' || tenant_id || '/' || key AS stream, data
        FROM ({news}) AS told
    )
    INSERT INTO changes (tenant_id, stream, version, data, traceparent)
    SELECT *, nullif(current_setting('monolith.traceparent', true), '')
    FROM (
        SELECT tenant_id, stream, next_version(stream) AS version, data FROM news ORDER BY stream
    ) AS numbered;
    RETURN NULL;
END $$
"""
ON = """
CREATE TRIGGER tell_{name}_{operation} AFTER {operation} ON {table} REFERENCING {seen}
FOR EACH STATEMENT EXECUTE FUNCTION tell_{name}_{operation}()
"""

# A person is told with all roles, also those that another transaction is about to give: hence the
# streams are locked first, and only the next statement reads.
LOCK_PEOPLE = """
WITH {unseen} touched AS ({touched})
INSERT INTO streams SELECT DISTINCT 'person/' || tenant_id || '/' || id, 0 FROM touched ORDER BY 1
ON CONFLICT (stream) DO UPDATE SET version = streams.version;
"""
PERSON = """
SELECT tenant_id, id::text AS key, jsonb_build_object('name', name, 'locale', locale,
    'roles', ARRAY(SELECT role FROM roles
        WHERE tenant_id = people.tenant_id AND user_id = people.id ORDER BY role)) AS data
FROM people WHERE (tenant_id, id) IN ({touched})
"""
TOUCHED = {
    "people": """
        SELECT tenant_id, id FROM old_rows FULL JOIN new_rows USING (tenant_id, id)
        WHERE (old_rows.name, old_rows.locale) IS DISTINCT FROM (new_rows.name, new_rows.locale)""",
    "roles": """
        SELECT tenant_id, user_id AS id
        FROM old_rows FULL JOIN new_rows USING (tenant_id, user_id, role)
        WHERE old_rows IS NULL OR new_rows IS NULL""",
}

COURSE = """
SELECT tenant_id, id::text AS key,
    jsonb_build_object('title', new_rows.title, 'code', new_rows.code) AS data
FROM new_rows LEFT JOIN old_rows USING (tenant_id, id)
WHERE (old_rows.title, old_rows.code) IS DISTINCT FROM (new_rows.title, new_rows.code)
"""
ENROLMENT = """
SELECT tenant_id, course_id || '/' || user_id AS key,
    CASE WHEN new_rows.role IS NOT NULL THEN jsonb_build_object('role', new_rows.role) END AS data
FROM old_rows FULL JOIN new_rows USING (tenant_id, course_id, user_id)
WHERE old_rows.role IS DISTINCT FROM new_rows.role
"""
CONTENT = """
SELECT tenant_id, id::text AS key, became.data
FROM ({old}) AS was FULL JOIN ({new}) AS became USING (tenant_id, id)
WHERE was.data IS DISTINCT FROM became.data
"""
CONTENT_ROWS = """
SELECT tenant_id, id, jsonb_build_object('kind', kind, 'course', course_id, 'module', parent_id,
    'position', position, 'title', title, 'body', body) AS data
FROM {rows}
"""
# Whoever answers is news; what they answered is not.
ATTEMPTS = """
SELECT tenant_id, id || '/' || learner AS key, (
    SELECT jsonb_agg(attempt - 'answers' ORDER BY attempt -> 'number')
    FROM jsonb_array_elements(became.attempts) AS attempt
) AS data
FROM ({old}) AS was FULL JOIN ({new}) AS became USING (tenant_id, id, learner)
WHERE was.attempts IS DISTINCT FROM became.attempts
"""
ATTEMPTS_ROWS = """
SELECT tenant_id, id, each.key AS learner, each.value AS attempts
FROM {rows}, jsonb_each(attempts) AS each
"""
COMPLETIONS = """
SELECT tenant_id, course_id || '/' || user_id AS key,
    jsonb_build_object('lessons', jsonb_agg(lesson_id ORDER BY lesson_id)) AS data
FROM new_rows GROUP BY tenant_id, course_id, user_id
"""
CLASS_ROWS = """
SELECT tenant_id, id, jsonb_build_object('course', course_id, 'title', title,
    'teacher', teacher_id, 'starts', to_char(starts, 'YYYY-MM-DD HH24:MI:SS'),
    'ends', to_char(ends, 'YYYY-MM-DD HH24:MI:SS')) AS data
FROM {rows}
"""


def between(query: str, rows: str) -> str:
    """The query over what the rows were and what they became."""
    return query.format(old=rows.format(rows="old_rows"), new=rows.format(rows="new_rows"))


# By name: the table, the first word of its streams, the operations, what is news.
TOLD = {
    "people": ("people", "person", "INSERT UPDATE", PERSON.format(touched=TOUCHED["people"])),
    "roles": ("roles", "person", "INSERT UPDATE DELETE", PERSON.format(touched=TOUCHED["roles"])),
    "courses": ("courses", "course", "INSERT UPDATE", COURSE),
    "enrolments": ("enrolments", "enrolment", "INSERT UPDATE DELETE", ENROLMENT),
    "content": ("content", "content", "INSERT UPDATE DELETE", between(CONTENT, CONTENT_ROWS)),
    "attempts": ("content", "attempts", "INSERT UPDATE DELETE", between(ATTEMPTS, ATTEMPTS_ROWS)),
    "completions": ("completions", "completions", "INSERT", COMPLETIONS),
    "timetable": ("timetable", "class", "INSERT UPDATE DELETE", between(CONTENT, CLASS_ROWS)),
}


def tell(name: str, operation: str) -> None:
    """Makes the trigger of one operation on one table."""
    table, kind, _, news = TOLD[name]
    seen, unseen = SEEN[operation]
    unseen = unseen.format(table=table)
    touched = TOUCHED.get(name)
    before = LOCK_PEOPLE.format(unseen=unseen, touched=touched) if touched else ""
    words = {"name": name, "table": table, "operation": operation, "kind": kind, "seen": seen}
    op.execute(TELL.format(**words, unseen=unseen, before=before, news=news))
    op.execute(ON.format(**words))


def upgrade() -> None:
    for name, columns in TABLES.items():
        op.execute(f"CREATE TABLE {name} ({columns})")
    for name, target in INDEXES.items():
        op.execute(f"CREATE INDEX {name} ON {target}")
    op.execute("INSERT INTO relay_positions SELECT generate_series(0, 3)")
    op.execute(NEXT_VERSION)
    for name, (_, _, operations, _) in TOLD.items():
        for operation in operations.split():
            tell(name, operation)


def downgrade() -> None:
    for name, (_, _, operations, _) in TOLD.items():
        for operation in operations.split():
            op.execute(f"DROP FUNCTION tell_{name}_{operation} CASCADE")
    op.execute("DROP FUNCTION next_version")
    for name in TABLES:
        op.execute(f"DROP TABLE {name}")

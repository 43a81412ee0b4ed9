"""What every source of progress promises."""

from dataclasses import replace as changed

from msgspec.structs import replace

from services.contracts.errors import HIDDEN, Refused
from services.contracts.freshness import Freshness, missing
from services.contracts.learning import Progress
from tests.contract.school import BIOLOGY, EMPTY, NOWHERE
from tests.contract.side import Side, given
from tests.fakes.tenant import (
    LEARNER,
    OTHER,
    course_id,
    learner_id,
    lesson_id,
)


def counted(found: Progress | Refused) -> tuple[int, int] | Refused:
    return found if isinstance(found, Refused) else (found.completed, found.total)


class TestProgress:
    async def test_ones_own_progress_counts_lessons_of_each_course(self, side: Side) -> None:
        ids = [course_id(side.tenant, number) for number in (EMPTY, BIOLOGY, NOWHERE, BIOLOGY)]

        found = await side.sources.progress.mine(side.learner, ids)

        assert [counted(one) for one in found] == [(0, 0), (1, 4), HIDDEN, (1, 4)]
        assert given(found[1]).course_id == ids[1]
        assert given(found[1]).learner_id == learner_id(side.tenant, LEARNER)

    async def test_anothers_progress_is_theirs_and_a_strangers_is_none(self, side: Side) -> None:
        own = side.tenant
        pairs = [
            (course_id(own, BIOLOGY), learner_id(own, OTHER)),
            (course_id(own, NOWHERE), learner_id(own, OTHER)),
            (course_id(own, BIOLOGY), learner_id(own, LEARNER)),
            (course_id(own, BIOLOGY), learner_id(own, "999")),
            (course_id(own, BIOLOGY), learner_id(own, OTHER)),
        ]

        found = await side.sources.progress.of_learners(side.teacher, pairs)

        assert [one.completed if isinstance(one, Progress) else one for one in found] == [
            2,
            HIDDEN,
            1,
            0,
            2,
        ]

    async def test_a_lesson_completed_twice_counts_once(self, side: Side) -> None:
        lesson, course = lesson_id(side.tenant, 3), course_id(side.tenant, BIOLOGY)

        first = await side.sources.completions.complete(side.learner, lesson, "one")
        second = await side.sources.completions.complete(side.learner, lesson, "two")

        [after] = await side.sources.courses.lessons(side.learner, [lesson])
        assert given(first).lesson == given(second).lesson == replace(given(after), completed=True)
        [own] = await side.sources.courses.completed(side.learner, [course])
        assert lesson in given(own).lessons
        [progress] = await side.sources.progress.mine(side.learner, [course])
        assert counted(progress) == (2, 4)

    async def test_a_lesson_that_is_not_there_is_not_completed(self, side: Side) -> None:
        lesson, course = lesson_id(side.tenant, NOWHERE), course_id(side.tenant, BIOLOGY)

        done = await side.sources.completions.complete(side.learner, lesson, "one")

        assert done == HIDDEN
        [progress] = await side.sources.progress.mine(side.learner, [course])
        assert counted(progress) == (1, 4)

    async def test_whoever_has_seen_a_completion_is_shown_no_less(self, side: Side) -> None:
        lesson, course = lesson_id(side.tenant, 3), course_id(side.tenant, BIOLOGY)
        done = given(await side.sources.completions.complete(side.learner, lesson, "one"))

        later = changed(side.learner, seen=done.known.versions)
        [found] = await side.sources.progress.mine(later, [course])

        progress = given(found)
        assert done.known.versions.get(progress.way.at(done.known.source))
        assert missing(done.known.versions, progress.seen) == {}
        assert progress.known.source is done.known.source
        assert progress.known.freshness is Freshness.CURRENT

    async def test_ones_versions_are_told_of_oneself_alone(self, side: Side) -> None:
        lesson, course = lesson_id(side.tenant, 3), course_id(side.tenant, BIOLOGY)
        await side.sources.completions.complete(side.learner, lesson, "one")
        pairs = [(course, learner_id(side.tenant, user)) for user in (LEARNER, OTHER)]

        found = await side.sources.progress.of_learners(side.teacher, pairs)

        for one in found:
            progress = given(one)
            assert set(progress.known.versions) <= set(progress.way.streams)

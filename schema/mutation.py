"""The root of all mutations."""

import strawberry

from resolvers import attempting, course, guards, progress, supervising
from schema.acting import command
from schema.attempting import (
    AttemptResult,
    SaveAnswersInput,
    StartAttemptInput,
    SubmitAttemptInput,
)
from schema.course import RenameCourseInput, RenameCourseResult
from schema.progress import CompleteLessonInput, CompleteLessonResult
from schema.strangled import ASSESSMENT_ATTEMPTS, PROGRESS_WRITE
from schema.supervising import (
    AttemptActionInput,
    GradeItemInput,
    GrantTimeInput,
    GrantTimeResult,
    RegradeInput,
    RegradeResult,
    SetAssessmentRulesInput,
    SetAssessmentRulesResult,
)
from services.contracts.ids import Kind
from services.contracts.supervising import Deed

ATTEMPT = [guards.names(Kind.ATTEMPT)]
ASSESSMENT = [guards.names(Kind.ASSESSMENT)]
"""Who may do it is judged by the side that does it, where it is done."""


@strawberry.type
class Mutation:
    start_attempt: AttemptResult = command(
        attempting.start,
        StartAttemptInput,
        by="assessment_id",
        guards=ASSESSMENT,
        moves=ASSESSMENT_ATTEMPTS,
    )
    save_answers: AttemptResult = command(
        attempting.save,
        SaveAnswersInput,
        by="attempt_id",
        guards=ATTEMPT,
        moves=ASSESSMENT_ATTEMPTS,
    )
    submit_attempt: AttemptResult = command(
        attempting.submit,
        SubmitAttemptInput,
        by="attempt_id",
        guards=ATTEMPT,
        moves=ASSESSMENT_ATTEMPTS,
    )
    grant_time: GrantTimeResult = command(
        supervising.grant,
        GrantTimeInput,
        by="assessment_id",
        guards=ASSESSMENT,
        moves=ASSESSMENT_ATTEMPTS,
    )
    pause_attempt: AttemptResult = command(
        supervising.acting(Deed.PAUSE),
        AttemptActionInput,
        by="attempt_id",
        guards=ATTEMPT,
        moves=ASSESSMENT_ATTEMPTS,
    )
    resume_attempt: AttemptResult = command(
        supervising.acting(Deed.RESUME),
        AttemptActionInput,
        by="attempt_id",
        guards=ATTEMPT,
        moves=ASSESSMENT_ATTEMPTS,
    )
    void_attempt: AttemptResult = command(
        supervising.acting(Deed.VOID),
        AttemptActionInput,
        by="attempt_id",
        guards=ATTEMPT,
        moves=ASSESSMENT_ATTEMPTS,
    )
    reopen_attempt: AttemptResult = command(
        supervising.acting(Deed.REOPEN),
        AttemptActionInput,
        by="attempt_id",
        guards=ATTEMPT,
        moves=ASSESSMENT_ATTEMPTS,
    )
    grade_item: AttemptResult = command(
        supervising.grade_item,
        GradeItemInput,
        by="attempt_id",
        guards=ATTEMPT,
        moves=ASSESSMENT_ATTEMPTS,
    )
    regrade: RegradeResult = command(
        supervising.regrade,
        RegradeInput,
        by="assessment_id",
        guards=ASSESSMENT,
        moves=ASSESSMENT_ATTEMPTS,
    )
    set_assessment_rules: SetAssessmentRulesResult = command(
        supervising.set_rules,
        SetAssessmentRulesInput,
        by="assessment_id",
        guards=ASSESSMENT,
        moves=ASSESSMENT_ATTEMPTS,
    )
    rename_course: RenameCourseResult = command(
        course.rename,
        RenameCourseInput,
        by="course_id",
        guards=[guards.names(Kind.COURSE), guards.teaches],
    )
    complete_lesson: CompleteLessonResult = command(
        progress.complete_lesson,
        CompleteLessonInput,
        by="lesson_id",
        guards=[guards.names(Kind.LESSON)],
        moves=PROGRESS_WRITE,
    )

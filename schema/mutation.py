"""The root of all mutations."""

import strawberry

from resolvers import (
    attempting,
    course,
    guards,
    in_class,
    progress,
    supervising,
)
from resolvers.class_guards import LEADS, TAKES_PART
from schema.acting import command
from schema.attempting import (
    AttemptResult,
    SaveAnswersInput,
    StartAttemptInput,
    SubmitAttemptInput,
)
from schema.classroom import (
    ClassResult,
    JoinLiveClassResult,
    QualityAdvice,
    SendSignalResult,
)
from schema.course import RenameCourseInput, RenameCourseResult
from schema.in_class import (
    ClassActionInput,
    JoinLiveClassInput,
    MoveToBreakoutInput,
    OpenBreakoutsInput,
    ReportQualityInput,
    SendSignalInput,
    doing,
)
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
from services.contracts.classroom import ClassDeed
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
    join_live_class: JoinLiveClassResult = doing(in_class.join, JoinLiveClassInput, TAKES_PART)
    leave_live_class: ClassResult = doing(
        in_class.acting(ClassDeed.LEAVE), ClassActionInput, TAKES_PART
    )
    start_live_class: ClassResult = doing(in_class.acting(ClassDeed.START), ClassActionInput, LEADS)
    end_live_class: ClassResult = doing(in_class.acting(ClassDeed.END), ClassActionInput, LEADS)
    raise_hand: ClassResult = doing(
        in_class.acting(ClassDeed.RAISE_HAND), ClassActionInput, TAKES_PART
    )
    lower_hand: ClassResult = doing(
        in_class.acting(ClassDeed.LOWER_HAND), ClassActionInput, TAKES_PART
    )
    open_breakouts: ClassResult = doing(in_class.open_breakouts, OpenBreakoutsInput, LEADS)
    move_to_breakout: ClassResult = doing(in_class.move, MoveToBreakoutInput, LEADS)
    close_breakouts: ClassResult = doing(
        in_class.acting(ClassDeed.CLOSE_BREAKOUTS), ClassActionInput, LEADS
    )
    send_signal: SendSignalResult = doing(in_class.send, SendSignalInput, TAKES_PART)
    report_quality: QualityAdvice = doing(
        in_class.report, ReportQualityInput, TAKES_PART, is_error=True
    )

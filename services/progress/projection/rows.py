"""Rows of the projection's tables, as events say them."""

import msgspec

from services.contracts.events import (
    AssessmentChanged,
    CourseChanged,
    EnrolmentChanged,
    LessonChanged,
    ModuleChanged,
    PersonChanged,
)

Row = dict[str, object]


def person(tenant: str, said: PersonChanged) -> Row:
    return {
        "tenant_id": tenant,
        "id": said.user,
        "name": said.name,
        "locale": said.locale,
        "roles": sorted(said.roles),
    }


def course(tenant: str, said: CourseChanged) -> Row:
    return {"tenant_id": tenant, "id": said.course, "title": said.title, "code": said.code}


def enrolment(tenant: str, said: EnrolmentChanged) -> Row:
    return {
        "tenant_id": tenant,
        "course_id": said.course,
        "user_id": said.user,
        "role": said.role,
    }


def module(tenant: str, said: ModuleChanged) -> Row:
    return {
        "tenant_id": tenant,
        "id": said.module,
        "course_id": said.course,
        "position": said.position,
        "title": said.title,
    }


def lesson(tenant: str, said: LessonChanged) -> Row:
    return {
        "tenant_id": tenant,
        "id": said.lesson,
        "course_id": said.course,
        "module_id": said.module,
        "position": said.position,
        "title": said.title,
        "kind": said.kind,
    }


def assessment(tenant: str, said: AssessmentChanged) -> Row:
    return {
        "tenant_id": tenant,
        "id": said.assessment,
        "course_id": said.course,
        "position": said.position,
        "definition": msgspec.structs.replace(said, items=[], keys=None),
        "items": said.items,
    }

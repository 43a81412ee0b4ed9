"""One side's sources, of which what is shared is read through the cache."""

from dataclasses import replace

from gateway.cached.assessments import CachedAssessments
from gateway.cached.courses import CachedCourses
from gateway.cached.live_classes import CachedLiveClasses
from gateway.cached.people import CachedPeople
from gateway.cached.reader import Reader
from gateway.cached.standing import Standing
from resolvers.ports import Editing, Sources


def cached(sources: Sources, reader: Reader, editing: Editing) -> Sources:
    """Attempts and progress are never kept."""
    reader = reader.judged_by(Standing(sources.people, reader).holds)
    return replace(
        sources,
        editing=editing,
        people=CachedPeople(sources.people, reader),
        courses=CachedCourses(sources.courses, reader),
        assessments=CachedAssessments(sources.assessments, reader),
        live_classes=CachedLiveClasses(sources.live_classes, reader),
    )

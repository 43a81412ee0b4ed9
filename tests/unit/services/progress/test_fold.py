"""What a batch of events comes to, whatever their order between streams."""

from services.contracts import events as said
from services.contracts.events import Event, Happened
from services.contracts.ids import TenantId
from services.progress.projection.fold import folded
from tests.fakes.tenant import NOW

A, B = TenantId("a"), TenantId("b")


def event(stream: str, data: Happened, tenant: TenantId = A) -> Event:
    return Event("legacy", stream, 1, tenant, NOW, data)


def test_of_each_stream_the_last_word_stands() -> None:
    first, last = said.CourseChanged(1, "Cells", "C"), said.CourseChanged(1, "Organs", "C")
    other = said.CourseChanged(2, "Genes", "G")

    batch = folded([event("course/1", first), event("course/2", other), event("course/1", last)])

    assert batch.of(said.CourseChanged) == [(A, last), (A, other)]


def test_streams_of_two_tenants_are_two_though_their_names_are_one() -> None:
    ours, theirs = said.CourseChanged(1, "Cells", "C"), said.CourseChanged(1, "Genes", "G")

    batch = folded([event("course/1", ours, A), event("course/1", theirs, B)])

    assert batch.of(said.CourseChanged) == [(A, ours), (B, theirs)]


def test_completions_of_one_stream_add_up() -> None:
    done = [said.LessonsCompleted(1, 4, [2, 3]), said.LessonsCompleted(1, 4, [3, 5])]

    batch = folded([event("completions/1/4", one) for one in done])

    assert batch.completed == {(A, 1, 4, 2), (A, 1, 4, 3), (A, 1, 4, 5)}


def test_what_was_gone_in_between_is_named_though_it_came_again() -> None:
    again = said.ModuleChanged(2, 1, 1, "Cells")

    batch = folded([event("content/2", said.ContentRemoved(2)), event("content/2", again)])

    assert batch.removed == {(A, 2)}
    assert batch.of(said.ModuleChanged) == [(A, again)]

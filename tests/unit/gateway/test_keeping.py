"""How long an answer may be kept follows what the contract says of all that is selected."""

from collections.abc import Callable

import pytest
from graphql import GraphQLSchema, OperationDefinitionNode, parse

from bench.learner import DASHBOARD
from gateway.operation import rulings
from gateway.operation.document import Documents
from gateway.operation.hints import hints
from gateway.operation.keeping import Keeping, Kept
from gateway.operation.plan import Planned
from schema.contract import core_schema
from schema.keeping import Scope
from tests.faults.bombs import doubling, flat

OF_TENANT = Keeping(60, 30, Scope.TENANT)
OF_NOBODY = Keeping(0, 0, Scope.PRIVATE)
DEEP = 14


def planned(text: str) -> Planned:
    return Documents(core_schema()).read(text).operation(None)


def keeping(text: str) -> Keeping:
    return planned(text).keeping


def course(selected: str) -> Keeping:
    return keeping(f'{{ course(id: "x") {{ {selected} }} }}')


def kept(schema: GraphQLSchema, text: str) -> Kept:
    """Without the limits that would refuse it."""
    document = parse(text)
    [operation] = [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]
    return Kept(schema, hints(schema), document, operation)


def test_a_root_that_inherits_is_kept_as_what_it_returns() -> None:
    assert course("title") == OF_TENANT
    assert keeping('{ liveClass(id: "x") { title } }') == Keeping(30, 0, Scope.TENANT)
    assert keeping('{ assessment(id: "x") { title } }') == OF_TENANT


def test_a_leaf_of_which_nothing_is_said_is_kept_as_its_parent() -> None:
    assert course("id title code") == OF_TENANT


def test_a_thing_of_which_nothing_is_said_is_not_kept() -> None:
    accepted = kept(core_schema(), '{ course(id: "x") { roster { totalCount } } }')

    assert accepted.keeping == OF_NOBODY


def test_a_field_says_more_than_its_type() -> None:
    assert keeping('{ attempt(id: "x") { assessment { title } } }') == OF_NOBODY
    assert keeping('{ assessment(id: "x") { attempts { totalCount } } }') == OF_NOBODY


def test_the_shortest_time_of_all_that_is_selected_counts() -> None:
    assert course("title liveClasses { title }") == Keeping(30, 0, Scope.TENANT)
    assert course("title liveClasses { course { title } }") == Keeping(30, 0, Scope.TENANT)


def test_the_narrowest_scope_counts_however_deep_it_is() -> None:
    assert course("outline { lessons { title } }") == OF_TENANT
    assert course("outline { lessons { title completed } }") == OF_NOBODY


def test_what_inherits_between_a_list_and_its_things_is_no_end_of_it() -> None:
    page = "pageInfo { hasNextPage } totalCount edges { cursor node { title } }"

    assert course(f"assessments {{ {page} }}") == OF_TENANT
    assert keeping('{ assessment(id: "x") { items { choices { label } } } }') == OF_TENANT


@pytest.mark.parametrize(
    "selected",
    [
        "progress { asOf { lagMs } }",
        "progress { asOf { source } }",
        "assessments { edges { node { window { serverNow } } } }",
    ],
)
def test_what_is_as_new_as_the_moment_is_not_kept(selected: str) -> None:
    assert course(selected) == OF_NOBODY


def test_the_name_of_a_type_says_nothing() -> None:
    assert course("__typename title") == OF_TENANT
    assert course("__typename") == OF_TENANT
    assert keeping("{ __typename }") == OF_NOBODY


def test_fragments_count_wherever_they_are_spread() -> None:
    own = "fragment Own on Lesson { completed } "
    used = '{ course(id: "x") { outline { lessons { ...Own } } } }'

    assert keeping(own + used) == OF_NOBODY
    assert course("... on Course { title } ... on Node { id }") == OF_TENANT


def test_of_an_interface_each_type_counts_of_which_something_is_selected() -> None:
    as_course = keeping('{ node(id: "x") { __typename ... on Course { title } } }')
    as_class = keeping('{ node(id: "x") { ... on Course { title } ... on LiveClass { title } } }')
    as_anything = keeping('{ node(id: "x") { id } }')

    assert as_course == Keeping(60, 30, Scope.PRIVATE)
    assert as_class == Keeping(30, 0, Scope.PRIVATE)
    assert as_anything == OF_NOBODY


def test_an_interface_within_a_known_thing_is_that_thing_alone() -> None:
    assert course("... on Node { id ... on Viewer { id } }") == OF_TENANT


def test_what_may_be_left_out_counts_as_selected() -> None:
    skipped = (
        'query ($is: Boolean!) { course(id: "x") { title progress @skip(if: $is) { ratio } } }'
    )

    assert keeping(skipped) == OF_NOBODY
    assert course("title progress @include(if: false) { ratio }") == OF_NOBODY


def test_what_is_deferred_is_never_kept_whole() -> None:
    assert course("title ... @defer { code }") == OF_NOBODY


def test_the_contract_itself_is_not_kept() -> None:
    assert keeping("{ __schema { description } }") == OF_NOBODY


def test_mutations_and_subscriptions_are_never_kept() -> None:
    rename = (
        'mutation { renameCourse(input: {courseId: "x", title: "t", key: "k"}) { __typename } }'
    )

    assert keeping(rename) == OF_NOBODY
    assert keeping('subscription { progressUpdated(courseId: "x") { ratio } }') == OF_NOBODY


def test_of_what_is_shared_and_what_is_private_each_root_says_which_it_is() -> None:
    mixed = planned("""{
      all: course(id: "x") { title outline { title } }
      own: course(id: "x") { title progress { ratio } outline { lessons { completed } } }
      viewer { name }
    }""")

    assert mixed.keeping == OF_NOBODY
    assert mixed.kept.roots == {"all": OF_TENANT, "own": OF_NOBODY, "viewer": OF_NOBODY}
    private = [one for one in mixed.kept.rulings if one.hint.scope is Scope.PRIVATE]
    assert [(".".join(one.path), one.at) for one in private] == [
        ("own.progress", "Course.progress"),
        ("own.outline.lessons.completed", "Lesson.completed"),
        ("viewer", "Query.viewer"),
        ("viewer.name", "Viewer.name"),
    ]


def test_each_ruling_says_why() -> None:
    said = {one.at: one.why for one in planned('{ course(id: "x") { title } }').kept.rulings}

    assert said == {"Query.course": "its type Course says so"}


def test_a_fragment_is_gone_through_once_however_often_it_is_spread(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert looked_at(monkeypatch, doubling(DEEP)) < 10 * DEEP
    assert looked_at(monkeypatch, flat(DEEP)) < 10 * DEEP


def test_without_the_memory_of_fragments_it_would_double_with_each(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    go = rulings.Rulings._set

    def forgetful(self: rulings.Rulings, *args: object, **more: object) -> object:
        self._done.clear()
        return go(self, *args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(rulings.Rulings, "_set", forgetful)

    assert looked_at(monkeypatch, doubling(DEEP)) > 2**DEEP


def looked_at(monkeypatch: pytest.MonkeyPatch, text: str) -> int:
    looked = 0
    look: Callable[..., object] = rulings.Rulings._selection

    def counted(*args: object) -> object:
        nonlocal looked
        looked += 1
        return look(*args)

    with monkeypatch.context() as patched:
        patched.setattr(rulings.Rulings, "_selection", counted)
        assert kept(core_schema(), text).keeping is not None
    return looked


def test_it_is_worked_out_once_a_document() -> None:
    documents = Documents(core_schema())

    first = documents.read(DASHBOARD).operation(None).keeping

    assert documents.read(DASHBOARD).operation(None).keeping is first
    assert first == OF_NOBODY


def test_what_is_nested_too_deeply_to_be_judged_is_not_kept() -> None:
    chain = [f"fragment F{n} on Query {{ ...F{n + 1} }}" for n in range(900)]
    text = " ".join(["{ ...F0 }", *chain, 'fragment F900 on Query { course(id: "x") { title } }'])

    assert kept(core_schema(), text).keeping == OF_NOBODY

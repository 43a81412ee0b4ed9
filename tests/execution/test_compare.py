"""The comparison tells what differs, and lets pass what the specification leaves open."""

from typing import Any

from graphql import ExecutionResult, GraphQLError

from tests.execution.compare import deepest_list, differences, null_above


def result(data: Any, **errors: list[str | int]) -> ExecutionResult:
    made = [GraphQLError(message, path=path) for message, path in errors.items()]
    return ExecutionResult(data, made or None)


def test_equal_answers_do_not_differ() -> None:
    one = result({"a": None}, x=["a"])

    assert differences(one, one, one) == []


def test_other_data_differ_and_so_does_their_order() -> None:
    one, other = result({"a": 1, "b": 1.0}), result({"b": 1.0, "a": 1})

    assert differences(one, other, one)
    assert differences(result({"a": 1}), result({"a": 1.0}), one)


def test_an_error_at_its_own_position_must_be_the_same() -> None:
    one, other = result({"a": None}, x=["a"]), result({"a": None}, y=["a"])

    assert differences(one, other, one)
    assert differences(one, result({"a": None}), one)


def test_of_errors_under_one_null_any_may_be_told() -> None:
    one, other = result({"a": None}, x=["a", "b"]), result({"a": None}, y=["a", "c"])
    every = result({"a": {"b": None, "c": None}}, x=["a", "b"], y=["a", "c"])

    assert differences(one, other, every) == []


def test_but_none_that_is_no_error_at_all_and_not_no_error() -> None:
    one, other = result({"a": None}, x=["a", "b"]), result({"a": None}, z=["a", "c"])
    every = result({"a": {"b": None, "c": None}}, x=["a", "b"], y=["a", "c"])

    assert differences(one, other, every)
    assert differences(one, result({"a": None}), every)
    assert differences(one, result({"a": None}, x=["a"]), every)


def test_a_null_is_above_what_stood_under_it_alone() -> None:
    data = {"a": [{"b": None}, None]}

    assert null_above(data, ["a", 0, "b"]) is None
    assert null_above(data, ["a", 0, "b", "c"]) == ("a", 0, "b")
    assert null_above(data, ["a", 1, "b"]) == ("a", 1)
    assert null_above(None, ["a"]) == ()


def test_lists_are_deep_where_they_stand_in_one_another() -> None:
    assert deepest_list({"a": [{"b": [[1]]}, [[[]]]]}) == 4
    assert deepest_list({"a": [{"b": [{"c": [1]}]}]}) == 1

"""What the store did not take is told again, and counts once."""

from graphql import OperationDefinitionNode, parse

from gateway.usage.client import Client
from gateway.usage.counting import Counting, Place
from gateway.usage.fields import Uses
from gateway.usage.usage import Usage
from schema.contract import core_schema
from services.kit.clock import FakeClock
from tests.fakes.tenant import NOW
from tests.fakes.usage import FakeStore

WEB = Client("web", "1")
HERE = Place(NOW.date(), WEB)


def usage(store: FakeStore) -> Usage:
    clock = FakeClock(NOW)
    return Usage(store, clock, Counting(clock))


def ask(counting: Usage, times: int = 1) -> None:
    document = parse("{ viewer { id } }")
    [operation] = document.definitions
    assert isinstance(operation, OperationDefinitionNode)
    for _ in range(times):
        counting.count(WEB, Uses(core_schema(), document, operation), None)


async def test_processes_add_up_in_the_store() -> None:
    store = FakeStore()

    for counting in (usage(store), usage(store)):
        ask(counting, 3)
        await counting.tell()
        ask(counting)
        await counting.tell()

    assert store.kept[HERE] == {"Query.viewer": 8, "Viewer.id": 8}


async def test_nothing_is_lost_while_the_store_is_away() -> None:
    store = FakeStore(is_away=True)
    counting = usage(store)

    for _ in range(5):
        ask(counting)
        await counting.tell()
    store.is_away = False
    await counting.tell()

    assert store.kept[HERE]["Viewer.id"] == 5


async def test_a_lost_answer_counts_once() -> None:
    store = FakeStore(is_silent=True)
    counting = usage(store)

    ask(counting, 3)
    for _ in range(4):
        await counting.tell()
    ask(counting)
    store.is_silent = False
    await counting.tell()

    assert store.kept[HERE]["Viewer.id"] == 4


async def test_a_lost_answer_counts_once_fails_without_numbers() -> None:
    store = FakeStore(is_silent=True)
    counting = usage(store)

    ask(counting, 3)
    for _ in range(4):
        store.newest.clear()
        await counting.tell()

    assert store.kept[HERE]["Viewer.id"] == 12


async def test_the_rest_is_told_at_the_end() -> None:
    store = FakeStore()
    counting = usage(store)
    ask(counting)

    await counting.close()

    assert store.kept[HERE]["Viewer.id"] == 1

"""A document is found by what names it: its text, its hash, or its id in the list."""

import json
import logging
from pathlib import Path
from typing import Any

import msgspec
import pytest

from gateway.operation.ask import Ask, digest
from gateway.operation.persisted import Persisted
from gateway.operation.refusal import BadDocument
from gateway.operation.texts import Texts
from gateway.operation.trusted import Trusted
from services.kit.clock import FakeClock
from services.kit.settings import Trust
from tests.fakes.tenant import NOW

TEXT, OTHER = "{ viewer { id } }", "{ viewer { name } }"


def named(hash_: Any, version: Any = 1) -> dict[str, Any]:
    return {"persistedQuery": {"version": version, "sha256Hash": hash_}}


def manifest(path: Path, **texts: str) -> Path:
    operations = [{"id": i, "name": i, "type": "query", "body": text} for i, text in texts.items()]
    said = {"format": "apollo-persisted-query-manifest", "version": 1, "operations": operations}
    path.write_text(json.dumps(said))
    return path


def texts(trusted: Trusted | None = None, trust: Trust = Trust.OFF) -> Texts:
    return Texts(Persisted(FakeClock(NOW)), trusted, trust)


async def code_of(found: Texts, ask: Ask) -> str:
    with pytest.raises(BadDocument) as refusal:
        await found.of(ask)
    return refusal.value.code


def test_one_of_the_names_must_be_there() -> None:
    for nothing in (b"{}", b'{"query": null}', b'{"extensions": {"other": 1}}'):
        with pytest.raises(msgspec.ValidationError):
            msgspec.json.decode(nothing, type=Ask)

    assert msgspec.json.decode(b'{"documentId": "a"}', type=Ask).document_id == "a"


async def test_what_was_registered_is_found_by_its_hash() -> None:
    found, asks = texts(), Ask(extensions=named(digest(TEXT)))
    assert await code_of(found, asks) == "PERSISTED_QUERY_NOT_FOUND"

    await found.keep(await found.of(Ask(TEXT, extensions=named(digest(TEXT)))))

    assert (await found.of(asks)).text == TEXT
    assert (await found.of(Ask(document_id=f"sha256:{digest(TEXT)}"))).text == TEXT


async def test_a_client_reads_what_apollo_would_say() -> None:
    with pytest.raises(BadDocument) as refusal:
        await texts().of(Ask(extensions=named(digest(TEXT))))

    assert refusal.value.errors[0].message == "PersistedQueryNotFound"


async def test_a_text_without_a_hash_is_not_registered() -> None:
    found = texts()

    await found.keep(await found.of(Ask(TEXT)))

    assert await code_of(found, Ask(extensions=named(digest(TEXT)))) == "PERSISTED_QUERY_NOT_FOUND"


async def test_a_hash_of_another_text_is_refused() -> None:
    ask = Ask(TEXT, extensions=named(digest(OTHER)))

    assert await code_of(texts(), ask) == "PERSISTED_QUERY_HASH_MISMATCH"


@pytest.mark.parametrize("said", [named("a", 2), named(5), {"persistedQuery": "x"}])
async def test_another_protocol_is_not_spoken(said: dict[str, Any]) -> None:
    assert await code_of(texts(), Ask(TEXT, extensions=said)) == "PERSISTED_QUERY_NOT_SUPPORTED"


async def test_a_listed_document_is_found_by_its_id(tmp_path: Path) -> None:
    found = texts(Trusted(manifest(tmp_path / "m.json", first=TEXT)), Trust.ONLY)

    for ask in (Ask(document_id="first"), Ask(extensions=named("first")), Ask(TEXT)):
        assert (await found.of(ask)).text == TEXT


async def test_only_listed_documents_are_run_where_one_wants_that(tmp_path: Path) -> None:
    found = texts(Trusted(manifest(tmp_path / "m.json", first=TEXT)), Trust.ONLY)

    assert await code_of(found, Ask(OTHER)) == "QUERY_NOT_IN_SAFELIST"
    assert await code_of(found, Ask(OTHER, document_id="first")) == "PERSISTED_QUERY_HASH_MISMATCH"
    for unknown in (Ask(document_id="second"), Ask(extensions=named(digest(OTHER)))):
        assert await code_of(found, unknown) == "PERSISTED_QUERY_NOT_IN_LIST"


async def test_one_may_only_warn_of_others(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    found = texts(Trusted(manifest(tmp_path / "m.json", first=TEXT)), Trust.WARN)

    with caplog.at_level(logging.WARNING):
        await found.of(Ask(OTHER))
        await found.of(Ask(TEXT))

    assert [record.getMessage() for record in caplog.records] == ["document.untrusted"]
    assert [record.about for record in caplog.records] == [{"document": digest(OTHER)}]  # type: ignore[attr-defined]

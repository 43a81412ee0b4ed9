"""What no file of ours says: a registry's address, a task without an owner, a re-export."""

import ast
import re
from collections.abc import Iterator

from tests.architecture.sources import ROOT, Source, committed, dotted, product

# Whoever installs chooses the registry: ours must not be written into what we hand on.
REGISTRY = re.compile(
    r"\b(?:pypi|pythonhosted|npmjs|yarnpkg|crates|rubygems)\.(?:org|com|io|python)\b"
    r"|\bproxy\.golang\.|https?://[^\s\"']+/simple\b"
)

# Each awaits its tasks itself.
OWNERS = {"gateway/execution/compiled/at_once.py", "services/kit/once.py"}
BARE = {"create_task", "asyncio.create_task", "asyncio.ensure_future"}


def registries(name: str, text: str) -> Iterator[str]:
    for number, line in enumerate(text.splitlines(), start=1):
        if found := REGISTRY.search(line):
            yield f"{name}:{number} names {found[0]}"


def ownerless_tasks(source: Source) -> Iterator[str]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call):
            called = dotted(node.func)
            if called in BARE or re.search(r"loop(\(\))?\.create_task$", called):
                yield f"{source.path}:{node.lineno} {called}"


def re_exports(source: Source) -> Iterator[str]:
    for node in ast.walk(source.tree):
        if source.is_package and isinstance(node, ast.Import | ast.ImportFrom):
            yield f"{source.path}:{node.lineno}"


def test_no_file_names_a_registry() -> None:
    texts = ((name, (ROOT / name).read_text(errors="replace")) for name in committed())

    assert [fault for name, text in texts for fault in registries(name, text)] == []


def test_there_is_no_lock_file_with_addresses() -> None:
    assert [name for name in committed() if name.endswith("uv.lock")] == []


def test_every_task_has_an_owner() -> None:
    judged = [source for source in product() if source.path not in OWNERS]

    assert [fault for source in judged for fault in ownerless_tasks(source)] == []


def test_every_owner_still_makes_tasks() -> None:
    owners = [source for source in product() if source.path in OWNERS]

    assert [source.path for source in owners if not list(ownerless_tasks(source))] == []
    assert {source.path for source in owners} == OWNERS


def test_no_package_exports_anothers_names() -> None:
    assert [fault for source in product() for fault in re_exports(source)] == []


def test_a_registrys_address_is_found() -> None:
    planted = [".".join(parts) for parts in (["pypi", "org"], ["files", "pythonhosted", "org"])]

    assert [text for text in planted if not list(registries("a", f"see https://{text}/x"))] == []
    assert list(registries("a", "--index-url http://10.0.0.1:3141/root/" + "simple"))


def test_a_task_without_an_owner_is_found() -> None:
    planted = [
        "asyncio.create_task(f())",
        "asyncio.ensure_future(f())",
        "asyncio.get_running_loop().create_task(f())",
        "self._loop.create_task(f())",
        "create_task(f())",
    ]

    assert [text for text in planted if not list(ownerless_tasks(Source("a.py", text)))] == []


def test_a_task_of_a_group_has_an_owner() -> None:
    text = "async def f():\n async with asyncio.TaskGroup() as work:\n  work.create_task(g())"

    assert list(ownerless_tasks(Source("a.py", text))) == []


def test_a_re_export_is_found() -> None:
    assert list(re_exports(Source("a/__init__.py", "from a.b import C")))
    assert not list(re_exports(Source("a/b.py", "from a.c import C")))

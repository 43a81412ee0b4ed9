"""The tenants that a flag may be set for: those that can be signed in to, and those already set."""

import json
from collections.abc import Iterable
from pathlib import Path

from flags.document import Document
from flags.rollout import TENANT

SIGN_IN_FILE = "demo.json"


def known_tenants(home: Path, document: Document) -> list[str]:
    return sorted({*_signed_in_to(home), *_named_in(document)})


def _signed_in_to(home: Path) -> Iterable[str]:
    try:
        tenants: dict[str, object] = json.loads((home / SIGN_IN_FILE).read_text())
    except (OSError, ValueError):
        return []
    return tenants


def _named_in(document: Document) -> Iterable[str]:
    for feature in document.features:
        for strategy in feature.strategies:
            for constraint in strategy.constraints:
                if constraint.context_name == TENANT:
                    yield from constraint.values

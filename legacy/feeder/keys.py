"""The right answers of an assessment of the monolith, in the contract's words."""

from typing import Any

import msgspec

from legacy.feeder import rows
from legacy.feeder.happened import Untranslatable
from services.contracts.events import ItemKey

FIELDS = {
    "single": "choices",
    "multiple": "choices",
    "number": "number",
    "text": "texts",
    "order": "choices",
}


def keys(data: Any) -> list[ItemKey]:
    """`data` is a changed row of an assessment; raises Untranslatable."""
    try:
        body = msgspec.convert(data["body"], rows.Keys)
        return [_key(question) for question in body.questions]
    except (msgspec.ValidationError, KeyError) as wrong:
        raise Untranslatable(f"keys: {wrong}") from wrong


def _key(row: rows.Key) -> ItemKey:
    """Where there is no answer a human has to judge."""
    field = FIELDS[row.type]
    if row.answer is None:
        return ItemKey(row.id)
    tolerance = row.tolerance if field == "number" else 0.0
    said = {field: [row.answer] if row.type == "single" else row.answer}
    return msgspec.convert({"item": row.id, "tolerance": tolerance, **said}, ItemKey)

"""The right answers that an attempt is graded by: its version's, and what became of them since."""

from collections.abc import Iterable, Mapping

from services.assessment.model.answers import FIELDS
from services.assessment.model.definition import Definition, Regrade
from services.contracts.assessment import Item, ItemKind
from services.contracts.events import ItemKey


def regrades_of(definition: Definition) -> list[Regrade]:
    """Those that concern this version, in order."""
    known = {key.item: key for key in definition.keys}
    found = []
    for regrade in definition.regrades:
        if _concerns(regrade, definition, known):
            known[regrade.item] = regrade.after
            found.append(regrade)
    return found


def keys_after(definition: Definition, regrades: Iterable[Regrade]) -> list[ItemKey]:
    corrected = {regrade.item: regrade.after for regrade in regrades}
    return list(({key.item: key for key in definition.keys} | corrected).values())


def _concerns(regrade: Regrade, definition: Definition, known: Mapping[str, ItemKey]) -> bool:
    """A later version that has another right answer was corrected already: it keeps its own."""
    item = definition.item(regrade.item)
    if item is None or not is_key(item, regrade.after):
        return False
    stands = known.get(item.id, ItemKey(item.id))
    return definition.version <= regrade.version or stands == regrade.before


def is_key(item: Item, key: ItemKey) -> bool:
    """Whether it has the form of the item's kind, and names its choices alone."""
    field = "texts" if item.kind is ItemKind.TEXT else FIELDS[item.kind]
    said = [name for name in ("choices", "texts", "number") if getattr(key, name) is not None]
    return said == [field] and set(key.choices or ()) <= {choice.id for choice in item.choices}

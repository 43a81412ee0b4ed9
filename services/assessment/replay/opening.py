"""Opens an archive of whichever form."""

from pathlib import Path

from services.assessment.replay.mapping import Weighted, read_mapping
from services.assessment.replay.own_form import open_own
from services.assessment.replay.responses import open_responses
from services.assessment.replay.source import Source
from services.assessment.replay.weighted import open_weighted


def open_archive(path: Path, mapping: str | None, key: Path | None) -> Source:
    """Of our own form where no mapping is named. Raises BadArchive and BadMapping."""
    if mapping is None:
        return open_own(path)
    found = read_mapping(mapping)
    if isinstance(found, Weighted):
        return open_weighted(path, found)
    return open_responses(path, found, key)

"""The flags in force: loaded from the state folder, and again within a moment of each change."""

import asyncio
from functools import lru_cache
from pathlib import Path

from flags.decide import Decision, Decisions
from flags.document import BadFlags, parse, render
from flags.engine import Engine
from flags.file import FlagFile, Stamp, defaults
from flags.names import CAPABILITIES, Capability, Side
from flags.rule import Rule
from services.contracts.viewer import Viewer
from services.kit.log import Log

LOOK_EVERY_S = 0.2
REMEMBERED = 65_536
"""Viewers whose decisions are kept, by each list of flags: asking Unleash takes some 50 µs."""

log = Log("flags")


class Flags:
    """Decides by the last good list; `home` is the state folder."""

    def __init__(self, home: Path) -> None:
        self._file = FlagFile(home)
        self._seen: Stamp | None = None
        self._loaded = Loaded(render(defaults()))
        self._make_file()
        self.refresh()

    def decide(self, viewer: Viewer) -> Decisions:
        """Asked once a request."""
        return self._loaded.decide(viewer)

    def refresh(self) -> None:
        """Loads the file when it has changed; what cannot be loaded leaves the last good list."""
        stamp = self._file.stamp()
        if stamp == self._seen:
            return
        self._seen = stamp
        try:
            self._loaded = Loaded(self._file.text())
        except (BadFlags, OSError) as bad:
            log.error("flags.refused", why=str(bad), kept="the last good ones")
        else:
            log.info("flags.loaded", file=str(self._file.path))

    async def watch(self) -> None:
        """Looks for changes until it is cancelled."""
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            self.refresh()

    def _make_file(self) -> None:
        try:
            self._file.ensure()
        except OSError as refused:
            log.warning("flags.unwritable", why=str(refused), used="the defaults")


class Loaded:
    """One list of flags, and whom it has decided for already; raises BadFlags."""

    def __init__(self, text: bytes) -> None:
        document = parse(text)
        self._engine = Engine(text.decode())
        self._rules = {one: Rule.of(one, document) for one in CAPABILITIES.values()}
        # What we do not know of Unleash's rules may look at the clock or at chance.
        is_lasting = all(rule.is_lasting for rule in self._rules.values())
        self.decide = lru_cache(REMEMBERED)(self._decide) if is_lasting else self._decide

    def _decide(self, viewer: Viewer) -> Decisions:
        return Decisions({one: self._decision(one, viewer) for one in self._rules})

    def _decision(self, capability: Capability, viewer: Viewer) -> Decision:
        return Decision(self._side(capability, viewer), self._rules[capability].told(viewer.tenant))

    def _side(self, capability: Capability, viewer: Viewer) -> Side:
        certain = self._rules[capability].certain(viewer.tenant)
        if certain is not None:
            return certain
        is_in = self._engine.lets_in(capability.name, viewer)
        return Side.SERVICE if is_in else Side.LEGACY

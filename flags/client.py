"""The flags in force: loaded from the state folder, and again within a moment of each change."""

import asyncio
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from flags.decide import Decision, Decisions
from flags.document import BadFlags, parse, render
from flags.engine import Engine
from flags.file import FlagFile, Stamp, defaults
from flags.hold import Hold
from flags.names import CAPABILITIES, Capability, Side, shadow_of
from flags.rule import Rule
from flags.standing import Standing
from services.contracts.viewer import Viewer
from services.kit.log import Log

LOOK_EVERY_S = 0.2
REMEMBERED = 65_536
"""Viewers whose decisions are kept, by each list of flags: asking Unleash takes some 50 µs."""

NONE_HELD: Mapping[str, Hold] = MappingProxyType({})

log = Log("flags")


class Flags:
    """Decides by the last good list; `home` is the state folder."""

    def __init__(self, home: Path) -> None:
        self._file = FlagFile(home)
        self._seen: Stamp | None = None
        self._is_taken = False
        self.loads = 0
        """How many lists were in force."""
        self._text, self._holds = render(defaults()), NONE_HELD
        self._loaded = Loaded(self._text)
        self._make_file()
        self.refresh()

    def decide(self, viewer: Viewer) -> Decisions:
        """Asked once a request."""
        return self._loaded.decide(viewer)

    def refresh(self) -> None:
        """Loads the file when it has changed; what cannot be loaded leaves the last good list."""
        stamp = self._file.stamp()
        if self._is_taken or stamp == self._seen:
            return
        self._seen = stamp
        try:
            self._load(self._file.text(), self._holds)
        except (BadFlags, OSError) as bad:
            log.error("flags.refused", why=str(bad), kept="the last good ones")
        else:
            log.info("flags.loaded", file=str(self._file.path))

    def take(self, text: bytes, source: str) -> None:
        """From now on this list and no longer the file; raises BadFlags, and has changed nothing.

        `source` is for the log.
        """
        if text != self._text:
            self._load(text, self._holds)
            log.info("flags.loaded", source=source)
        self._is_taken = True

    def hold(self, holds: Mapping[str, Hold]) -> None:
        """From now on these are held back, and no others; by the capability's name."""
        if holds != self._holds:
            self._load(self._text, dict(holds))

    def standing(self) -> list[Standing]:
        """How each capability stands for everybody."""
        return self._loaded.standing()

    async def watch(self) -> None:
        """Looks for changes until it is cancelled."""
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            self.refresh()

    def _load(self, text: bytes, holds: Mapping[str, Hold]) -> None:
        """Raises BadFlags, and has then changed nothing."""
        self._loaded = Loaded(text, holds)
        self._text, self._holds = text, holds
        self.loads += 1

    def _make_file(self) -> None:
        try:
            self._file.ensure()
        except OSError as refused:
            log.warning("flags.unwritable", why=str(refused), used="the defaults")


class Loaded:
    """One list of flags, and whom it has decided for already; raises BadFlags."""

    def __init__(self, text: bytes, holds: Mapping[str, Hold] = NONE_HELD) -> None:
        document = parse(text)
        self._engine = Engine(text.decode())
        self._holds = holds
        self._rules = {one: Rule.of(one, document) for one in CAPABILITIES.values()}
        self._shadows = {one: Rule.of(shadow_of(one), document) for one in self._rules}
        self._compares = {
            one for one, shadow in self._shadows.items() if not shadow.is_of(Side.LEGACY)
        }
        rules = [*self._rules.values(), *self._shadows.values()]
        # What we do not know of Unleash's rules may look at the clock or at chance.
        is_lasting = all(rule.is_lasting for rule in rules)
        self.decide = lru_cache(REMEMBERED)(self._decide) if is_lasting else self._decide
        self._made = lru_cache(REMEMBERED)(self._of)
        """One for all of whom the same is decided: thousands are remembered."""

    def standing(self) -> list[Standing]:
        return [
            Standing.of(one, rule, self._shadows[one], self._holds.get(one.name))
            for one, rule in self._rules.items()
        ]

    def _decide(self, viewer: Viewer) -> Decisions:
        return self._made(tuple(self._decision(one, viewer) for one in self._rules))

    def _of(self, decided: tuple[Decision, ...]) -> Decisions:
        return Decisions(dict(zip(self._rules, decided, strict=True)))

    def _decision(self, capability: Capability, viewer: Viewer) -> Decision:
        rule, hold = self._rules[capability], self._holds.get(capability.name)
        if self._side(capability, rule, viewer) is Side.SERVICE:
            if hold is None or hold.lets_in(viewer):
                return Decision(Side.SERVICE, rule.told(viewer.tenant))
            return Decision(Side.LEGACY, hold.told())
        return Decision(
            Side.LEGACY, rule.told(viewer.tenant), self._is_compared(capability, viewer)
        )

    def _is_compared(self, capability: Capability, viewer: Viewer) -> bool:
        if capability not in self._compares:
            return False
        shadow = self._shadows[capability]
        return self._side(shadow_of(capability), shadow, viewer) is Side.SERVICE

    def _side(self, capability: Capability, rule: Rule, viewer: Viewer) -> Side:
        certain = rule.certain(viewer.tenant)
        if certain is not None:
            return certain
        is_in = self._engine.lets_in(capability.name, viewer)
        return Side.SERVICE if is_in else Side.LEGACY

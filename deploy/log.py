"""The log files of the stack's processes: one each, and the one of the run before beside it."""

from pathlib import Path

TAIL_BYTES = 4_096


class Log:
    """`logs/NAME.log`; begins anew with each run."""

    def __init__(self, home: Path, name: str) -> None:
        self.path = home / "logs" / f"{name}.log"

    def begin(self) -> None:
        if self.path.exists():
            self.path.replace(self.path.with_suffix(".log.1"))
        self.path.touch(mode=0o600)

    def end(self, lines: int = 5) -> str:
        """Its last lines, indented."""
        try:
            text = self.path.read_bytes()[-TAIL_BYTES:].decode(errors="replace")
        except OSError:
            text = ""
        last = [line for line in text.splitlines() if line.strip()][-lines:]
        return "\n".join(f"    {line}" for line in last or ["(it is empty)"])

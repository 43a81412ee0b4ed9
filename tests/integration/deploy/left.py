"""Finds what a system started, and what of it still lives."""

from collections.abc import Iterable
from pathlib import Path

import psutil

from services.storage import public_folder
from tests.stack import Stack


def started_by(stack: Stack) -> list[psutil.Process]:
    """Everything below the supervisor: the guardian, the servers and their own processes."""
    return psutil.Process(stack.process.pid).children(recursive=True)


def named(processes: Iterable[psutil.Process], word: str) -> psutil.Process:
    """The first whose command line holds the word."""
    return next(process for process in processes if word in " ".join(process.cmdline()))


def alive(processes: Iterable[psutil.Process]) -> list[str]:
    """Who still lives; the dead whom nobody has collected yet do not count."""
    return [str(process) for process in processes if _lives(process)]


def belonging_to(home: Path) -> list[str]:
    """The command lines and folders of all processes that work in this state folder."""
    marks = (f"{home}/", f"{public_folder.of_home(home)}/")
    lines = (_command_line(process) for process in psutil.process_iter())
    return [line for line in lines if any(mark in line for mark in marks)]


def _command_line(process: psutil.Process) -> str:
    """With the folder it works in: Valkey takes itself another title once it has started."""
    try:
        return f"{' '.join(process.cmdline())} in {process.cwd()}/"
    except psutil.Error:
        return ""


def _lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False

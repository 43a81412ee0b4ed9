"""Tools that some tests need: their absence skips, or fails where they are required."""

import importlib
import os
from types import ModuleType

import pytest

from services.kit.settings import Settings


def needed(module: str) -> ModuleType:
    """Skips the whole file without the tool, or fails it when BANYAN_REQUIRE names it."""
    try:
        return importlib.import_module(module)
    except ImportError:
        reason = f"{module} is not installed"
        if module in Settings.read(os.environ).require.split(","):
            pytest.fail(reason)
        pytest.skip(reason, allow_module_level=True)

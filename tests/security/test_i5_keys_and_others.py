"""I5: a learner asks for right answers and for what others did, before, during and after."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import asyncpg
import pytest

from legacy.monolith import seed
from legacy.monolith.database import Connection
from schema.contract import core_schema
from services.assessment.client.attempts import ServiceAttempts
from services.assessment.service import SOURCE, Addresses, service
from services.assessment.views import mine
from services.contracts.ids import AttemptId, Kind, TenantId, UserId, decode, encode
from services.contracts.learning import Role
from services.contracts.viewer import Viewer
from services.kit.asking import ServiceClient
from services.kit.caller import Caller
from services.kit.clock import SystemClock
from services.kit.deadline import Deadline
from services.kit.transport import HttpTransport
from services.storage.address import database_of
from services.storage.server import with_database
from tests.faults.registry import n
from tests.figures import Recorder
from tests.integration.monolith.serving import serving
from tests.integration.monolith.waiting import until
from tests.learner import Someone
from tests.security.walk import selection, strings
from tests.sides import turn
from tests.system import NUMBERS, System
from tests.unit.legacy.monolith.questions import question

"""The same sequences of the model and of the running service: no answer and no view may differ."""

import asyncio

import pytest
from hypothesis import Phase

from services.assessment.duties.preparer import Preparer
from services.assessment.duties.regrader import Regrader
from services.assessment.duties.sweeper import Sweeper
from services.assessment.duties.telling import Telling
from services.assessment.model.definition import Definition
from services.events.topics import Topics
from services.kit.clock import SystemClock
from services.kit.transport import HttpTransport
from services.storage.db import Pool
from tests.figures import Recorder, is_full
from tests.integration.assessment.campus import Campus
from tests.integration.assessment.lockstep import Lockstep
from tests.integration.assessment.running_subject import Running
from tests.unit.services.assessment.in_memory import InMemory
from tests.unit.services.assessment.machine import STEPS, ExamMachine, run
from tests.unit.services.assessment.subject import TENANT

FEW, MANY = 20, 200
"""A sequence takes more than a second: each step asks for all that everybody sees."""


@pytest.fixture
async def running(
    pool: Pool,
    worker: Pool,
    topics: Topics,
    serves: str,
    transport: HttpTransport,
    telling: Telling,
    monkeypatch: pytest.MonkeyPatch,
) -> Running:
    """Nothing waits but what the machine says waited: this process takes no time."""
    monkeypatch.setattr(SystemClock, "monotonic_s", lambda clock: 0.0)
    campus = Campus(TENANT, pool, worker, topics, serves, transport)
    duties = [one(worker, telling).visit for one in (Sweeper, Regrader, Preparer)]
    return Running(campus, duties, asyncio.get_running_loop())


@pytest.mark.timeout(900)
async def test_the_service_answers_what_the_model_answers(
    running: Running, figure: Recorder
) -> None:
    sequences = MANY if is_full() else FEW

    def make(definition: Definition) -> Lockstep:
        running.open(definition)
        return Lockstep(InMemory(definition), running)

    machine = type("Both", (ExamMachine,), {"make": staticmethod(make)})
    await asyncio.to_thread(run, machine, sequences, 1, [Phase.generate])

    figure("machine", sequences=sequences, steps=STEPS, differences=0)

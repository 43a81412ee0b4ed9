"""Why the stack did not start, each in words for whoever starts it.

CannotStart
├── BadProcfile      a line of the Procfile is no process
├── AlreadyRuns      another supervisor holds the state folder
├── Unwritable       the state folder cannot be written to
├── PortTaken        somebody listens where we would
├── StepFailed       initdb, the migration or the sample ended badly
└── NeverReady       a process or server does not answer
"""


class CannotStart(Exception):
    """The stack did not start; the text says why and what to do."""


class BadProcfile(CannotStart):
    """A line of the Procfile is no process."""


class AlreadyRuns(CannotStart):
    """Another supervisor holds the state folder."""


class Unwritable(CannotStart):
    """The state folder cannot be written to."""


class PortTaken(CannotStart):
    """Somebody listens where we would."""


class StepFailed(CannotStart):
    """A command that must end well did not."""


class NeverReady(CannotStart):
    """A process or server does not answer."""

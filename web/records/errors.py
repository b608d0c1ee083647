"""What can go wrong with the records.

::

    RecordsError               the record store cannot be used as it is: a person must do something
    ├── RecordsUnavailable     not now: off, locked, full, stopped, damaged; answers go on without it
    └── RecordsInvalid         what was to be kept cannot be: a name taken, a password too short
"""

from __future__ import annotations

from qa.errors import MinshengError

__all__ = ["RecordsError", "RecordsInvalid", "RecordsUnavailable"]


class RecordsError(MinshengError):
    """The record store, a backup of it, or its setting cannot be used."""

    default_code = "records_error"


class RecordsUnavailable(RecordsError):
    """The record store does not answer in time, or at all."""

    default_code = "records_unavailable"


class RecordsInvalid(RecordsError):
    """What was to be kept breaks a rule."""

    default_code = "records_invalid"

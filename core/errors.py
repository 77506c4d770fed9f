"""The tree of errors: what goes wrong in spite of a correct call. Refusals are values instead.

ChevetError
├── BackupError            a backup cannot be made, read or restored
├── ConfigurationError     a setting is missing or impossible
└── MigrationError         the database is not what this version of the code expects
"""


class ChevetError(Exception):
    """Root of every error Chevet raises itself."""


class BackupError(ChevetError):
    """A backup cannot be made, read or restored; the message says why and what to do."""


class ConfigurationError(ChevetError):
    """A setting is missing or impossible; the message says which and what to do."""


class MigrationError(ChevetError):
    """The database does not match the migrations of this version of the code."""

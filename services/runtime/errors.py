"""The one error tree of Fieldfare.

    FieldfareError
    ├── PermanentError            trying again cannot help: dead letter, or tell the person
    │   ├── SettingsProblem       a setting is missing, unknown or unusable
    │   ├── TopicNameProblem      not a word for a topic's name, or not a topic of ours
    │   └── SandboxProblem        the sandbox cannot start (services.sandbox.problem)
    └── TransientError            trying again later can help: back off and repeat

Every error of ours is a `PermanentError` or a `TransientError`: that decides between dead letter
and retry. A message never holds personal data or a setting's value; a command prints one line.
"""


class FieldfareError(Exception):
    """Anything that Fieldfare itself raises; raise one of the two kinds below."""


class PermanentError(FieldfareError):
    """Repeating the same work gives the same error: it leaves its partition or ends the command."""


class TransientError(FieldfareError):
    """The same work may succeed later: PostgreSQL or Kafka is away, a lease was lost."""


class SettingsProblem(PermanentError):
    """`FIELDFARE_` variables cannot be used; the message names them, never their values."""


class TopicNameProblem(PermanentError):
    """A word cannot stand in a topic's name, or a topic's name does not have the form asked for."""

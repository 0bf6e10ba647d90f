"""Why a message was refused, or a part of it not used: a closed set, also used as metric label.

A reason never holds anything of the message, so it may go to logs, replies and dead letters.
"""

from enum import StrEnum


class Reason(StrEnum):
    """The reasons, in the words that a publisher reads."""

    NO_BODY = "the message has no body"
    TOO_LARGE = "larger than 1 MiB"
    NOT_JSON = "not readable as JSON"
    NOT_A_CLOUD_EVENT = "not a CloudEvent"
    TOO_BROKEN = "too much of it cannot be used"
    MISSING = "required, but missing"
    NOT_TEXT = "text of 1 to 256 characters is expected"
    NOT_STORABLE = "holds a character that cannot be stored"
    WRONG_VERSION = "CloudEvents 1.0 is expected"
    WRONG_TIME = "a time with a zone is expected"
    WRONG_PUBLISHER = "does not belong to the publisher of this topic"
    WRONG_FAMILY = "belongs to another family than this topic"
    UNKNOWN_TYPE = "not a type that is read"
    FORBIDDEN_TYPE = "a disclosure-scheme event is never stored or routed"
    UNREADABLE = "not usable, and the event cannot be read without it"
    UNEXPECTED_FIELD = "unknown field"
    NO_PEOPLE = "no readable people"
    TOO_MANY = "more entries than can be read"
    NOT_A_PERSON = "not readable as a person"
    UNKNOWN_ROLE = "not a known role"
    UNUSABLE_REF = "a ref is text of 1 to 100 characters"
    REPEATED_REF = "the same ref stands for two people"
    NOT_OUR_PROBE = "a probe that Fieldfare has not sent"
    DAY_TO_COME = "a day that was still to come cannot have been counted"

    NHS_NUMBER_FAILS = "fails its check; the number was dropped"
    NO_NHS_NUMBER = "says absent beside a number; read as unverified"
    UNKNOWN_FIELD = "unknown field; ignored"
    NOT_USABLE = "not a usable value; read as not known"
    NOT_USABLE_DROPPED = "not usable; this entry was dropped"
    NOT_PLAUSIBLE = "not plausible for the time of the event; read as not known"
    NUMBER_AS_TEXT = "a number where text is expected; read as text"
    ONE_AS_LIST = "one value where a list is expected; read as a list of one"
    GIVEN_TWICE = "given twice"
    WRONG_PATIENT_ROLE = "the patient's role is patient; read as such"
    BABY_NOT_PATIENT = "a baby is not the patient; read as a child who is present"
    DANGLING = "points to nobody in this event; dropped"
    UNHOLDABLE = "a character that cannot be stored; replaced"
    NO_REFERENCE = "missing; updates of this event cannot be recognised"
    NOT_REGISTERED = "missing or not usable; nothing can be registered without it"
    NO_ACTION_ID = "no id of its own; one was made"
    AND_MORE = "and more"

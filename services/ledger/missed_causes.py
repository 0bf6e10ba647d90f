"""Why a notification was missed: a closed set, one cause a row; docs/missed.md defines it."""

from enum import StrEnum


class MissedCause(StrEnum):
    """The causes in order of precedence: where several hold, the first is the cause.

    First what never became known, then what did not reach the service, then what reached it too
    late, then what it has and has not answered.
    """

    SOURCE_SILENT = "source_silent"
    SOURCE_GAP = "source_gap"
    DEAD_LETTER = "dead_letter"
    NO_RULE = "no_rule"
    NOT_OURS = "not_ours"
    PERSON_NOT_IDENTIFIED = "person_not_identified"
    COMMISSIONING_GAP = "commissioning_gap"
    NO_RECIPIENT = "no_recipient"
    REFUSED = "refused"
    NOT_SENT = "not_sent"
    LEARNED_LATER = "learned_later"
    LATE = "late"
    NOT_ACKNOWLEDGED = "not_acknowledged"
    NOT_RECORDED = "not_recorded"
    NOT_DONE = "not_done"


class Awaits(StrEnum):
    """What is still missing of a notification that was missed, whatever the cause."""

    SOURCE = "source"
    RULE = "rule"
    MASH = "mash"
    STANDING_HANDLER = "standing_handler"
    SENDING = "sending"
    LEAD = "lead"
    ACKNOWLEDGEMENT = "acknowledgement"
    RECORDING = "recording"
    ACTION = "action"
    NOTHING = "nothing"


NEXT_STEPS = {
    MissedCause.SOURCE_SILENT: "Ask the source whether it is sending; look at its feed.",
    MissedCause.SOURCE_GAP: "Ask the source to send again what is missing.",
    MissedCause.DEAD_LETTER: "MASH asks the publisher what it said, and acts on that.",
    MissedCause.NO_RULE: "The rule owner decides who is told; MASH tells them meanwhile.",
    MissedCause.NOT_OURS: "MASH finds the team whose it is, and tells them.",
    MissedCause.PERSON_NOT_IDENTIFIED: "MASH finds out what is not known, and tells the team.",
    MissedCause.COMMISSIONING_GAP: "The standing handler sees to it; the gap stays a gap.",
    MissedCause.NO_RECIPIENT: "MASH tells somebody; the directory needs a team.",
    MissedCause.REFUSED: "The lead finds who can act.",
    MissedCause.NOT_SENT: "The operator looks at the relay; MASH tells the team meanwhile.",
    MissedCause.NOT_ACKNOWLEDGED: "The owner reads it, and accepts what is asked.",
    MissedCause.NOT_RECORDED: "The owner files it on the person's record.",
    MissedCause.NOT_DONE: "The owner does what is asked.",
}
_OF_WHAT_IS_AWAITED = {
    Awaits.SENDING: NEXT_STEPS[MissedCause.NOT_SENT],
    Awaits.ACKNOWLEDGEMENT: NEXT_STEPS[MissedCause.NOT_ACKNOWLEDGED],
    Awaits.RECORDING: NEXT_STEPS[MissedCause.NOT_RECORDED],
    Awaits.ACTION: NEXT_STEPS[MissedCause.NOT_DONE],
}
NOTHING_LEFT = "Nothing: it has ended. Why it was late is for review."
NOTHING_ASKED = "Nothing is asked; why it was late is for review."


def next_step(cause: MissedCause, awaits: Awaits, *, has_ended: bool) -> str:
    """What to do next about a missed notification, as a sentence."""
    if has_ended:
        return NOTHING_LEFT
    step = NEXT_STEPS.get(cause) or _OF_WHAT_IS_AWAITED.get(awaits)
    return step or NOTHING_ASKED

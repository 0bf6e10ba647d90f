"""Receipts in any order, against a model that was written from the contract, not from the code."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from routing_rules.answers import Answer, Answerable, Effect, ReceiptVerdict, answer_of
from schemas.values import Ask, DutyState, ReceiptStatus

OURS, OTHER = "RJF", "RJE"
LADDER = ["owed", "sent", "received", "acknowledged", "recorded", "done"]
ASKS = st.sets(st.sampled_from(list(Ask))).map(lambda asks: tuple(a for a in Ask if a in asks))
STATUSES = st.sampled_from(list(ReceiptStatus))


@dataclass
class Model:
    """One episode in plain words: the furthest thing that anybody has truthfully said."""

    asks: tuple[Ask, ...]
    returnable: bool
    said: list[str] = field(default_factory=lambda: ["owed"])
    fate: str = "open"  # open, well, withdrawn, closed
    refused: bool = False
    revision: int = 1

    @property
    def furthest(self) -> int:
        """The highest step of the ladder that was ever truthfully said."""
        return max(LADDER.index(each) for each in self.said)

    def ends_well(self) -> bool:
        """Whether everything that was asked was done by somebody."""
        words = {LADDER[place] for place in range(self.furthest + 1)}
        wanted = {
            Ask.ACKNOWLEDGE: "acknowledged",
            Ask.RECORD: "recorded",
            Ask.ACT: "done",
        }
        return {wanted[ask] for ask in self.asks} <= words and "received" in words

    def hear(self, status: str, revision: int, organisation: str) -> str:
        """What must become of a receipt."""
        if organisation != OURS:
            return "foreign"
        if self.fate in {"withdrawn", "closed"}:
            return "ended"
        if revision != self.revision:
            return "superseded"
        if status == "not_ours" and self.returnable:
            return self._hear_return()
        if status in {"refused", "not_ours"}:
            return self._hear_refusal()
        return self._hear_step(status)

    def _hear_return(self) -> str:
        if "done" in self.said:
            return "ended"
        self.fate = "withdrawn"
        return "applied"

    def _hear_refusal(self) -> str:
        if self.fate == "well":
            return "ended"
        if self.refused:
            return "repeated"
        self.refused = True
        self.said.append("received")
        return "applied"

    def _hear_step(self, status: str) -> str:
        place = LADDER.index(status)
        takes_up_again = self.refused and status != "received" and place == self.furthest
        if place == self.furthest and not takes_up_again:
            return "repeated"
        if place < self.furthest:
            return "ended" if "done" in self.said else "backwards"
        self.said.append(status)
        if status != "received":
            self.refused = False
        if self.ends_well():
            self.fate = "well"
        return "applied"

    def ask_again(self, asks: tuple[Ask, ...]) -> None:
        """An update of an open duty."""
        self.asks, self.said, self.refused = asks, ["owed"], False
        self.revision += 1


class Answering(RuleBasedStateMachine):
    """A recipient who says anything at any time, while the router updates and withdraws."""

    def __init__(self) -> None:
        super().__init__()
        self.model = Model((Ask.ACKNOWLEDGE,), returnable=True)
        self.duty = Answerable(
            OURS,
            DutyState.OWED,
            (Ask.ACKNOWLEDGE,),
            revision=1,
            is_ended=False,
            is_refused=False,
            can_be_returned=True,
        )
        self.counted: dict[str, int] = {}
        self.receipts = 0

    @rule(asks=ASKS, returnable=st.booleans())
    def owe_a_new_episode(self, asks: tuple[Ask, ...], *, returnable: bool) -> None:
        if self.model.fate == "open":
            return
        self.model = Model(asks, returnable)
        self.duty = Answerable(
            OURS,
            DutyState.OWED,
            asks,
            revision=1,
            is_ended=False,
            is_refused=False,
            can_be_returned=returnable,
        )

    @rule()
    def publish(self) -> None:
        """The relay marks it sent: only what is still owed."""
        if self.duty.state is DutyState.OWED:
            self.duty = replace(self.duty, state=DutyState.SENT)
            self.model.said.append("sent")

    @rule(status=STATUSES, organisation=st.sampled_from([OURS, OURS, OURS, OTHER]))
    def answer(self, status: ReceiptStatus, organisation: str) -> None:
        self._hear([(status, self.duty.revision)], organisation)

    @precondition(lambda self: self.duty.revision > 1)
    @rule(status=STATUSES)
    def answer_what_was_told_before(self, status: ReceiptStatus) -> None:
        self._hear([(status, self.duty.revision - 1)], OURS)

    @rule(statuses=st.lists(STATUSES, min_size=2, max_size=4), copies=st.integers(1, 2))
    def answer_out_of_order_and_more_than_once(
        self, statuses: list[ReceiptStatus], copies: int
    ) -> None:
        revision = self.duty.revision
        self._hear([(status, revision) for status in statuses * copies], OURS)

    @rule(asks=ASKS)
    def update(self, asks: tuple[Ask, ...]) -> None:
        if self.model.fate != "open":
            return
        self.model.ask_again(asks)
        self.duty = replace(
            self.duty,
            state=DutyState.OWED,
            asks=asks,
            revision=self.duty.revision + 1,
            is_refused=False,
        )

    @rule(state=st.sampled_from([DutyState.WITHDRAWN, DutyState.CLOSED]))
    def take_back(self, state: DutyState) -> None:
        self.model.fate = state.value
        self.duty = replace(self.duty, state=state, is_ended=True)

    def _hear(self, said: Iterable[tuple[ReceiptStatus, int]], organisation: str) -> None:
        for status, revision in said:
            before = self.duty
            expected = self.model.hear(status.value, revision, organisation)
            answer = answer_of(before, revision, status, organisation=organisation)
            verdict = answer.verdict if isinstance(answer, Answer) else answer
            assert verdict == expected
            self.receipts += 1
            self.counted[verdict] = self.counted.get(verdict, 0) + 1
            if isinstance(answer, Answer):
                assert (answer.effect is Effect.NOTHING) == (verdict != ReceiptVerdict.APPLIED)
                self._keep(before, answer)

    def _keep(self, before: Answerable, answer: Answer) -> None:
        assert not before.is_ended or answer.is_ended, "what has ended never opens again"
        if answer.state is not DutyState.WITHDRAWN:
            known = LADDER if before.state.value in LADDER else [before.state.value]
            assert known.index(answer.state.value) >= known.index(before.state.value)
        self.duty = replace(
            before, state=answer.state, is_ended=answer.is_ended, is_refused=answer.is_refused
        )

    @invariant()
    def every_receipt_has_one_verdict(self) -> None:
        assert sum(self.counted.values()) == self.receipts

    @invariant()
    def the_duty_is_as_the_model_says(self) -> None:
        assert self.duty.is_ended == (self.model.fate != "open")
        assert self.duty.is_refused == self.model.refused or self.model.fate != "open"
        if self.model.fate in {"open", "well"}:
            assert self.duty.state.value == LADDER[self.model.furthest]
        else:
            assert self.duty.state.value == self.model.fate


TestAnswering = Answering.TestCase
TestAnswering.settings = settings(max_examples=150, stateful_step_count=30, deadline=None)

"""Errors about escalations and decisions that a person can cause and correct.

UserError
├── NotSwitchedOnError      a feature that the policy doesn't switch on
├── EscalationInvalidError  an escalation, or what is done to it, can't be so
├── UnknownEscalationError  no escalation of that number
├── NotAllowedError         an act that somebody else may do
│   └── NotAloneError       an act that several people may do together
├── MovedOnError            something happened since what was pressed was shown
└── UnknownDecisionError    no decision of that number
"""

from collections.abc import Sequence

from workflows.errors import FieldsInvalidError, UserError


class NotSwitchedOnError(UserError):
    """A feature that the policy doesn't switch on."""

    def __init__(self, feature: str) -> None:
        super().__init__(
            f"{feature} aren't switched on here. Whoever looks after the policy can add them "
            "under `features`."
        )


class EscalationInvalidError(FieldsInvalidError):
    """An escalation, or what somebody does to it, can't be so; nothing was done."""


class UnknownEscalationError(UserError):
    """There is no escalation of that number."""

    def __init__(self, wanted: str) -> None:
        super().__init__(
            f"I can't find an escalation called “{wanted[:40]}”. "
            "`/ai-escalate list` shows what is open."
        )


class NotAllowedError(UserError):
    """Somebody else may do it; says who."""

    def __init__(self, what: str, names: Sequence[str]) -> None:
        who = f"{', '.join(names[:-1])} or {names[-1]}" if len(names) > 1 else "".join(names)
        can = f"{who} can." if who else "Nobody can just now; the programme manager knows more."
        super().__init__(f"You can't {what}. {can}")


class NotAloneError(NotAllowedError):
    """Several people may do it together; says who."""

    def __init__(self, what: str, names: Sequence[str]) -> None:
        who = f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)
        UserError.__init__(
            self, f"You can't {what} alone. {who} can, by agreeing to the same terms."
        )


class MovedOnError(UserError):
    """Something has happened since what was pressed was shown; nothing was done."""


class UnknownDecisionError(UserError):
    """There is no decision of that number."""

    def __init__(self, wanted: str) -> None:
        super().__init__(
            f"I can't find a decision called “{wanted[:40]}”. `/ai-decide list` shows them all."
        )

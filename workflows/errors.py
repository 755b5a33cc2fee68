"""Errors a person can cause and correct; every other exception is a bug.

UserError
├── PolicyInvalidError      the policy document has faults
├── ImportRefusedError      a file to import has faults
├── NoPolicyError           nobody has set a policy yet
├── NoRoundError            nothing is being collected yet
├── UnknownInitiativeError  no initiative of that key or name
├── NotYoursError           somebody else answers for the initiative
├── GuestError              guests read, and file nothing
├── UnknownPersonError      Slack did not say who somebody is
├── StrangerError           somebody belongs to another workspace
├── LeftError               an account that is deactivated
├── NotLeadError            somebody hands back what they don't lead
├── InitiativeRestingError  a paused or retired initiative owes no update
├── NoInitiativeError       the person answers for none
├── UpdateTooLongError      more than can be said in the time
├── ConfidenceMissingError  an update that doesn't say how the initiative stands
├── UpdateCrossedError      somebody filed while the form was open
├── DateUnreadableError     a date that can't be read, can be several, or has passed
├── FieldsInvalidError      what was filled in can't be so; says it field by field
│   └── EntryInvalidError   a fact of the registry can't be so
├── EntryCrossedError       somebody changed the same fact while the form was open
├── AlreadyEnteredError     the form of a new initiative was submitted before
├── DoneBeforeError         the very same submission has done it
├── FilterUnknownError      a list was asked for by words that mean nothing here
├── MappingInvalidError     what the columns of a file mean has faults
├── FormatUnknownError      a file is to be written in a format that is none
├── NothingToUndoError      no import is left to undo
├── TableUnreadableError    a file is no table, or not one that can be taken
├── NotProgrammeManagerError  inventories are taken in by the programme manager alone
├── FileMovedOnError        a file that somebody sent was decided on already
├── MessageUnknownError     no such message, or somebody else's
├── (escalations/errors.py: what is wrong with an escalation, or with what is done to it)
└── SchemaMovedError        a newer Rollcall has taken the database over
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime


class UserError(Exception):
    """Base of the errors whose message is shown to the person as it stands."""

    field = ""  # the form's field that it is about; it stands beside that one


class FieldsInvalidError(UserError):
    """What was filled in can't be so; nothing was done."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        self.faults = dict(faults)  # a sentence by the field's name
        super().__init__(" ".join(self.faults.values()))


class PolicyInvalidError(UserError):
    """The policy document has faults."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = list(faults)
        super().__init__("\n".join(self.faults))


class ImportRefusedError(UserError):
    """A file to import has faults; nothing of it was taken."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = list(faults)
        super().__init__("\n".join(self.faults))


class NoPolicyError(UserError):
    """Nobody has set a policy yet."""

    def __init__(self) -> None:
        super().__init__("Rollcall has no policy yet. Start it with POLICY_FILE set.")


class NoRoundError(UserError):
    """Nothing is being collected yet."""

    def __init__(self) -> None:
        super().__init__(
            "Nothing to file yet: no round of updates has opened. I'll message you when one does."
        )


class UnknownInitiativeError(UserError):
    """No initiative has that key or name."""

    def __init__(self, wanted: str, closest: Sequence[str]) -> None:
        wanted = wanted if len(wanted) <= 100 else wanted[:99] + "…"
        self.wanted, self.closest = wanted, list(closest)
        hint = f" Did you mean {' or '.join(closest)}?" if closest else ""
        super().__init__(f"I can't find an initiative called “{wanted}”.{hint}")


class NotYoursError(UserError):
    """Somebody else answers for the initiative."""

    def __init__(self, key: str, answerable_ids: Sequence[str], words: str = "") -> None:
        self.key, self.answerable_ids = key, list(answerable_ids)
        super().__init__(words or f"Only the lead and deputies of {key} can file its update.")


class GuestError(UserError):
    """Guests read, and file nothing."""

    def __init__(self) -> None:
        super().__init__(
            "You're a guest here: you can read everything, and members file and change things."
        )


class UnknownPersonError(UserError):
    """Slack did not say who somebody is: nobody is taken for a member unseen."""

    def __init__(self) -> None:
        super().__init__(
            "I couldn't look you up in Slack just now, so nothing was done. "
            "Please try again in a minute."
        )


class StrangerError(UserError):
    """Somebody belongs to another workspace."""

    def __init__(self) -> None:
        super().__init__("I only work for the members of the workspace I am installed in.")


class LeftError(UserError):
    """An account that is deactivated."""

    def __init__(self) -> None:
        super().__init__("Your account here is deactivated, so nothing was done.")


class NotLeadError(UserError):
    """Somebody hands back what they don't lead, or no more."""

    def __init__(self, key: str) -> None:
        super().__init__(f"{key} isn't yours (any more), so there is nothing to hand back.")


class InitiativeRestingError(UserError):
    """A paused or retired initiative owes no update."""

    def __init__(self, key: str, stage: str) -> None:
        super().__init__(f"{key} is {stage}: it needs no updates.")


class NoInitiativeError(UserError):
    """The person answers for no initiative."""

    def __init__(self) -> None:
        super().__init__("You have no updates to file.")


class ProgressMissingError(UserError):
    """The update says nothing of the progress."""

    def __init__(self) -> None:
        super().__init__("Please write a word or two here.")


class UpdateTooLongError(UserError):
    """The update takes longer to say than the policy allows."""

    def __init__(self, seconds: int, minutes: int, words_over: int, field: str = "") -> None:
        self.words_over, self.field = words_over, field
        spoken = f"{seconds // 60} min {seconds % 60:02d} s"
        super().__init__(
            f"Your update takes about {spoken} to say; the limit is {minutes} minutes. "
            f"Please cut {words_over} {'word' if words_over == 1 else 'words'}, for example here."
        )


class ConfidenceMissingError(UserError):
    """An update says nothing of how the initiative stands."""

    field = "confidence"

    def __init__(self) -> None:
        super().__init__("Please pick a status.")


class UpdateCrossedError(UserError):
    """Somebody filed an update while this form was open."""

    def __init__(self, author_id: str, version: int, filed_at: datetime) -> None:
        self.author_id, self.version, self.filed_at = author_id, version, filed_at
        super().__init__("An update was filed while this form was open.")


class DateUnreadableError(UserError):
    """A date can't be read, can be several, or has passed."""

    def __init__(self, sentence: str, days: Sequence[date] = ()) -> None:
        self.days = tuple(days)  # that can be offered instead
        super().__init__(sentence)


class EntryInvalidError(FieldsInvalidError):
    """Facts of a registry entry can't be so; nothing was saved."""


class EntryCrossedError(UserError):
    """Somebody changed the same facts of an entry while the form was open."""

    def __init__(self, author_id: str, names: Sequence[str]) -> None:
        self.author_id, self.names = author_id, list(names)
        super().__init__("Somebody changed the same lines while this form was open.")


class AlreadyEnteredError(UserError):
    """The form of a new initiative was submitted before."""

    def __init__(self) -> None:
        super().__init__("You've already added this one: see `/ai-project list mine`.")


class DoneBeforeError(UserError):
    """The very same submission came before, and has done what it asks for."""

    def __init__(self) -> None:
        super().__init__("This is saved already, and was saved once.")


class FilterUnknownError(UserError):
    """A list was asked for by words that are no stage and no department."""

    def __init__(self, words: str, closest: Sequence[str]) -> None:
        hint = f" Did you mean {' or '.join(closest)}?" if closest else ""
        super().__init__(
            f"There's no stage or department called “{words[:100]}”.{hint} Try a stage, "
            f"a department or `mine`, or search with `/ai-project find {words[:40]}`."
        )


class MappingInvalidError(UserError):
    """What the columns of a file mean has faults; nothing was imported."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = list(faults)
        super().__init__("\n".join(self.faults))


class FormatUnknownError(UserError):
    """A file is to be written in a format that is none."""

    def __init__(self, suffix: str, known: Sequence[str]) -> None:
        super().__init__(f"I can't write “{suffix}” files. Choose one of {', '.join(known)}.")


class NothingToUndoError(UserError):
    """There is no import that could be undone."""

    def __init__(self) -> None:
        super().__init__("There is no import to undo.")


class TableUnreadableError(UserError):
    """A file is no table, or not one that can be taken."""


class NotProgrammeManagerError(UserError):
    """Only the programme manager takes inventories in."""

    def __init__(self, manager_name: str) -> None:
        who = f"{manager_name}, the programme manager," if manager_name else "the programme manager"
        super().__init__(f"Only {who} can import an inventory. Please send it to them.")


class FileMovedOnError(UserError):
    """A file that somebody sent was decided on already."""

    def __init__(self, state: str) -> None:
        words = _STATE_WORDS.get(state, "it was decided already")
        super().__init__(f"Nothing changed: {words}.")


_STATE_WORDS = {
    "arrived": "I'm still reading this file",
    "checked": "I still need to know what its columns mean",
    "accepted": "I'm storing this file right now",
    "stored": "this file is stored already",
    "withdrawn": "I'm undoing it right now",
    "undone": "this file was stored and undone; send it again to store it",
    "declined": "this file was not imported; send it again to store it",
    "refused": "this file can't be imported; fix it and send it again",
}


class MessageUnknownError(UserError):
    """There is no such message, or it is somebody else's."""

    def __init__(self) -> None:
        super().__init__("I can't tell you more about this message.")


class SchemaMovedError(UserError):
    """The database was migrated by a newer Rollcall while this one ran."""

    def __init__(self) -> None:
        super().__init__(
            "I'm being updated right now. Nothing was lost; please try again in a minute."
        )

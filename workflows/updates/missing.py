"""Who is missing in a round: all are counted, and only those that are shown are read."""

from collections.abc import Sequence
from dataclasses import dataclass

from storage import missing
from storage.models import Round
from workflows import policies
from workflows.errors import NoRoundError
from workflows.rounds.current import current_round
from workflows.rounds.policy import asked_as_usual_before
from workflows.services import Services
from workflows.stages import AT_WORK
from workflows.updates.reading import Standing, standing_in


@dataclass(frozen=True)
class Missing:
    """How far a round is filed, and the first of those who are missing."""

    round: Round
    total: int  # initiatives that owe an update in it, or filed one
    count: int  # of them, those that filed none
    first: Sequence[Standing]  # of these, in the order of their keys

    @property
    def filed(self) -> int:
        """Return how many are filed."""
        return self.total - self.count


def missing_in_round(services: Services, workspace_id: str, most: int) -> Missing:
    """Return how far the present round is filed, and at most so many of those who are missing.

    Raises:
        NoRoundError: none has ever opened.
    """
    now = services.now()
    with services.reading() as reader:
        round_ = current_round(reader, workspace_id, now)
        if round_ is None:
            raise NoRoundError
        document = policies.of_version(reader, workspace_id, round_.policy_version).document
        since = asked_as_usual_before(document, round_)
        wanted = (reader, workspace_id, round_.call_on, AT_WORK, since)
        new = standing_in(reader, now, round_, missing.new(*wanted), {}).missing
        settled = missing.count(*wanted)
        rows = missing.first(*wanted, most) if settled and most else []
        first = standing_in(reader, now, round_, rows, {}).missing
        filed = missing.count_filed(reader, workspace_id, round_.call_on)
    shown = sorted([*first, *new], key=lambda standing: standing.initiative.key)[:most]
    count = settled + len(new)
    return Missing(round_, count + filed, count, shown)

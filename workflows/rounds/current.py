"""The round that the present belongs to."""

from datetime import datetime

from storage import rounds
from storage.models import Round
from storage.reading import Reader


def current_round(reader: Reader, workspace_id: str, now: datetime) -> Round | None:
    """Return the round that an update filed now counts for, if one has ever opened.

    That is the one whose call comes next; between a call and the opening of the next round
    it is the one just past, whose updates are late.
    """
    coming = rounds.first_called_after(reader, workspace_id, now)
    return coming or rounds.last_called_by(reader, workspace_id, now)

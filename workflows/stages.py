"""What an initiative's stage means for what is owed."""

from storage.models import Stage

# Those that owe weekly updates, share what they depend on, and have an entry that can grow stale.
AT_WORK = (Stage.PROPOSED, Stage.APPROVED, Stage.PILOT, Stage.PRODUCTION)


def owes_updates(stage: Stage, lead_id: str | None) -> bool:
    """Return whether an initiative owes weekly updates: somebody leads it, and it is at work."""
    return lead_id is not None and stage in AT_WORK

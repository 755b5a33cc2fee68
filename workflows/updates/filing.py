"""Filing an update: the form is opened, what is typed is kept, the update is recorded."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlmodel import Session

from storage import drafts, initiatives, locks, promises, rounds, updates
from storage.models import Confidence, Fact, Initiative, Round, Update
from storage.reading import Reader
from workflows import audit, policies
from workflows.errors import (
    InitiativeRestingError,
    NoRoundError,
    NotYoursError,
    UnknownInitiativeError,
    UpdateCrossedError,
    UserError,
)
from workflows.escalations.from_updates import (
    is_news,
    open_blocker,
    open_off_track,
    question_about,
)
from workflows.membership import answerable_ids, refusal_of, whom_to_ask
from workflows.once import acting
from workflows.outbox.changes import refresh_asks, show_home
from workflows.policy_document import UpdateRules
from workflows.rounds.kinds import Reason
from workflows.services import Actor, Services
from workflows.stages import AT_WORK
from workflows.updates.policy import Answers, check_answers, says_the_same


@dataclass(frozen=True)
class Filing:
    """A form as it was submitted."""

    key: str
    call_on: date
    base_version: int
    answers: Answers
    ask_topic: str | None = None  # of whom a new blocker asks; "": of nobody; None: not said


@dataclass(frozen=True)
class Filed:
    """An update as it was recorded."""

    update: Update
    initiative: Initiative
    round: Round
    rules: UpdateRules
    is_new: bool  # False: the very same was filed already
    escalation: int | None = None  # the number of the one that was opened with it
    is_asked: bool = True  # False: it has a new blocker, and nobody was asked about it


def rules_of_round(services: Services, workspace_id: str, call_on: date) -> UpdateRules:
    """Return how long an update of a round may be."""
    with services.reading() as reader:
        return rules_of(reader, round_of_call(reader, workspace_id, call_on))


def file_update(services: Services, actor: Actor, filing: Filing) -> Filed:
    """Record an update as the next version; the same content twice is one version.

    Raises:
        ProgressMissingError: it says nothing.
        UpdateTooLongError: it takes longer to say than the policy allows.
        UpdateCrossedError: another version was filed since the form was opened.
        NotYoursError, GuestError: they may not file; kept in the audit log.
    """
    now = services.now()
    with acting(services, actor) as session:
        locks.hold_filing(session, actor.workspace_id, filing.key)
        initiative = initiatives.get(session, actor.workspace_id, filing.key)
        if initiative is None:
            raise UnknownInitiativeError(filing.key, [])
        refusal = refusal_to_file(session, actor, initiative)
        if refusal is None:
            return _record(session, now, actor, filing, initiative)
        audit.record(session, now, actor, "file_update", filing.key, type(refusal).__name__)
    raise refusal


def _record(
    session: Session, now: datetime, actor: Actor, filing: Filing, initiative: Initiative
) -> Filed:
    round_ = round_of_call(session, actor.workspace_id, filing.call_on)
    rules = rules_of(session, round_)
    check_answers(rules, filing.answers)
    before = updates.in_round(session, actor.workspace_id, filing.key, filing.call_on)
    if before is not None and says_the_same(before, filing.answers):
        drafts.discard(session, actor.workspace_id, actor.user_id, filing.key)
        return Filed(before, initiative, round_, rules, is_new=False)
    if before is not None and before.version != filing.base_version:
        raise UpdateCrossedError(before.author_id, before.version, before.filed_at)
    update = Update(
        workspace_id=actor.workspace_id,
        initiative_key=filing.key,
        call_on=filing.call_on,
        version=before.version + 1 if before else 1,
        author_id=actor.user_id,
        filed_at=now,
        late=before.late if before else now >= round_.closes_at,  # an edit is no later
        confidence=filing.answers.confidence,
        **filing.answers.texts,
    )
    updates.add(session, update)
    drafts.discard(session, actor.workspace_id, actor.user_id, filing.key)
    promises.cancel_asks(session, actor.workspace_id, filing.call_on, now, Reason.FILED, filing.key)
    refresh_asks(session, actor.workspace_id, filing.call_on, filing.key, now)
    change = f"{filing.key}:{filing.call_on}:v{update.version}"
    show_home(session, actor.workspace_id, actor.user_id, change, now)
    facts: dict[str, Fact] = {"on": f"{filing.call_on}", "late": update.late}
    facts |= {"version": update.version, "confidence": update.confidence.value}
    about, in_force = f"{filing.key} v{update.version}", round_.policy_version
    audit.record(session, now, actor, "file_update", about, facts=facts, policy_version=in_force)
    filed = Filed(update, initiative, round_, rules, is_new=True)
    return _with_blocker(session, actor, filing, filed, now)


def _with_blocker(
    session: Session, actor: Actor, filing: Filing, filed: Filed, now: datetime
) -> Filed:
    """Open what a new blocker asks for, or a risk, and tell what came of it."""
    text, before = filing.answers.blockers, _before(session, filed)
    is_off_track = filing.answers.confidence is Confidence.OFF_TRACK
    if is_off_track and (before is None or before.confidence is not Confidence.OFF_TRACK):
        open_off_track(session, actor, filing.key, now)
    if filing.ask_topic is None:
        asked = question_about(session, actor, (filing.key, text), before, now)
        return replace(filed, is_asked=asked is None)
    if not filing.ask_topic or not is_news(text, before.blockers if before else ""):
        return filed
    opened = open_blocker(session, actor, filing.key, text, filing.ask_topic, now)
    return replace(filed, escalation=opened.number)


def _before(reader: Reader, filed: Filed) -> Update | None:
    """Return the version before the one that was filed just now."""
    update = filed.update
    known = updates.history(reader, update.workspace_id, update.initiative_key, limit=2)
    return next(
        (one for one in known if one.version != update.version or one.call_on != update.call_on),
        None,
    )


def refusal_to_file(reader: Reader, actor: Actor, initiative: Initiative) -> UserError | None:
    """Return why somebody may not file for an initiative, or None if they may."""
    if refusal := refusal_of(reader, actor):
        return refusal
    if actor.user_id != initiative.lead_id:  # whose deputies need not be looked for
        answerable = answerable_ids(reader, initiative)
        if actor.user_id not in answerable:
            return NotYoursError(initiative.key, whom_to_ask(reader, initiative, answerable))
    if initiative.stage not in AT_WORK:
        return InitiativeRestingError(initiative.key, initiative.stage)
    return None


def round_of_call(reader: Reader, workspace_id: str, call_on: date) -> Round:
    """Return a round.

    Raises:
        NoRoundError: there is none.
    """
    round_ = rounds.get(reader, workspace_id, call_on)
    if round_ is None:
        raise NoRoundError
    return round_


def rules_of(reader: Reader, round_: Round) -> UpdateRules:
    """Return how long an update of a round may be."""
    policy = policies.of_version(reader, round_.workspace_id, round_.policy_version)
    return policy.document.update

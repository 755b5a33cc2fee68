"""Filing an update: the form is opened, what is typed is kept, the update is recorded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from storage import drafts, initiatives, locks, promises, rounds, updates
from storage.models import Confidence, Draft, Fact, Initiative, Round, Update
from storage.reading import Reader
from workflows import audit, policies
from workflows.errors import (
    InitiativeRestingError,
    NoInitiativeError,
    NoRoundError,
    NotYoursError,
    UnknownInitiativeError,
    UpdateCrossedError,
    UserError,
)
from workflows.membership import answerable_ids, refusal_of, require_member, whom_to_ask
from workflows.once import acting
from workflows.outbox.changes import refresh_asks, show_home
from workflows.policy_document import UpdateRules
from workflows.registry.names import find_initiative
from workflows.registry.rights import keeping_refusal
from workflows.rounds.current import current_round
from workflows.rounds.kinds import Reason
from workflows.services import Actor, Services
from workflows.stages import AT_WORK
from workflows.updates.policy import TEXT_FIELDS, Answers, check_answers, says_the_same

_SEEN = "base_version"  # kept with a draft's answers: the version that its form began with


@dataclass(frozen=True)
class OpenForm:
    """All that the update form shows when it opens."""

    initiative: Initiative
    round: Round
    rules: UpdateRules
    base_version: int  # the version it starts from; 0 where none was filed in this round
    texts: dict[str, str]  # by field; prefilled
    confidence: Confidence | None
    prefilled_from: date | None  # the call whose update it is prefilled with
    is_draft: bool = False  # prefilled with what the person typed and didn't submit


@dataclass(frozen=True)
class DraftOf:
    """Which form a draft is of."""

    key: str
    call_on: date
    base_version: int


@dataclass(frozen=True)
class Filing:
    """A form as it was submitted."""

    key: str
    call_on: date
    base_version: int
    answers: Answers


@dataclass(frozen=True)
class Filed:
    """An update as it was recorded."""

    update: Update
    initiative: Initiative
    round: Round
    rules: UpdateRules
    is_new: bool  # False: the very same was filed already


def my_initiatives(services: Services, actor: Actor) -> Sequence[Initiative]:
    """Return what somebody leads or, where they lead nothing, what they are a deputy of.

    A lead who is a deputy elsewhere is not asked each time which of them is meant.

    Raises:
        NoInitiativeError: they answer for nothing that owes updates.
        GuestError: they are a guest; kept in the audit log.
    """
    trying = keeping_refusal(services, actor, "open_form", "mine")
    with trying, services.reading() as reader:
        require_member(reader, actor)
        mine = [
            initiative
            for initiative in initiatives.of_person(reader, actor.workspace_id, actor.user_id)
            if initiative.stage in AT_WORK
        ]
        if not mine:
            raise NoInitiativeError
        return [initiative for initiative in mine if initiative.lead_id == actor.user_id] or mine


def open_form(services: Services, actor: Actor, wanted: str) -> OpenForm:
    """Return the form of the initiative that somebody named, prefilled for the present round.

    Raises:
        UnknownInitiativeError: nothing is called so.
        NotYoursError, GuestError: they may not file; kept in the audit log.
        InitiativeRestingError: it owes no updates.
        NoRoundError: no round has ever opened.
    """
    now = services.now()
    with services.reading() as reader:
        initiative = _find(reader, actor.workspace_id, wanted)
        refusal = _refusal(reader, actor, initiative)
        if refusal is None:
            round_ = current_round(reader, actor.workspace_id, now)
            if round_ is None:
                raise NoRoundError
            return _prefilled(reader, actor, initiative, round_)
    with services.transaction() as session:
        audit.record(session, now, actor, "open_form", initiative.key, type(refusal).__name__)
    raise refusal


def keep_draft(
    services: Services, actor: Actor, filing_of: DraftOf, answers: dict[str, str]
) -> bool:
    """Keep what somebody is typing, should the form be closed or lost; return whether it is news.

    A keystroke that arrives after the form was filed revives nothing, and one in a form of an
    earlier round takes nothing away from a later one's draft.
    """
    key, call_on = filing_of.key, filing_of.call_on
    with services.transaction() as session:
        filed = updates.in_round(session, actor.workspace_id, key, call_on)
        if filed and filed.version > filing_of.base_version and filed.author_id == actor.user_id:
            return False
        kept = answers | {_SEEN: str(filing_of.base_version)}
        before = drafts.get(session, actor.workspace_id, actor.user_id, key)
        if before is not None and before.call_on > call_on:
            return False
        if before is not None and (before.call_on, before.answers) == (call_on, kept):
            return False
        drafts.save(
            session,
            Draft(
                workspace_id=actor.workspace_id,
                user_id=actor.user_id,
                initiative_key=key,
                call_on=call_on,
                answers=kept,
                saved_at=services.now(),
            ),
        )
    return True


def rules_of_round(services: Services, workspace_id: str, call_on: date) -> UpdateRules:
    """Return how long an update of a round may be."""
    with services.reading() as reader:
        return _rules(reader, _round(reader, workspace_id, call_on))


def reopen_form(services: Services, actor: Actor, filing: Filing) -> OpenForm:
    """Return the form as somebody had it filled in, based on the version filed meanwhile."""
    with services.reading() as reader:
        initiative = initiatives.get(reader, actor.workspace_id, filing.key)
        if initiative is None:
            raise UnknownInitiativeError(filing.key, [])
        round_ = _round(reader, actor.workspace_id, filing.call_on)
        filed = updates.in_round(reader, actor.workspace_id, filing.key, filing.call_on)
        return OpenForm(
            initiative,
            round_,
            _rules(reader, round_),
            filed.version if filed else 0,
            filing.answers.texts,
            filing.answers.confidence,
            prefilled_from=None,
        )


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
        refusal = _refusal(session, actor, initiative)
        if refusal is None:
            return _record(session, now, actor, filing, initiative)
        audit.record(session, now, actor, "file_update", filing.key, type(refusal).__name__)
    raise refusal


def _record(
    session: Session, now: datetime, actor: Actor, filing: Filing, initiative: Initiative
) -> Filed:
    round_ = _round(session, actor.workspace_id, filing.call_on)
    rules = _rules(session, round_)
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
    return Filed(update, initiative, round_, rules, is_new=True)


def _find(reader: Reader, workspace_id: str, wanted: str) -> Initiative:
    """Return the initiative that is meant; one named by its key needs no look at the others."""
    by_key = initiatives.get(reader, workspace_id, wanted)
    return by_key or find_initiative(initiatives.every(reader, workspace_id), wanted)


def _prefilled(reader: Reader, actor: Actor, initiative: Initiative, round_: Round) -> OpenForm:
    """Fill the form with the person's draft, else this round's update, else the last one."""
    workspace_id, key = actor.workspace_id, initiative.key
    rules = _rules(reader, round_)
    last = updates.latest(reader, workspace_id, key)
    if last is not None and last.call_on > round_.call_on:  # nobody files ahead; a clock may
        last = updates.in_round(reader, workspace_id, key, round_.call_on) or last
    filed = last if last is not None and last.call_on == round_.call_on else None
    version = filed.version if filed else 0
    draft = drafts.get(reader, workspace_id, actor.user_id, key)
    if draft is not None and draft.call_on == round_.call_on:
        typed = dict(draft.answers)
        picked = typed.pop("confidence", "")
        confidence = Confidence(picked) if picked else None
        # Based on what its writer had seen: what another filed since is not overwritten unread.
        seen = int(typed.pop(_SEEN, "0"))
        return OpenForm(initiative, round_, rules, seen, typed, confidence, None, is_draft=True)
    if last is None:
        return OpenForm(initiative, round_, rules, version, {}, None, None)
    texts = {field: getattr(last, field) for field in TEXT_FIELDS}
    return OpenForm(initiative, round_, rules, version, texts, last.confidence, last.call_on)


def _refusal(reader: Reader, actor: Actor, initiative: Initiative) -> UserError | None:
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


def _round(reader: Reader, workspace_id: str, call_on: date) -> Round:
    round_ = rounds.get(reader, workspace_id, call_on)
    if round_ is None:
        raise NoRoundError
    return round_


def _rules(reader: Reader, round_: Round) -> UpdateRules:
    policy = policies.of_version(reader, round_.workspace_id, round_.policy_version)
    return policy.document.update

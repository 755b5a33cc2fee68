"""The form of an update: opened, prefilled, kept while it is typed, opened again."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from storage import drafts, initiatives, updates
from storage.models import Confidence, Draft, Initiative, Round
from storage.reading import Reader
from workflows import audit
from workflows.errors import NoInitiativeError, NoRoundError, UnknownInitiativeError
from workflows.escalations.from_updates import Question, last_said, question_about
from workflows.membership import require_member
from workflows.policy_document import UpdateRules
from workflows.registry.names import find_initiative
from workflows.registry.rights import keeping_refusal
from workflows.rounds.current import current_round
from workflows.services import Actor, Services
from workflows.stages import AT_WORK
from workflows.updates.filing import Filing, refusal_to_file, round_of_call, rules_of
from workflows.updates.policy import TEXT_FIELDS

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
    question: Question | None = None  # whom to ask about a new blocker


@dataclass(frozen=True)
class DraftOf:
    """Which form a draft is of."""

    key: str
    call_on: date
    base_version: int


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
        refusal = refusal_to_file(reader, actor, initiative)
        if refusal is None:
            round_ = current_round(reader, actor.workspace_id, now)
            if round_ is None:
                raise NoRoundError
            form = _prefilled(reader, actor, initiative, round_)
            return replace(form, question=_question(reader, actor, form, now))
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


def question_now(services: Services, actor: Actor, key: str, blockers: str) -> Question | None:
    """Return whom to ask about a blocker as it is typed; None if it is no news."""
    with services.reading() as reader:
        before = last_said(reader, actor.workspace_id, key)
        return question_about(reader, actor, (key, blockers), before, services.now())


def reopen_form(services: Services, actor: Actor, filing: Filing) -> OpenForm:
    """Return the form as somebody had it filled in, based on the version filed meanwhile."""
    with services.reading() as reader:
        initiative = initiatives.get(reader, actor.workspace_id, filing.key)
        if initiative is None:
            raise UnknownInitiativeError(filing.key, [])
        round_ = round_of_call(reader, actor.workspace_id, filing.call_on)
        filed = updates.in_round(reader, actor.workspace_id, filing.key, filing.call_on)
        return OpenForm(
            initiative,
            round_,
            rules_of(reader, round_),
            filed.version if filed else 0,
            filing.answers.texts,
            filing.answers.confidence,
            prefilled_from=None,
        )


def _question(reader: Reader, actor: Actor, form: OpenForm, now: datetime) -> Question | None:
    """Return whom to ask about the blocker that a form opens with: of a draft, it can be new."""
    key = form.initiative.key
    blockers = form.texts.get("blockers", "")
    before = last_said(reader, actor.workspace_id, key)
    return question_about(reader, actor, (key, blockers), before, now) if blockers else None


def _find(reader: Reader, workspace_id: str, wanted: str) -> Initiative:
    """Return the initiative that is meant; one named by its key needs no look at the others."""
    by_key = initiatives.get(reader, workspace_id, wanted)
    return by_key or find_initiative(initiatives.every(reader, workspace_id), wanted)


def _prefilled(reader: Reader, actor: Actor, initiative: Initiative, round_: Round) -> OpenForm:
    """Fill the form with the person's draft, else this round's update, else the last one."""
    workspace_id, key = actor.workspace_id, initiative.key
    rules = rules_of(reader, round_)
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

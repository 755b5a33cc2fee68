"""Features declare what they owe, send and say; what does not fit together starts nothing."""

from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from bot.app import build_app
from bot.receiving.inbox import InboxApp
from handlers.features import FEATURES
from handlers.registry.about_one import ABOUT_ONE
from handlers.telling import Feature
from handlers.tellings import check as check_tellings
from handlers.which import FORM
from handlers.why import why_view
from storage.models import Promise, SubjectKind
from tests.factories import CALL_ON, MONDAY_9AM, TEAM
from tests.fakes import FakeClock, FakeSlack, only
from workflows.features import FEATURES as OWED
from workflows.kinds import DeclarationError, check, duties, duty_of, outgoing, outgoing_of
from workflows.outbox.posting import Post, Recipient, post
from workflows.owing import Attention, Outgoing, Owed
from workflows.services import Services
from workflows.subjects import of_round
from workflows.sweep import sweep

ROOT = Path(__file__).parents[2]
HI = Outgoing("hi")


def an_app(services: Services, slack: FakeSlack) -> InboxApp:
    known = AuthorizeResult(enterprise_id=None, team_id=TEAM, bot_id="B1", bot_user_id="U_BOT")
    return InboxApp(
        client=cast(WebClient, slack),
        authorize=lambda: known,
        request_verification_enabled=False,
        process_before_response=True,
    )


def test_each_kind_is_declared_once_and_known_by_its_name() -> None:
    sent = [kind for owed in OWED for kind in owed.outgoing]
    due = [duty for owed in OWED for duty in owed.duties]

    assert [outgoing_of(kind.name) for kind in sent] == sent == list(outgoing().values())
    assert [duty_of(duty.name) for duty in due] == due == list(duties().values())


@pytest.mark.parametrize("look_up", [duty_of, outgoing_of])
def test_a_kind_that_nobody_declares_is_refused(look_up: object) -> None:
    assert callable(look_up)
    with pytest.raises(DeclarationError, match="declares"):
        look_up("nudge")


@pytest.mark.parametrize(
    ("declared", "fault"),
    [
        ((Owed("a", outgoing=(HI, HI)),), "declared twice: hi"),
        ((Owed("a", outgoing=(HI,)), Owed("b", outgoing=(HI,))), "declared twice: hi"),
        ((Owed("a"), Owed("a")), "declared twice: a"),
        ((Owed("a", outgoing=(replace(HI, clause="round.promt_time"),)),), "round.promt_time"),
    ],
)
def test_what_is_declared_wrongly_is_named(declared: tuple[Owed, ...], fault: str) -> None:
    with pytest.raises(DeclarationError, match=fault):
        check(declared)


def test_a_message_without_words_starts_nothing(services: Services, slack: FakeSlack) -> None:
    owed = (*OWED, Owed("politeness", outgoing=(HI,)))

    with pytest.raises(DeclarationError, match="without words: hi of politeness"):
        build_app(an_app(services, slack), services, only(slack), FEATURES, owed)


@pytest.mark.parametrize(
    ("added", "fault"),
    [
        (Feature("twin", forms=(FORM,)), f"form declared twice: {FORM.callback_id}"),
        (Feature("twin", about_one=ABOUT_ONE[:1]), "subcommand declared twice: /ai-project edit"),
    ],
)
def test_a_form_or_a_subcommand_has_one_room(added: Feature, fault: str) -> None:
    with pytest.raises(DeclarationError, match=fault):
        check_tellings((*FEATURES, added), OWED)


@pytest.mark.parametrize("feature", FEATURES, ids=lambda feature: feature.name)
def test_a_feature_that_is_taken_off_the_lists_takes_all_of_itself_along(
    feature: Feature, services: Services, slack: FakeSlack
) -> None:
    others = [one for one in FEATURES if one is not feature]
    owed = [one for one in OWED if one.feature != feature.name]
    app = build_app(an_app(services, slack), services, only(slack), others, owed)
    whole = build_app(an_app(services, slack), services, only(slack))

    check_tellings(others, owed)
    assert len(whole._listeners) - len(app._listeners) >= len(feature.listeners)


def test_each_room_has_one_name_on_each_floor() -> None:
    told = {feature.name for feature in FEATURES if feature.tellings}

    assert told <= {owed.feature for owed in OWED}
    assert [one.feature for one in OWED if not (ROOT / "workflows" / one.feature).is_dir()] == []
    assert [name for name in sorted(told) if not (ROOT / "handlers" / name).is_dir()] == []


def test_a_promise_that_no_feature_keeps_is_not_settled_in_silence(
    services: Services,
) -> None:
    with services.transaction() as session:
        session.add(
            Promise(
                workspace_id=TEAM,
                key="nudge:1",
                kind="nudge",
                subject_kind=SubjectKind.ROUND,
                subject_key=f"{CALL_ON}",
                period_on=CALL_ON,
                due_at=MONDAY_9AM,
                owed_at=MONDAY_9AM,
                clause="round.prompt_time",
                policy_version=1,
            )
        )

    with pytest.raises(DeclarationError, match="nudge"):
        sweep(services)


def test_what_is_for_the_digest_alone_is_no_message(services: Services, clock: FakeClock) -> None:
    prompt = outgoing_of("prompt")
    about = of_round(CALL_ON)
    quiet = replace(prompt, attention=Attention.DIGEST_ONLY)

    with services.transaction() as session:
        is_new = post(session, TEAM, Recipient("U1"), Post(prompt, "a", about), clock.instant)
        is_new_again = post(session, TEAM, Recipient("U1"), Post(prompt, "a", about), clock.instant)
        with pytest.raises(DeclarationError, match="digest alone"):
            post(session, TEAM, Recipient("U1"), Post(quiet, "b", about), clock.instant)
        with pytest.raises(DeclarationError, match="no clause"):
            wrong = Post(prompt, "c", about, clause="round.whatever")
            post(session, TEAM, Recipient("U1"), wrong, clock.instant)

    assert (is_new, is_new_again) == (True, False)


def test_the_window_of_reasons_names_no_kind() -> None:
    source = Path(str(why_view.__file__)).read_text(encoding="utf-8")

    assert [name for name in outgoing() if f'"{name}"' in source] == []

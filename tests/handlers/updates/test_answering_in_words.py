"""Somebody answers the prompt by writing to the bot: their words are kept as a draft to file."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from sqlmodel import select

from sandbox.limits import check_blocks
from storage.models import Confidence, Draft, InboxItem, Notification, Update
from tests.factories import (
    CALL_AT,
    CALL_ON,
    CLOSES_AT,
    MONDAY_9AM,
    a_filing,
    a_person,
    actor,
    an_initiative,
    settle_in,
)
from tests.fakes import FakeClock, FakeSlack, deliver
from tests.handlers.conftest import Workspace, filled
from tests.handlers.updates.test_update_form import all_text
from workflows.services import Services
from workflows.sweep import sweep
from workflows.updates.filing import file_update
from workflows.updates.opening import DraftOf, keep_draft
from workflows.updates.reading import show_updates

Form = dict[str, Any]
_ts = count(1)


@pytest.fixture(autouse=True)
def _prompted(services: Services, slack: FakeSlack) -> Iterator[None]:
    """A lead of one initiative and one of two, all prompted on Monday morning."""
    settle_in(
        services,
        an_initiative(name="Cash <forecast>"),
        an_initiative("OPS-01", lead_id="U_OLA"),
        an_initiative("OPS-02", lead_id="U_OLA"),
        persons=[a_person("U0ANY", name="Any Body")],
        deputies={"OPS-01": ["U_DEPUTY"]},
    )
    sweep(services)
    sweep(services)
    deliver(services, slack)
    yield


def said_by_bot(services: Services, slack: FakeSlack, to: str = "U_LEAD") -> Form:
    """Return what the bot has posted last to somebody."""
    deliver(services, slack)
    post = [one for one in slack.of("chat.postMessage") if one["channel"] == to][-1]
    assert check_blocks(post["blocks"], "message") == []
    return post


def write(workspace: Workspace, text: str, user: str = "U_LEAD", **facts: Any) -> None:
    ts = f"{next(_ts)}.5"
    event = {"channel": "D1", "channel_type": "im", "user": user, "text": text, "ts": ts}
    workspace.event(type="message", **(event | facts))


def opened(workspace: Workspace, slack: FakeSlack, post: Form, user: str = "U_LEAD") -> Form:
    """Press the first button of a message that opens a form, and return the form."""
    button = next(
        block["accessory"] for block in post["blocks"] if "value" in block.get("accessory", {})
    )
    workspace.press(button["action_id"], button["value"], user=user)
    view: Form = slack.of("views.open")[-1]["view"]
    return view


def test_the_words_come_as_a_draft_and_are_filed_with_two_clicks(
    workspace: Workspace, slack: FakeSlack, services: Services
) -> None:
    write(workspace, "Model is live &amp; <@U0ANY> tests it: <https://x.example/a|the plan>")

    post = said_by_bot(services, slack)
    form = opened(workspace, slack, post)
    workspace.submit(filled(form, confidence="on_track"))

    assert "draft of FIN-01" in post["text"]
    (update,) = show_updates(services, actor(), "FIN-01").updates
    assert update.progress == "Model is live & @Any Body tests it: the plan (https://x.example/a)"


def test_the_other_answers_are_last_week_s(
    workspace: Workspace, slack: FakeSlack, services: Services, clock: FakeClock
) -> None:
    file_update(services, actor(), a_filing(confidence=Confidence.AT_RISK, blockers="GPU pool"))
    clock.advance(days=7)
    sweep(services)
    sweep(services)
    write(workspace, "Half of it runs")

    form = opened(workspace, slack, said_by_bot(services, slack))

    typed = filled(form)["state"]["values"]
    assert typed["progress"]["text"]["value"] == "Half of it runs"
    assert typed["blockers"]["text"]["value"] == "GPU pool"
    assert typed["confidence"]["choice"]["selected_option"]["value"] == "at_risk"


def test_a_draft_that_there_is_gets_the_words_added(
    workspace: Workspace, slack: FakeSlack, services: Services
) -> None:
    keep_draft(services, actor(), DraftOf("FIN-01", MONDAY_9AM.date(), 0), {"progress": "Old"})
    write(workspace, "First")
    first = said_by_bot(services, slack)
    write(workspace, "Second")

    second = said_by_bot(services, slack)
    form = opened(workspace, slack, second)

    assert "Kept as your draft" in first["text"]  # the other was of no round of ours
    assert "Added to your draft" in second["text"]
    assert filled(form)["state"]["values"]["progress"]["text"]["value"] == "First\nSecond"


def test_who_leads_several_is_asked_which_it_is_about(
    workspace: Workspace, slack: FakeSlack, services: Services
) -> None:
    write(workspace, "Routes are shorter", user="U_OLA")

    post = said_by_bot(services, slack, "U_OLA")
    form = opened(workspace, slack, post, "U_OLA")
    again = opened(workspace, slack, post, "U_OLA")

    assert "Which of your updates" in post["text"]
    for view in (form, again):
        assert "OPS-01" in view["private_metadata"]
        typed = filled(view)["state"]["values"]["progress"]["text"]["value"]
        assert typed == "Routes are shorter"


def test_words_of_an_earlier_round_are_added_to_what_was_typed_for_the_present_one(
    workspace: Workspace, slack: FakeSlack, services: Services, clock: FakeClock
) -> None:
    write(workspace, "Last week's words", user="U_OLA")
    post = said_by_bot(services, slack, "U_OLA")
    clock.advance(days=7)
    sweep(services)
    present = DraftOf("OPS-01", CALL_ON + timedelta(days=7), 0)
    keep_draft(services, actor("U_OLA"), present, {"progress": "Typed for ten minutes"})

    form = opened(workspace, slack, post, "U_OLA")

    typed = filled(form)["state"]["values"]["progress"]["text"]["value"]
    assert typed == "Typed for ten minutes\nLast week's words"


def test_typing_in_a_form_of_an_earlier_round_takes_nothing_from_the_present_draft(
    workspace: Workspace, slack: FakeSlack, services: Services, clock: FakeClock
) -> None:
    workspace.command("FIN-01", "U_LEAD", "/ai-status")
    left_open = filled(slack.of("views.open")[-1]["view"], progress="Of last week")
    clock.advance(days=7)
    sweep(services)
    present = DraftOf("FIN-01", CALL_ON + timedelta(days=7), 0)
    keep_draft(services, actor(), present, {"progress": "Of this week"})

    action = {"type": "plain_text_input", "action_id": "text", "block_id": "progress"}
    workspace._payload("block_actions", "U_LEAD", actions=[action], view=left_open)
    workspace.command("FIN-01", "U_LEAD", "/ai-status")

    form = slack.of("views.open")[-1]["view"]
    assert filled(form)["state"]["values"]["progress"]["text"]["value"] == "Of this week"


def test_a_key_in_the_words_says_which(
    workspace: Workspace, slack: FakeSlack, services: Services
) -> None:
    write(workspace, "ops-02: cranes fly", user="U_OLA")

    assert "draft of OPS-02" in said_by_bot(services, slack, "U_OLA")["text"]


def test_what_was_filed_is_not_asked_about(
    workspace: Workspace, slack: FakeSlack, services: Services
) -> None:
    file_update(services, actor("U_OLA"), a_filing("OPS-01"))
    write(workspace, "Cranes fly", user="U_OLA")

    assert "draft of OPS-02" in said_by_bot(services, slack, "U_OLA")["text"]


def test_in_the_thread_of_a_prompt_it_is_about_that_prompt(
    workspace: Workspace, slack: FakeSlack, services: Services, clock: FakeClock
) -> None:
    with services.transaction() as session:
        prompt = session.exec(
            select(Notification).where(Notification.recipient_id == "U_LEAD")
        ).first()
        assert prompt is not None
        place, ts = prompt.channel_id, prompt.ts
    write(workspace, "We paused", channel=place, thread_ts=ts)

    assert "draft of FIN-01" in said_by_bot(services, slack)["text"]


def test_the_same_message_twice_is_said_once(
    workspace: Workspace, slack: FakeSlack, services: Services
) -> None:
    for event_id in ("Ev_A", "Ev_B"):
        write(workspace, "Once", ts="7.7", event_id=event_id)

    form = opened(workspace, slack, said_by_bot(services, slack))

    assert filled(form)["state"]["values"]["progress"]["text"]["value"] == "Once"


@pytest.mark.parametrize("text", ["hi", "Hello!", "thanks 🙏", "ok", "help", "", "/ai-status"])
def test_small_talk_is_no_update(
    workspace: Workspace, slack: FakeSlack, services: Services, text: str
) -> None:
    write(workspace, text)

    assert "To file, press *Fill in* or type `/ai-status`." in all_text(
        said_by_bot(services, slack)["blocks"]
    )
    with services.transaction() as session:
        assert session.exec(select(Draft)).all() == []


def test_who_asks_is_answered_each_time_and_who_says_hello_once_a_day(
    workspace: Workspace, slack: FakeSlack, services: Services
) -> None:
    for ts, text in enumerate(["hi", "hello", "help", "what is this?", "thanks"]):
        write(workspace, text, ts=f"1700000000.00000{ts}")

    deliver(services, slack)

    assert len(slack.of("chat.postMessage")) == 3  # hello, help, the question


def test_who_answers_for_nothing_is_asked_to_file_nothing(
    workspace: Workspace, slack: FakeSlack, services: Services
) -> None:
    write(workspace, "hi", user="U0ANY")

    text = all_text(said_by_bot(services, slack, "U0ANY")["blocks"])
    assert "You have no updates to file." in text
    assert "Fill in" not in text


@pytest.mark.parametrize("user", ["U0ANY", "U_DEPUTY", "U_GUEST"])
def test_who_was_asked_for_nothing_has_no_draft(
    workspace: Workspace, slack: FakeSlack, services: Services, user: str
) -> None:
    slack.users["U_GUEST"] = {"id": "U_GUEST", "is_restricted": True}
    write(workspace, "Everything runs", user=user)

    said_by_bot(services, slack, user)
    with services.transaction() as session:
        assert session.exec(select(Draft)).all() == []


def test_after_the_closing_the_words_are_a_draft_all_the_same(
    workspace: Workspace, slack: FakeSlack, services: Services, clock: FakeClock
) -> None:
    clock.move_to(CLOSES_AT)
    sweep(services)
    write(workspace, "Late, but here")

    assert "draft of FIN-01" in said_by_bot(services, slack)["text"]
    assert CLOSES_AT < CALL_AT


def test_a_screenshot_s_words_are_a_draft_and_an_inventory_s_are_not(
    workspace: Workspace, slack: FakeSlack, services: Services
) -> None:
    file = {"id": "F1", "name": "shot.png"}
    write(workspace, "See how it looks", subtype="file_share", files=[file])
    write(workspace, "", subtype="file_share", files=[{**file, "id": "F2"}])

    with services.transaction() as session:
        (draft,) = session.exec(select(Draft)).all()
        assert draft.answers["progress"] == "See how it looks"


def test_words_too_long_for_the_form_are_said_to_be(
    workspace: Workspace, slack: FakeSlack, services: Services
) -> None:
    write(workspace, "word " * 800)

    post = said_by_bot(services, slack)

    assert "A field takes 3,000 characters, and this is 3,999" in all_text(post["blocks"])


def test_filed_the_prompt_says_so_and_the_offer_leaves_it_to_the_prompt(
    workspace: Workspace, slack: FakeSlack, services: Services
) -> None:
    write(workspace, "Done")
    post = said_by_bot(services, slack)
    workspace.submit(filled(opened(workspace, slack, post), confidence="on_track"))
    deliver(services, slack)

    changed = [all_text(one["blocks"]) for one in slack.of("chat.update")]
    (offer,) = [words for words in changed if "✅ FIN-01 is filed." in words]
    (prompt,) = [words for words in changed if words != offer]
    assert "You're done for Wednesday." in prompt
    assert "You're done" not in offer
    assert "press *Edit* in the message above" in offer


@pytest.mark.parametrize("kind", ["channel", "group", "mpim", None])
def test_what_people_say_among_themselves_is_not_kept(
    workspace: Workspace, slack: FakeSlack, services: Services, kind: str | None
) -> None:
    posted = len(slack.calls)
    with services.transaction() as session:
        before = len(session.exec(select(InboxItem)).all())

    write(workspace, "Lunch? Don't tell the bot", channel="C1", channel_type=kind)
    deliver(services, slack)

    assert len(slack.calls) == posted
    with services.transaction() as session:
        assert len(session.exec(select(InboxItem)).all()) == before
        assert session.exec(select(Draft)).all() == []
        assert session.exec(select(Update)).all() == []

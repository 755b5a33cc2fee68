"""What the messages say: found when they are sent, from things as they are then."""

from datetime import date, timedelta
from itertools import count

import pytest

from handlers.blocks.message import Message
from handlers.rendering import render, render_again
from storage import notifications
from storage.models import Confidence, Notification
from tests.factories import (
    CALL_ON,
    CLOSES_AT,
    COORDINATION,
    a_filing,
    a_notification,
    a_person,
    actor,
    an_initiative,
    settle_in,
)
from tests.fakes import FakeClock
from tests.handlers.updates.test_update_form import all_text
from workflows.registry.editing import save_entry
from workflows.services import Services
from workflows.sweep import sweep
from workflows.updates.filing import file_update

pytestmark = pytest.mark.one_database

LIVE = "<!channel> waits for <@U_LEAD>"
HEAD = "U_HEAD"
_NUMBERS = count()
NEXT_CALL = CALL_ON + timedelta(days=7)


@pytest.fixture
def company(services: Services) -> Services:
    """Two departments, three initiatives, one head, an open round."""
    settle_in(
        services,
        an_initiative("FIN-01", name="R&D <forecast>"),
        an_initiative("FIN-02", name="Invoices", lead_id="U_OTHER"),
        an_initiative("OPS-01", name="Routes", lead_id="U_OTHER", department="Operations"),
        persons=[a_person(HEAD, timezone="Europe/Berlin")],
        department_leads={"Finance": [HEAD]},
    )
    sweep(services)
    return services


def stored(
    services: Services, kind: str, to: str, *keys: str, call_on: date = CALL_ON
) -> Notification:
    """Store a message that nobody has sent, and return it."""
    key, due_at = f"k{next(_NUMBERS)}", services.now()
    row = a_notification(key=key, kind=kind, recipient_id=to, call_on=call_on, due_at=due_at)
    with services.transaction() as session:
        notifications.enqueue(session, row, keys)
    return row


def rendered(
    services: Services, kind: str, to: str, *keys: str, call_on: date = CALL_ON
) -> Message:
    notification = stored(services, kind, to, *keys, call_on=call_on)
    message = render(services, [notification]).get(notification.key)
    assert message is not None
    assert message.text
    return message


def again(services: Services, kind: str, to: str, *keys: str) -> str:
    """Return the words of a message that was sent, as things stand now."""
    return all_text(render_again(services, [stored(services, kind, to, *keys)])[0].blocks)


def next_week(services: Services, clock: FakeClock) -> None:
    clock.advance(days=7)
    sweep(services)
    sweep(services)


def test_a_prompt_names_the_call_the_closing_and_one_button(company: Services) -> None:
    message = rendered(company, "prompt", "U_LEAD", "FIN-01")

    words = all_text(message.blocks)
    assert message.text == "FIN-01: your update for Wednesday's call (3 minutes)."
    assert f"*{message.text}*\nWhat moved, what comes next" in words
    assert "Due Wednesday 25 November, 14:00." in words
    assert "R&amp;D &lt;forecast&gt;" in words
    beside = [block["accessory"] for block in message.blocks if "accessory" in block]
    assert [pressed["value"] for pressed in beside if "value" in pressed] == ["FIN-01"]


def test_a_prompt_mentions_a_stale_entry_and_a_reminder_does_not(
    company: Services, clock: FakeClock
) -> None:
    clock.move_to(clock.instant - timedelta(days=7))
    save_entry(company, actor(), "FIN-01", 0, {"topic": "Cash"})
    clock.move_to(clock.instant + timedelta(days=7))

    prompt = rendered(company, "prompt", "U_LEAD", "FIN-01")
    reminder = rendered(company, "reminder", "U_LEAD", "FIN-01")

    assert (
        "*FIN-01* in the registry was last changed on Monday 16 November. Is it still right?"
        in all_text(prompt.blocks)
    )
    assert "edit_entry" in str(prompt.blocks)
    assert "last changed" not in all_text(reminder.blocks)


def test_a_message_speaks_its_reader_s_time(company: Services) -> None:
    settle_in(
        company,
        an_initiative("TKY-01", lead_id="U_TOKYO"),
        persons=[a_person("U_TOKYO", timezone="Asia/Tokyo")],
    )

    words = all_text(rendered(company, "prompt", "U_TOKYO", "TKY-01").blocks)

    assert "your update for Thursday's call" in words
    assert "Due Thursday 26 November, 04:00." in words


@pytest.mark.parametrize("kind", ["prompt", "reminder"])
def test_nobody_is_asked_for_what_they_have_just_filed(company: Services, kind: str) -> None:
    file_update(company, actor(), a_filing())

    assert render(company, [stored(company, kind, "U_LEAD", "FIN-01")]) == {}


def test_of_several_only_what_is_missing_is_asked(company: Services) -> None:
    file_update(company, actor("U_OTHER"), a_filing("FIN-02"))

    words = all_text(rendered(company, "reminder", "U_OTHER", "FIN-02", "OPS-01").blocks)

    assert "OPS-01" in words
    assert "FIN-02" not in words


def test_after_the_closing_nobody_is_reminded(company: Services, clock: FakeClock) -> None:
    clock.move_to(CLOSES_AT)
    sweep(company)

    reminder = stored(company, "reminder", "U_LEAD", "FIN-01")

    assert render(company, [reminder]) == {}


def test_from_the_second_week_on_the_answers_are_filled_in(
    company: Services, clock: FakeClock
) -> None:
    file_update(company, actor(), a_filing())
    next_week(company, clock)
    prompt = rendered(company, "prompt", "U_LEAD", "FIN-01", call_on=NEXT_CALL)
    reminder = rendered(company, "reminder", "U_LEAD", "FIN-01", call_on=NEXT_CALL)

    asked = "Last week's answers are filled in: change what changed."
    assert asked in all_text(prompt.blocks)
    assert reminder.text == "FIN-01: your update is due Wednesday 2 December, 14:00."
    assert "Nothing new? Open it and file: ten seconds." in all_text(reminder.blocks)


def test_who_filed_reads_when_and_others_read_who(company: Services, clock: FakeClock) -> None:
    settle_in(company, an_initiative("FIN-01"), deputies={"FIN-01": ["U_DEPUTY"]})
    file_update(company, actor(), a_filing())
    clock.advance(minutes=19)

    own = again(company, "prompt", "U_LEAD", "FIN-01")
    deputy = again(company, "prompt", "U_DEPUTY", "FIN-01")

    assert "*✅ Filed. You're done for Wednesday.*" in own
    # Slack says "yesterday" from midnight on; the words after the bar are for where it can't.
    when = "<!date^1795442400^{date_long_pretty} at {time}|today at 09:00>"
    assert f"You filed it {when}." in own
    assert f"Lead filed it {when}." in deputy


def test_the_summary_says_what_changed_worst_first(company: Services, clock: FakeClock) -> None:
    file_update(company, actor(), a_filing("FIN-01"))
    file_update(company, actor("U_OTHER"), a_filing("FIN-02", confidence=Confidence.OFF_TRACK))
    file_update(company, actor("U_OTHER"), a_filing("OPS-01", blockers="GPU pool"))
    next_week(company, clock)
    fallen = a_filing("FIN-01", confidence=Confidence.AT_RISK, call_on=NEXT_CALL)
    file_update(company, actor(), fallen)
    file_update(
        company, actor("U_OTHER"), a_filing("OPS-01", call_on=NEXT_CALL, blockers="GPU pool")
    )

    message = rendered(company, "summary", COORDINATION, call_on=NEXT_CALL)

    assert message.text == (
        "Updates for Wednesday 2 December: 2 of 3 filed · 🟡 1 at risk · 1 missing"
    )
    assert message.blocks[2]["text"]["text"] == (
        "*Worse:* FIN-01 on track → at risk\n"
        "*Silent:* FIN-02, off track last week\n"
        "*Blocked for two weeks:* OPS-01 “GPU pool”\n"
        "*Same words as last time:* FIN-01, OPS-01"
    )
    assert "Read all 2 updates" in all_text(message.blocks)


def test_what_people_wrote_is_not_live_in_the_summary(company: Services) -> None:
    file_update(company, actor(), a_filing(blockers=LIVE))

    words = all_text(rendered(company, "summary", COORDINATION).blocks)

    assert "*New blockers:* FIN-01 “&lt;!channel&gt; waits for &lt;@U_LEAD&gt;”" in words
    assert "<!channel>" not in words


def test_a_digest_tells_of_one_s_own_departments_and_whom_to_ask(company: Services) -> None:
    file_update(company, actor("U_OTHER"), a_filing("OPS-01"))

    words = all_text(rendered(company, "digest", HEAD).blocks)

    assert "Finance: 0 of 2 filed" in words
    assert "*Silent:* FIN-01 (Lead), FIN-02 (Other), nothing filed so far" in words
    assert "Wednesday 25 November, 21:00" in words
    assert "OPS-01" not in words


def test_a_digest_of_a_quiet_week_is_one_line(company: Services) -> None:
    file_update(company, actor(), a_filing())
    file_update(company, actor("U_OTHER"), a_filing("FIN-02"))

    message = rendered(company, "digest", HEAD)

    assert message.text == ("Finance: all 2 updates are in, all on track. Nothing for you to do.")


def test_who_leads_no_department_any_more_gets_no_digest(company: Services) -> None:
    assert render(company, [stored(company, "digest", "U_LEAD")]) == {}


@pytest.mark.parametrize(
    ("filed", "label"),
    [(0, "Read late updates"), (1, "Read the update"), (2, "Read all 2 updates")],
)
def test_the_button_says_what_is_behind_it(company: Services, filed: int, label: str) -> None:
    for key in ("FIN-02", "OPS-01")[:filed]:
        file_update(company, actor("U_OTHER"), a_filing(key))

    words = all_text(rendered(company, "summary", COORDINATION).blocks)

    assert label in words

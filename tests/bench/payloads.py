"""What Slack would send."""

from zoneinfo import ZoneInfo

from handlers.updates import update_form
from storage.models import Confidence
from tests.bench.seeds import TEXTS, key_of, lead_of
from tests.bench.transports import Json
from tests.factories import MONDAY_9AM, TEAM, a_round, an_initiative
from workflows.policy_document import UpdateRules
from workflows.updates.opening import OpenForm


def command(text: str = "", number: int = 0, name: str = "/ai-status") -> Json:
    """Return a slash command typed by the lead of an initiative."""
    return {
        "token": "bench",
        "team_id": TEAM,
        "team_domain": "bench",
        "channel_id": "C0BENCH0001",
        "channel_name": "general",
        "user_id": lead_of(number),
        "user_name": "somebody",
        "command": name,
        "text": text,
        "api_app_id": "A1",
        "is_enterprise_install": "false",
        "trigger_id": "1.2.abc",
        "response_url": "http://127.0.0.1/unused",
    }


def a_form(number: int = 0) -> Json:
    """Return the update form of an initiative, prefilled."""
    initiative = an_initiative(key_of(number), lead_id=lead_of(number))
    form = OpenForm(
        initiative, a_round(), UpdateRules(), 0, TEXTS, Confidence.ON_TRACK, prefilled_from=None
    )
    return update_form.build(form, ZoneInfo("America/New_York"), MONDAY_9AM)


def submission(number: int) -> Json:
    """Return the form of an initiative, submitted by its lead."""
    values: Json = {field: {update_form.TEXT: {"value": text}} for field, text in TEXTS.items()}
    picked = {"selected_option": {"value": Confidence.ON_TRACK.value}}
    values[update_form.CONFIDENCE_BLOCK] = {update_form.CHOICE: picked}
    user_id = lead_of(number)
    return {
        "type": "view_submission",
        "team": {"id": TEAM, "domain": "bench"},
        "user": {"id": user_id, "username": "somebody", "name": "somebody", "team_id": TEAM},
        "api_app_id": "A1",
        "token": "bench",
        "trigger_id": "1.2.abc",
        "enterprise": None,
        "is_enterprise_install": False,
        "view": {**a_form(number), "id": "V1", "hash": "1.x", "state": {"values": values}},
        "response_urls": [],
    }

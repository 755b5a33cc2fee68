"""The programme's rules in words: as settings, and as the reason for a message."""

from datetime import time

from handlers.blocks.text import Mrkdwn, Text, combine, fill, listed, mention
from workflows.policies import Policy
from workflows.policy_document import PolicyDocument
from workflows.policy_shapes import Weekday

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_HOUR = 60


def rule_text(clause: str, document: PolicyDocument) -> str:
    """Return what a clause of the policy asks for, or nothing for what is no clause."""
    rules = document.round
    return {
        "round.opens_working_days_before": "open the round "
        f"{working_days(rules.opens_working_days_before)} before the call",
        "round.prompt_working_days_before": "ask "
        f"{working_days(rules.prompt_working_days_before)} before the call",
        "round.reminder_working_days_before": "remind whoever hasn't filed "
        f"{working_days(rules.reminder_working_days_before)} before the call",
        "round.closes_minutes_before": "close the round, and sum it up, "
        f"{minutes_text(rules.closes_minutes_before)} before the call",
        "channels.fallback": "post here what can't be delivered elsewhere",
        "people.programme_manager": "tell the programme manager when something goes wrong",
        "audit.time": f"check every day at {document.audit.time:%H:%M} that nothing is forgotten",
        **_escalation_rules(document),
    }.get(clause, "")


def _escalation_rules(document: PolicyDocument) -> dict[str, str]:
    rules = document.escalations
    acknowledge, quiet = rules.acknowledge, rules.acknowledge.quiet_working_days
    hours = f"{number(acknowledge.coe_working_hours)} working hours"
    return {
        "escalations.blocker.coe_after_hours": "take a technical blocker to the CoE when it isn't "
        f"resolved after {rules.blocker.coe_after_hours} hours",
        "escalations.conflict.steering_after_days": "take a resource conflict to the steering "
        f"committee when nobody agrees within {rules.conflict.steering_after_days} days",
        "escalations.timeline.steering_over_days": "take a timeline risk to the steering committee "
        f"when it makes something more than {rules.timeline.steering_over_days} days late",
        "escalations.overrun.steering_over_percent": "tell finance and the steering committee of "
        f"more than {rules.overrun.steering_over_percent} % over the approved budget",
        "escalations.acknowledge": f"remind the CoE after {hours}, and others after "
        f"{working_days(acknowledge.others_working_days)}, then tell whoever stands in",
        "escalations.acknowledge.quiet_working_days": "ask an owner how it goes after "
        f"{working_days(quiet)} in which nothing was heard",
    }


def rule_line(clause: str, policy: Policy, *, is_manager: bool) -> str:
    """Return the rule that a message came from; its setting's name is for who can change it."""
    if not (rule := rule_text(clause, policy.document)):
        return ""
    where = f" Setting: `{clause}`, policy version {policy.version}." if is_manager else ""
    return f"Your programme's rule: {rule}.{where}"


def settings(policy: Policy) -> Mrkdwn:
    """Return the rules as the programme manager reads them."""
    document, rules = policy.document, policy.document.round
    call = document.call
    lines: list[Text] = [
        f"*Call:* {call.weekday.capitalize()}s at {call.time:%H:%M} ({call.timezone})",
        f"*Prompt:* {working_days(rules.prompt_working_days_before)} before, "
        f"at {rules.prompt_time:%H:%M} on the lead's clock",
        f"*Reminder:* {working_days(rules.reminder_working_days_before)} before, "
        f"at {rules.reminder_time:%H:%M}, to whoever hasn't filed",
        f"*Deadline:* {minutes_text(rules.closes_minutes_before)} before the call",
        f"*Length of an update:* {document.update.minutes} minutes at most, "
        f"about {document.update.words} words",
        f"*Nobody is messaged* outside {_span(document)}, on their own clock",
        _holidays(document),
        _channels(document),
        f"To change any of this, edit the policy file and run `rollcall policy apply` (now version "
        f"{policy.version}).",
    ]
    return combine(lines)


def working_days(count: int) -> str:
    """Return a number of working days, as «two working days»."""
    return f"{number(count)} working {'day' if count == 1 else 'days'}"


def minutes_text(count: int) -> str:
    """Return a number of minutes, as «an hour» or «45 minutes»."""
    if count and count % _HOUR == 0:
        return "an hour" if count == _HOUR else f"{number(count // _HOUR)} hours"
    return "one minute" if count == 1 else f"{count} minutes"


def number(count: int) -> str:
    """Return a small number in words, a large one in figures."""
    return _NUMBERS[count] if count < len(_NUMBERS) else f"{count:,}"


def days_of_week(days: frozenset[Weekday]) -> str:
    """Return weekdays as «Monday to Friday» or one by one."""
    week = list(Weekday)
    places = sorted(week.index(day) for day in days)
    names = [week[place].capitalize() for place in places]
    is_run = places == list(range(places[0], places[-1] + 1))
    return f"{names[0]} to {names[-1]}" if is_run and len(names) > 2 else listed(names)


def _span(document: PolicyDocument) -> str:
    hours = document.working_hours
    return f"{_time(hours.start)} to {_time(hours.end)}, {days_of_week(document.working_days)}"


def _holidays(document: PolicyDocument) -> str:
    country, region = document.calendar.country, document.calendar.region
    if country is None:
        return "*Nor on public holidays* of their own country, where it is known"
    place = f"{country} ({region})" if region else country
    return f"*Nor on public holidays* of their own country; of {place}, where that is not known"


def _time(wall_time: time) -> str:
    return f"{wall_time:%H:%M}"


def _channels(document: PolicyDocument) -> Mrkdwn:
    to = mention(document.channels.coordination)
    if document.channels.fallback is None:
        return fill("*Summaries* go to {to}. There is no channel for what can't be sent.", to=to)
    instead = mention(document.channels.fallback)
    return fill(
        "*Summaries* go to {to}; what can't be sent goes to {instead}.", to=to, instead=instead
    )

"""What could keep the bot from serving, judged: pure functions of what was found."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from storage.schema import SchemaState

MOST_SKEW = timedelta(seconds=60)  # Slack's signed requests are refused at five minutes
_NETWORK = "see that this machine reaches SLACK_API_URL: network, DNS, proxy"
_REINSTALL = "reinstall the app from manifest.yml: paste it under App Manifest, then Install App"
_LATER = "try again in a minute"
_BUSY = {"ratelimited", "internal_error", "fatal_error", "service_unavailable"}


@dataclass(frozen=True)
class Check:
    """One thing that was looked at, and what to do where it is not well."""

    name: str
    ok: bool
    said: str
    advice: str = ""
    is_warning: bool = False  # it serves all the same


@dataclass(frozen=True)
class Answer:
    """What came of one call of Slack; `headers` by their names in small letters."""

    error: str = ""  # Slack's own word for its refusal
    unreached: str = ""  # why there is no answer
    team: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Return whether Slack did what it was asked."""
        return not (self.error or self.unreached)


def settings_checks(faults: Mapping[str, str]) -> Iterator[Check]:
    """Tell every variable that is missing or wrong."""
    for name, says in faults.items():
        yield Check("settings", False, f"{name}: {says}", "set it in the environment or in .env")
    if not faults:
        yield Check("settings", True, "complete")


def policy_check(faults: Sequence[str], of_the_example: Sequence[str] = ()) -> Check:
    """Judge the policy by what is wrong with it, and by what nobody has filled in."""
    if not (faults or of_the_example):
        return Check("policy", True, "valid")
    if not faults:
        said = f"{' and '.join(of_the_example)}: still the example's id"
        advice = "put your own there: a channel's stands at the bottom of Open channel details"
        return Check("policy", False, said, advice)
    return Check("policy", False, "; ".join(faults), "fix it; rollcall policy FILE checks it again")


def in_force_check(why_not: str, mend: str) -> Check:
    """Judge whether the policy in force is that of the file."""
    if not why_not:
        return Check("policy in force", True, "that of POLICY_FILE")
    return Check("policy in force", True, f"POLICY_FILE: {why_not}", mend, is_warning=True)


def warning_checks(name: str, warnings: Sequence[str]) -> Iterator[Check]:
    """Tell what a policy allows and hardly anybody means."""
    for warning in warnings:
        said, _, advice = warning.partition("; ")
        yield Check(name, True, said, advice, is_warning=True)


def unreadable_policy_check(why: str) -> Check:
    """Tell that there is no policy to judge."""
    advice = "copy policy.example.yml to policy.yml and fill it in"
    return Check("policy", False, f"POLICY_FILE: can't be read ({why})", advice)


def bot_token_check(greeted: Answer | None) -> Check:
    """Judge the bot token by auth.test; None where it could not be asked."""
    if greeted is None:
        return not_checked("bot token", "a setting that it needs is missing or wrong")
    if greeted.ok:
        return Check("bot token", True, f"it works, in the workspace {greeted.team}")
    mend = "put the one under OAuth & Permissions (xoxb-…) into SLACK_BOT_TOKEN"
    return _failed("bot token", greeted, mend)


def app_token_check(opened: Answer) -> Check:
    """Judge the app token by apps.connections.open, which opens an address and no socket."""
    if opened.ok:
        return Check("app token", True, "it works")
    mend = (
        "switch Socket Mode on, make a token with connections:write under Basic Information → "
        "App-Level Tokens, and put it into SLACK_APP_TOKEN"
    )
    return _failed("app token", opened, mend)


def absent_app_token_check(signing_secret_is_set: bool) -> Check:
    """Judge the settings without an app token: signed HTTP needs none."""
    if signing_secret_is_set:
        return Check("app token", True, "not set, and not needed with serve --http")
    advice = "set it, or SLACK_SIGNING_SECRET to use serve --http"
    return Check("app token", False, "SLACK_APP_TOKEN: is not set", advice)


def scopes_check(greeted: Answer | None, wanted: frozenset[str]) -> Check:
    """Judge the scopes that the token has; more than are wanted do no harm."""
    if greeted is None or not greeted.ok:
        return not_checked("scopes", "the bot token doesn't work")
    if "x-oauth-scopes" not in greeted.headers:
        return not_checked("scopes", "Slack's answer names none")
    granted = {scope.strip() for scope in greeted.headers["x-oauth-scopes"].split(",")} - {""}
    missing, more = ", ".join(sorted(wanted - granted)), ", ".join(sorted(granted - wanted))
    said = f"missing: {missing}" if missing else "complete"
    said += f"; not needed: {more}" if more else ""
    return Check("scopes", not missing, said, _REINSTALL if missing else "")


def channel_check(setting: str, channel_id: str, read: Answer) -> Check:
    """Judge a channel of the policy by reading its latest message."""
    name = f"channel {setting}"
    if read.ok:
        return Check(name, True, f"the bot is in {channel_id}")
    known = {
        "not_in_channel": (f"the bot is not in {channel_id}", "in that channel: /invite @Rollcall"),
        "channel_not_found": (
            f"{channel_id} does not exist, or is private and without the bot",
            f"correct channels.{setting} in the policy, or in that channel: /invite @Rollcall",
        ),
        "is_archived": (
            f"{channel_id} is archived",
            f"unarchive it, or name another under channels.{setting} in the policy",
        ),
        "missing_scope": (f"{channel_id} can't be read: a scope is missing", _REINSTALL),
    }
    if read.error in known:
        return Check(name, False, *known[read.error])
    return _failed(name, read, f"see that channels.{setting} in the policy is right")


def migrations_check(state: SchemaState) -> Check:
    """Judge how the database stands to this code."""
    if state is SchemaState.CURRENT:
        return Check("migrations", True, "current")
    if state is SchemaState.BEHIND:
        return Check("migrations", False, "older than this Rollcall", "run: rollcall migrate")
    advice = "bring this checkout up to date: git pull && make setup"
    return Check("migrations", False, "made by a newer Rollcall", advice)


def clock_check(greeted: Answer | None, now: datetime | None) -> Check:
    """Judge the bot's clock by the date of Slack's answer, which has whole seconds."""
    if now is None:
        advice = "leave CLOCK_FILE unset: it is for rehearsals"
        return Check("clock", False, "CLOCK_FILE: holds no clock", advice)
    sent = _date_of(greeted)
    if sent is None:
        return not_checked("clock", "Slack's answer has no time")
    skew = now - sent
    seconds = round(abs(skew).total_seconds())
    if abs(skew) <= MOST_SKEW:
        return Check("clock", True, "with Slack's, within a minute")
    side = "ahead of" if skew > timedelta(0) else "behind"
    advice = "turn on time synchronisation (NTP)"
    return Check("clock", False, f"{seconds} seconds {side} Slack's", advice)


def not_checked(name: str, why: str) -> Check:
    """Return the check that another failure prevents."""
    return Check(name, False, f"not checked: {why}")


def _failed(name: str, answer: Answer, mend: str) -> Check:
    if answer.unreached:
        return Check(name, False, f"Slack can't be reached ({answer.unreached})", _NETWORK)
    advice = _LATER if answer.error in _BUSY else mend
    return Check(name, False, f"Slack refuses ({answer.error})", advice)


def _date_of(greeted: Answer | None) -> datetime | None:
    if greeted is None or "date" not in greeted.headers:
        return None
    try:
        sent = parsedate_to_datetime(greeted.headers["date"])
    except ValueError:
        return None
    return sent if sent.tzinfo else sent.replace(tzinfo=UTC)

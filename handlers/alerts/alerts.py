"""What the programme manager reads when something can't be done."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from handlers.blocks.message import Message
from handlers.blocks.text import clip, context, fill, fitting, mention, moment_text, section
from storage.models import Heartbeat, Notification
from workflows.kinds import outgoing_of
from workflows.promises.run import Finding

_MOST_FINDINGS = 15
_ADVICE = {
    "is_archived": "The channel is archived. Name another one in the policy, or unarchive it.",
    "not_in_channel": "I'm not in the channel. Type `/invite @Rollcall` in it.",
    "channel_not_found": "There's no such channel, or I'm not in it. Check the policy, and "
    "type `/invite @Rollcall` in the channel.",
    "user_disabled": "Their account is deactivated. Name another lead or deputy.",
    "user_not_found": "Slack knows nobody by this id. Name another lead or deputy.",
    "cannot_dm_bot": "That is a bot, which reads no messages. Name a person.",
    "missing_scope": "I'm missing a permission. Have the app installed again from its manifest.",
    "restricted_action": "The channel lets only some people post. Allow me to, or name another.",
}


def undelivered(failed: Notification) -> Message:
    """Return what says which message Slack refuses, and what helps."""
    what = outgoing_of(failed.kind).described
    advice = _ADVICE.get(failed.error, "My log says more.")
    return Message(
        text=f"I couldn't deliver {what}: Slack says “{failed.error}”",
        blocks=[
            section(
                fill(
                    "*I could not deliver {what} to {where}.* Slack answers “{error}”.\n{advice}",
                    what=what,
                    where=mention(failed.recipient_id),
                    error=failed.error,
                    advice=advice,
                )
            ),
            context("Nothing that was filed is lost. I won't try this message again."),
        ],
    )


def audited(findings: Sequence[Finding]) -> Message:
    """Return what says which of the things owed would not happen."""
    lines = [f"• `{clip(f.subject, 100)}` {f.fault}" for f in findings]
    count = "one stuck item" if len(findings) == 1 else f"{len(findings)} stuck items"
    return Message(
        text=f"My daily check found {count}",
        blocks=[
            section(f"*My daily check found {count}.*"),
            section(fitting(lines, _MOST_FINDINGS)),
            context("Please show this to whoever runs me: `rollcall promises --audit`."),
        ],
    )


def unsettled(key: str, reason: str) -> Message:
    """Return what says that something owed has failed on the bot's own side."""
    said = f"`{clip(key, 150)}`: {reason}"
    return Message(
        text="Something I had to do has failed",
        blocks=[
            section(f"*Something I had to do has failed, and I've stopped trying.*\n{said}"),
            context("Please show this to whoever runs me: my log says more."),
        ],
    )


def standstill(beat: Heartbeat, zone: ZoneInfo) -> Message:
    """Return what says that nothing is decided any more."""
    since = moment_text(beat.beat_at, zone)
    return Message(
        text=f"I've been stuck since {since}",
        blocks=[
            section(
                f"*I've been stuck since {since}.* Prompts, reminders and summaries are waiting; "
                "updates can still be filed, and nothing is lost.\n"
                "Please tell whoever runs me: my log says why."
            ),
        ],
    )

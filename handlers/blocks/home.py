"""The App Home: what is asked of me, my initiatives, my week."""

from zoneinfo import ZoneInfo

from handlers.blocks.answers import HELP
from handlers.blocks.notices import open_button
from handlers.blocks.text import (
    CONFIDENCE_MARKS,
    CONFIDENCE_WORDS,
    Block,
    button,
    clip,
    context,
    date_text,
    header,
    moment_text,
    section,
)
from storage.models import Round
from workflows.updates.reading import Standing, Week

OPEN_REGISTRY = "open_registry"  # buttons; their value is what is typed after /ai-project
BACK_NOW = "back_now"  # the button of somebody who is back earlier
_MOST_LISTED = 30


def build(week: Week, zone: ZoneInfo) -> Block:
    """Return somebody's App Home."""
    blocks = [*_away(week), *_week(week, zone), *_registry(), *_help()]
    return {"type": "home", "blocks": blocks}


def closed_home(reason: str) -> Block:
    """Return the App Home of somebody who is not let in."""
    return {"type": "home", "blocks": [section(f"✋ {reason}")]}


def _away(week: Week) -> list[Block]:
    if week.person is None or week.person.away_until_on is None:
        return []
    back = date_text(week.person.away_until_on)
    return [section(f"🌴 You are away until *{back}*.", button("I'm back", BACK_NOW, "now"))]


def _week(week: Week, zone: ZoneInfo) -> list[Block]:
    if week.report is None:
        return [
            header("Your week"),
            section("Nothing is being collected yet. I'll write to you when it starts."),
        ]
    round_ = week.report.round
    if not week.report.standings:
        return [
            header("Your week"),
            section("You lead no initiative and are nobody's deputy, so nothing is asked of you."),
            context(f"The next call is on {moment_text(round_.call_at, zone)}."),
        ]
    own = [s for s in week.report.missing if s.asked and s.asked == week.person]
    return [
        *_asked(own, round_, zone),
        header("Your initiatives"),
        *(_standing(standing) for standing in week.report.standings[:_MOST_LISTED]),
        context(f"For the call on {moment_text(round_.call_at, zone)}."),
    ]


def _asked(own: list[Standing], round_: Round, zone: ZoneInfo) -> list[Block]:
    if not own:
        return [header("Your week"), section("✅ Nothing is asked of you now.")]
    keys = ", ".join(standing.initiative.key for standing in own[:_MOST_LISTED])
    closes = moment_text(round_.closes_at, zone)
    when = "The round has closed; late is welcome." if round_.closed_at else f"Until {closes}."
    noun = "update is" if len(own) == 1 else "updates are"
    return [
        header("Your week"),
        section(f"*{len(own)} {noun} asked of you:* {keys}\n{when}"),
    ]


def _standing(standing: Standing) -> Block:
    initiative, update = standing.initiative, standing.update
    name = f"*{initiative.key}*  {clip(initiative.name, 150)}"
    if update is None:
        return section(f"{name}\nNot filed yet", open_button(initiative, primary=True))
    mark, word = CONFIDENCE_MARKS[update.confidence], CONFIDENCE_WORDS[update.confidence]
    late = ", late" if update.late else ""
    return section(f"{name}\n{mark} {word}, filed{late}", open_button(initiative, "Edit"))


def _registry() -> list[Block]:
    """Return the ways into the registry."""
    doors = {"new": "Enter an initiative", "list mine": "My initiatives", "list": "All of them"}
    return [
        header("The registry"),
        {
            "type": "actions",
            "elements": [
                button(label, f"{OPEN_REGISTRY}_{number}", words)
                for number, (words, label) in enumerate(doors.items())
            ],
        },
    ]


def _help() -> list[Block]:
    return [{"type": "divider"}, context(HELP)]

"""The clock of the page: what time it is for one person, and where in their week that is."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sandbox.page.dates import clock_time, short_moment

_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_DAY_WIDTH = 100  # of the drawing's units
_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class WeekDay:
    """A seventh of the ruler."""

    name: str
    is_weekend: bool
    is_past: bool
    is_today: bool


@dataclass(frozen=True)
class WeekClock:
    """What the clock bar shows; `now_x` and `due_x` are places on a ruler of 700."""

    day: str
    time: str
    iso: str
    zone: str
    week: list[WeekDay]
    week_label: str
    now_x: float
    due_x: float | None
    due_words: str


def week_clock(now: datetime, zone: ZoneInfo, due_at: datetime | None, what: str = "") -> WeekClock:
    """Return the clock as it stands for somebody in `zone`; `due_at` is when `what` comes next."""
    local = now.astimezone(zone)
    today = local.weekday()
    due_local = due_at.astimezone(zone) if due_at else None
    due_words = f"Next due: {short_moment(due_local, local)}" if due_local else ""
    due_words += f", {what}" if due_words and what else ""
    return WeekClock(
        day=f"{local:%A} {local.day} {local:%B}",
        time=clock_time(local),
        iso=local.isoformat(timespec="seconds"),
        zone=zone.key.rsplit("/", 1)[-1].replace("_", " "),
        week=[
            WeekDay(name, is_weekend=day > 4, is_past=day < today, is_today=day == today)
            for day, name in enumerate(_NAMES)
        ],
        week_label=f"{local:%A}, {clock_time(local)}. {due_words}".strip(),
        now_x=_ruler_x(local),
        due_x=_due_x(due_local, local),
        due_words=due_words,
    )


def _due_x(due_local: datetime | None, local: datetime) -> float | None:
    """Return where the next thing falls; None where it is beyond this week."""
    if due_local is None:
        return None
    monday = (local - timedelta(days=local.weekday())).date()
    if not monday <= due_local.date() < monday + _WEEK:
        return None
    return _ruler_x(due_local)


def _ruler_x(moment: datetime) -> float:
    hours = moment.hour + moment.minute / 60
    return round((moment.weekday() + hours / 24) * _DAY_WIDTH, 1)

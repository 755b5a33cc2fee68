"""The parts of the policy that escalations go by: who holds each level, topics, and clocks."""

from datetime import date, time
from decimal import Decimal
from typing import Annotated, Self
from zoneinfo import ZoneInfo

from pydantic import Field, StringConstraints, model_validator

from storage.models import EscalationKind
from workflows.policy_shapes import ChannelId, GroupId, Section, UserId, WallTime, ZoneName

TopicName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
Percent = Annotated[Decimal, Field(ge=0, le=1000, max_digits=6, decimal_places=2)]


class Rotation(Section):
    """Who of a level is on duty, week by week."""

    people: tuple[UserId, ...] = Field(min_length=1)
    starting: date  # the day on which the first takes over
    handover_time: WallTime = time(9)
    timezone: ZoneName

    @property
    def zone(self) -> ZoneInfo:
        """Return the timezone that duty is handed over in."""
        return ZoneInfo(self.timezone)


class Holders(Section):
    """Who holds a level: people, a user group of Slack's, or both, and who stands in for them."""

    people: tuple[UserId, ...] = ()
    group: GroupId | None = None
    fallback: UserId | None = None


class Coe(Holders):
    """The AI Center of Excellence."""

    rotation: Rotation | None = None


class Steering(Holders):
    """The steering committee: an executive for each department, and its chair among them."""

    executives: dict[str, UserId] = Field(default_factory=dict)  # by their department
    chair: UserId | None = None
    channel: ChannelId | None = None


class Finance(Holders):
    """Who looks after the money; they decide nothing alone."""

    channel: ChannelId | None = None


class Levels(Section):
    """Who holds each level that is not bound to an initiative or a department."""

    coe: Coe = Coe()
    steering: Steering = Steering()
    finance: Finance = Finance()


class Topic(Section):
    """A subject that people meet about, and the channel where they do."""

    title: str = Field(min_length=1, max_length=60)
    channel: ChannelId


class BlockerRules(Section):
    """What happens to a technical blocker that stays."""

    coe_after_hours: int = Field(default=24, ge=1, le=24 * 30)
    business_time: bool = False  # hours count only while whoever is waited for works


class ConflictRules(Section):
    """What happens to a resource conflict that its parties don't settle."""

    steering_after_days: int = Field(default=7, ge=1, le=90)
    business_time: bool = False  # days are working days


class TimelineRules(Section):
    """From which impact a timeline risk is the steering committee's."""

    steering_over_days: int = Field(default=14, ge=0, le=365)


class OverrunRules(Section):
    """From which share of the approved budget an overrun is told, and told again."""

    steering_over_percent: Percent = Decimal(10)
    again_every_points: Percent = Decimal(5)

    @model_validator(mode="after")
    def _steps_lead_on(self) -> Self:
        if self.again_every_points <= 0:
            raise ValueError("again_every_points: write more than 0")
        return self


class AcknowledgeRules(Section):
    """How long a level may leave an escalation unseen, or an owner be silent."""

    coe_working_hours: int = Field(default=4, ge=1, le=80)
    others_working_days: int = Field(default=1, ge=1, le=20)
    quiet_working_days: int = Field(default=2, ge=1, le=20)


class SnoozeRules(Section):
    """How often, and for how long, an owner can silence reminders."""

    most_times: int = Field(default=2, ge=0, le=20)
    most_days: int = Field(default=5, ge=1, le=30)


class EscalationRules(Section):
    """Every number that escalations go by."""

    blocker: BlockerRules = BlockerRules()
    conflict: ConflictRules = ConflictRules()
    timeline: TimelineRules = TimelineRules()
    overrun: OverrunRules = OverrunRules()
    acknowledge: AcknowledgeRules = AcknowledgeRules()
    snooze: SnoozeRules = SnoozeRules()
    reopen_days: int = Field(default=14, ge=1, le=365)
    cannot_wait: frozenset[EscalationKind] = frozenset()  # preselected in the form

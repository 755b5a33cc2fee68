import csv
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copytree
from zoneinfo import ZoneInfo

import pytest

from sandbox.clock import SandboxClock
from sandbox.seed.organisation import (
    INITIATIVES_FILE,
    History,
    Organisation,
    PastUpdate,
    PastWeek,
    deactivate_leavers,
    load_history,
    load_organisation,
    seed_workspace,
)
from sandbox.seed.reading import FOLDER, SeedError
from sandbox.workspace import Workspace

OWING = {"proposed", "approved", "pilot", "production"}
STAGES = OWING | {"paused", "retired"}
COORDINATION = "C0AICOORD01"
NEW_YORK = ZoneInfo("America/New_York")
MENTION = re.compile(r"<[@#]([A-Z0-9]+)>")
PLACEHOLDER = re.compile(r"lorem|ipsum|todo|tbd|xxx|placeholder|foo\b|\{|\}", re.IGNORECASE)


@pytest.fixture(scope="module")
def organisation() -> Organisation:
    return load_organisation()


@pytest.fixture(scope="module")
def history() -> History:
    return load_history()


@pytest.fixture(scope="module")
def past(history: History) -> list[PastWeek]:
    return [week for week in history.weeks if week.week > 0]


@pytest.fixture(scope="module")
def this_week(history: History) -> PastWeek:
    return history.weeks[-1]


@pytest.fixture(scope="module")
def initiatives() -> list[dict[str, str]]:
    with INITIATIVES_FILE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def a_workspace(now: datetime) -> Workspace:
    workspace = Workspace(SandboxClock(start_at=now))
    seed_workspace(workspace)
    return workspace


def texts(update: PastUpdate) -> list[str]:
    return [update.progress, update.milestones, update.blockers, update.needs]


def several(cell: str) -> list[str]:
    return cell.split(";") if cell else []


def edited_seed(tmp_path: Path, name: str, old: str, new: str) -> Path:
    folder = copytree(FOLDER, tmp_path / "seed", ignore=lambda *_: ["__pycache__"])
    content = (folder / name).read_text(encoding="utf-8")
    assert old in content
    (folder / name).write_text(content.replace(old, new, 1), encoding="utf-8")
    return folder


def test_forty_people_live_in_at_least_seven_timezones(organisation: Organisation) -> None:
    zones = Counter(person.tz for person in organisation.people)

    assert len(organisation.people) == 40
    assert len(zones) >= 7
    assert zones["America/New_York"] > 20
    assert "Asia/Kathmandu" in zones  # 45 minutes off the hour


def test_nobody_shares_an_id_a_handle_a_name_or_an_email(organisation: Organisation) -> None:
    for field in ("id", "name", "real_name", "email"):
        values = [getattr(person, field) for person in organisation.people]

        assert len(set(values)) == len(values), field


def test_one_person_has_left_and_one_is_a_guest(
    organisation: Organisation, initiatives: list[dict[str, str]]
) -> None:
    [leaver] = [person for person in organisation.people if person.deleted]
    [guest] = [person for person in organisation.people if person.is_restricted]
    leads = {row["lead"] for row in initiatives}
    deputies = {email for row in initiatives for email in several(row["deputies"])}

    assert leaver.email in deputies
    assert not {leaver.email, guest.email} & leads
    assert guest.email not in deputies


def test_six_departments_run_24_initiatives(initiatives: list[dict[str, str]]) -> None:
    assert len(initiatives) == 24
    assert len({row["key"] for row in initiatives}) == 24
    assert len({row["name"] for row in initiatives}) == 24
    assert len({row["department"] for row in initiatives}) == 6


def test_one_initiative_is_paused_one_retired_and_the_others_owe_updates(
    initiatives: list[dict[str, str]],
) -> None:
    stages = Counter(row["stage"] for row in initiatives)

    assert set(stages) == STAGES
    assert stages["paused"] == stages["retired"] == 1


def test_every_initiative_names_people_who_exist(
    organisation: Organisation, initiatives: list[dict[str, str]]
) -> None:
    known = {person.email for person in organisation.people}

    for row in initiatives:
        leads = several(row["department_leads"])
        assert leads, row["key"]
        assert {*leads, row["lead"], *several(row["deputies"])} <= known, row["key"]
        assert row["lead"] not in several(row["deputies"]), row["key"]


def test_some_lead_two_initiatives(initiatives: list[dict[str, str]]) -> None:
    led = Counter(row["lead"] for row in initiatives if row["stage"] in OWING)

    assert 2 <= sum(count == 2 for count in led.values()) <= 5
    assert max(led.values()) == 2


def test_every_initiative_has_its_source_in_the_inventory(
    initiatives: list[dict[str, str]],
) -> None:
    with (FOLDER / "sources.csv").open(encoding="utf-8", newline="") as file:
        sources = list(csv.DictReader(file))

    assert [row["key"] for row in sources] == [row["key"] for row in initiatives]
    assert len({row["inventory_record"] for row in sources}) == 24


def test_the_four_past_weeks_are_filled_to_about_85_percent(
    past: list[PastWeek], initiatives: list[dict[str, str]]
) -> None:
    owing = {row["key"] for row in initiatives if row["stage"] in OWING}
    filed = [{update.key for update in week.updates} for week in past]

    assert [week.week for week in past] == [4, 3, 2, 1]
    assert all(18 <= len(keys) < len(owing) for keys in filed)
    assert 0.82 <= sum(map(len, filed)) / (4 * len(owing)) <= 0.88


def test_ten_have_filed_this_week_and_the_first_person_of_the_demo_has_not(
    this_week: PastWeek,
) -> None:
    filed = {update.key for update in this_week.updates}

    assert this_week.week == 0
    assert len(filed) == 10
    assert not filed & {"FIN-01", "FIN-03", "OPS-02", "TECH-03", "LEG-02", "PPL-02"}


def test_updates_are_filed_for_what_owes_them_by_who_answers_for_it(
    history: History, initiatives: list[dict[str, str]]
) -> None:
    answerable = {
        row["key"]: {row["lead"], *several(row["deputies"])}
        for row in initiatives
        if row["stage"] in OWING
    }

    for week in history.weeks:
        for update in week.updates:
            assert update.by in answerable[update.key], (week.week, update.key)


def test_nobody_who_has_left_filed_an_update(organisation: Organisation, history: History) -> None:
    left = {person.email for person in organisation.people if person.deleted}

    assert not [u.key for week in history.weeks for u in week.updates if u.by in left]


def test_every_past_update_can_be_said_in_three_minutes(history: History) -> None:
    for week in history.weeks:
        for update in week.updates:
            words = sum(len(text.split()) for text in texts(update))

            assert 10 <= words < 400, (week.week, update.key)


def test_every_past_week_has_a_late_update(past: list[PastWeek]) -> None:
    for week in past:
        assert any(update.before_close < timedelta(0) for update in week.updates), week.week


def test_every_week_has_an_edited_update(history: History) -> None:
    for week in history.weeks:
        times_filed = Counter(update.key for update in week.updates)

        assert set(times_filed.values()) == {1, 2}, week.week


def test_each_week_is_in_the_order_of_filing_and_within_its_round(history: History) -> None:
    for week in history.weeks:
        hours = [update.hours_before_close for update in week.updates]

        assert hours == sorted(hours, reverse=True), week.week
        assert max(hours) <= (53 if week.week else 133)  # the first prompt; the round has opened
        assert min(hours) > (-24 if week.week else 47)  # the next round is far; the demo begins


@pytest.mark.parametrize(
    "closes_at",
    [
        datetime(2025, 1, 15, 14, tzinfo=NEW_YORK),
        datetime(
            2025, 3, 12, 14, tzinfo=NEW_YORK
        ),  # New York has sprung forward since the round opened
        datetime(2025, 7, 16, 14, tzinfo=NEW_YORK),
        datetime(
            2025, 11, 5, 14, tzinfo=NEW_YORK
        ),  # New York's clocks have gone back since the round opened
    ],
)
def test_what_came_early_was_filed_on_a_working_day_of_its_author(
    this_week: PastWeek, organisation: Organisation, closes_at: datetime
) -> None:
    zones = {person.email: ZoneInfo(person.tz) for person in organisation.people}

    for update in this_week.updates:
        filed_at = (closes_at.astimezone(UTC) - update.before_close).astimezone(zones[update.by])
        assert filed_at.weekday() in (0, 4), update.key
        assert 8 <= filed_at.hour < 19, update.key


def test_an_edit_changes_something(history: History) -> None:
    for week in history.weeks:
        seen: dict[str, list[str]] = {}
        for update in week.updates:
            assert seen.get(update.key) != texts(update), (week.week, update.key)
            seen[update.key] = texts(update)


def test_one_blocker_has_been_carried_for_three_weeks(past: list[PastWeek]) -> None:
    carried = [
        any(u.key == "OPS-02" and "GPU" in u.blockers for u in week.updates) for week in past
    ]

    assert carried == [False, True, True, True]


def test_all_three_confidences_occur(history: History) -> None:
    chosen = Counter(update.confidence for week in history.weeks for update in week.updates)

    assert set(chosen) == {"on_track", "at_risk", "off_track"}
    assert chosen.most_common(1)[0][0] == "on_track"


def test_no_text_is_a_placeholder_or_said_twice(
    history: History, organisation: Organisation
) -> None:
    progress = [update.progress for week in history.weeks for update in week.updates]
    written = [text for week in history.weeks for update in week.updates for text in texts(update)]
    said = [
        remark.text
        for place in organisation.channels
        for talk in place.messages
        for remark in (talk, *talk.replies)
    ]

    assert not [text for text in [*written, *said] if PLACEHOLDER.search(text)]
    assert len(said) == len(set(said))
    assert len(set(progress)) >= len(progress) - 5  # an edit may keep what was done


def test_the_workspace_has_everyone_and_the_bot() -> None:
    workspace = a_workspace(datetime(2025, 3, 12, 12, tzinfo=UTC))

    assert len(workspace.users) == 41
    assert workspace.users[workspace.bot_user_id].is_bot
    assert workspace.users["U0DANAITO01"].real_name == "Dana Ito"


def test_the_bot_is_in_its_channels_only_and_everyone_in_the_coordination_channel() -> None:
    workspace = a_workspace(datetime(2025, 3, 12, 12, tzinfo=UTC))
    channels = {channel.name: channel for channel in workspace.channels.values()}
    without_bot = {
        name for name, channel in channels.items() if workspace.bot_user_id not in channel.members
    }

    assert workspace.channels[COORDINATION].members == set(workspace.users)
    assert without_bot == {"general"}
    assert [name for name, channel in channels.items() if channel.is_private] == ["ai-steering"]


def test_requests_beyond_an_initiative_have_places_and_people() -> None:
    workspace = a_workspace(datetime(2025, 3, 12, 12, tzinfo=UTC))
    topics = ["C0DATAACC01", "C0INFRA0001", "C0MODELDEP1"]
    executives = {one for one, user in workspace.users.items() if user.title.startswith("Chief")}

    for channel_id in topics:
        channel = workspace.channels[channel_id]
        assert workspace.bot_user_id in channel.members
        assert len(channel.members) > 10
        assert not channel.is_private
    assert [workspace.channels[one].name for one in topics] == [
        "data-access",
        "infrastructure",
        "model-deployment",
    ]
    assert executives < workspace.channels["C0STEERING1"].members
    assert workspace.bot_user_id in workspace.channels["C0STEERING1"].members


def test_the_center_of_excellence_has_a_handle() -> None:
    workspace = a_workspace(datetime(2025, 3, 12, 12, tzinfo=UTC))

    [group] = workspace.user_groups.values()

    assert (group.id, group.handle) == ("S0AICOE0001", "ai-coe")
    titles = [workspace.users[one].title for one in group.users]
    assert len(titles) == 3
    assert all("Center of Excellence" in title for title in titles)


@pytest.mark.parametrize(
    "now",
    [
        datetime(2025, 3, 10, 0, 30, tzinfo=UTC),  # a Monday; New York has just sprung forward
        datetime(2025, 3, 12, 12, tzinfo=UTC),
        datetime(2025, 6, 14, 23, 30, tzinfo=UTC),  # a Saturday
        datetime(2025, 11, 3, 5, tzinfo=UTC),  # the clocks have just gone back
        datetime(2026, 1, 1, tzinfo=UTC),
    ],
)
def test_messages_are_in_the_past_on_working_days_and_answers_come_after(now: datetime) -> None:
    workspace = a_workspace(now)

    for channel in workspace.channels.values():
        said = [float(message.ts) for message in channel.messages]
        assert said == sorted(said)
        assert not said or said[-1] < now.timestamp()
        for message in channel.messages:
            assert message.thread_ts is None or message.thread_ts < message.ts
            zone = ZoneInfo(workspace.users[message.user_id].tz)
            assert datetime.fromtimestamp(float(message.ts), zone).weekday() < 5


def test_no_two_messages_share_a_ts() -> None:
    workspace = a_workspace(datetime(2025, 3, 12, 12, tzinfo=UTC))

    stamps = [m.ts for channel in workspace.channels.values() for m in channel.messages]

    assert len(stamps) > 30
    assert len(set(stamps)) == len(stamps)


def test_only_members_speak_and_those_mentioned_exist() -> None:
    workspace = a_workspace(datetime(2025, 3, 12, 12, tzinfo=UTC))
    known = {*workspace.users, *workspace.channels}

    for channel in workspace.channels.values():
        for message in channel.messages:
            reacting = {user for ids in message.reactions.values() for user in ids}
            assert {message.user_id, *reacting} <= channel.members, (channel.name, message.text)
            assert set(MENTION.findall(message.text)) <= known, message.text


def test_nothing_is_unread_at_the_first_look() -> None:
    workspace = a_workspace(datetime(2025, 3, 12, 12, tzinfo=UTC))

    for channel in workspace.channels.values():
        assert set(channel.read_up_to) == channel.members
        assert set(channel.read_up_to.values()) == {channel.messages[-1].ts}


def test_a_leaver_is_there_to_be_imported_and_gone_afterwards() -> None:
    workspace = a_workspace(datetime(2025, 3, 12, 12, tzinfo=UTC))
    before = workspace.users["U0GERALDFI1"].deleted

    leavers = deactivate_leavers(workspace)

    assert leavers == ["U0GERALDFI1"]
    assert not before
    assert workspace.users["U0GERALDFI1"].deleted
    assert not any("U0GERALDFI1" in c.members for c in workspace.channels.values())


@pytest.mark.parametrize(
    ("name", "old", "new", "fault"),
    [
        (
            "people.yml",
            "tz: Asia/Tokyo",
            "tz: Asia/Edo",
            "people.yml, people.23.tz: not a timezone",
        ),
        ("people.yml", "title: Chief", "rank: Chief", "people.yml, people.0.title: Field required"),
        ("channels.yml", '"10:05"', "10:05", "channels.yml, channels.0.messages.0.time: write"),
        ("channels.yml", "from: U0RUTHCAST1", "from: U0NOBODY001", "there is no U0NOBODY001"),
        ("people.yml", "people:", "people: [", "people.yml: while parsing"),
        ("groups.yml", "U0EMEKAOBI1", "U0NOBODY001", "groups.yml, ai-coe: there is no U0NOBODY001"),
        ("groups.yml", "handle: ai-coe", "handle:", "groups.yml, groups.0.handle: Input should"),
    ],
)
def test_a_fault_is_told_with_its_file_and_field(
    tmp_path: Path, name: str, old: str, new: str, fault: str
) -> None:
    folder = edited_seed(tmp_path, name, old, new)

    with pytest.raises(SeedError, match=re.escape(fault)):
        load_organisation(folder)


def test_a_fault_in_the_history_is_told_with_its_week_and_update(tmp_path: Path) -> None:
    folder = edited_seed(tmp_path, "history.yml", "confidence: on_track", "confidence: sunny")

    with pytest.raises(SeedError, match=re.escape("history.yml, weeks.0.updates.0.confidence")):
        load_history(folder)

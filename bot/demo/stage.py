"""Sets the demo's stage: four weeks in, as the bot itself lived through them.

That takes some seconds, so the stage is kept, for as long as neither the code nor the week changes.
"""

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from datetime import time as wall_time
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml
from slack_sdk import WebClient

from bot.clients import ask_workspace
from bot.demo.history import Life, go_back, live_through_history
from bot.demo.registry import write_registry
from bot.levels import read_levels
from bot.people import look_up
from bot.policy_file import adopt_policy
from bot.services import build_services
from bot.workspaces import Workspace as Served
from sandbox import snapshot
from sandbox.clock import SandboxClock
from sandbox.seed.organisation import INITIATIVES_FILE, deactivate_leavers, seed_workspace
from sandbox.server import SandboxServer
from sandbox.web_api import BOT_TOKEN
from sandbox.workspace import Workspace
from storage.engine import connect
from storage.schema import migrate
from workflows import policies
from workflows.importing import find_people, import_rows, read_rows
from workflows.outbox.policy import UNLIMITED
from workflows.people import remember
from workflows.services import Actor

ROOT = Path(__file__).parents[2]
ZONE = ZoneInfo("America/New_York")
_KEPT = ROOT / ".demo"
_UNFINISHED = "unfinished-"  # the beginning of a name: somebody is still writing there
MADE_OF = ("bot", "handlers", "workflows", "storage", "sandbox", "manifest.yml")
_POLICY = {
    "call": {"weekday": "wednesday", "time": "15:00", "timezone": ZONE.key},
    "channels": {"coordination": "C0AICOORD01"},
    "people": {"programme_manager": "U0RUTHCAST1"},
    "features": ["escalations"],
    "levels": {
        "coe": {"group": "S0AICOE0001", "people": ["U0EMEKAOBI1"], "fallback": "U0INGRIDSO1"},
        "steering": {
            "chair": "U0STEPHEN01",
            "channel": "C0STEERING1",
            "fallback": "U0RAJEEVM01",
            "executives": {
                "Finance": "U0STEPHEN01",
                "People": "U0LUCIAFER1",
                "Operations": "U0MARGARET1",
                "Customer Care": "U0CAROLINE1",
                "Legal & Compliance": "U0GWENMARSH",
                "Technology": "U0RAJEEVM01",
            },
        },
        "finance": {"people": ["U0NATBROOKS"]},
    },
    "topics": {
        "data-access": {"title": "Data access: ask in #data-access", "channel": "C0DATAACC01"},
        "infrastructure": {"title": "Infrastructure: #infrastructure", "channel": "C0INFRA0001"},
        "model-deployment": {
            "title": "Model deployment: #model-deployment",
            "channel": "C0MODELDEP1",
        },
    },
}


@dataclass(frozen=True)
class Stage:
    """The files of one demo, in a folder that goes with it."""

    folder: Path
    present: datetime

    @property
    def policy_file(self) -> Path:
        """Return where the policy is."""
        return self.folder / "policy.yml"

    @property
    def clock_file(self) -> Path:
        """Return where the clock's offset is."""
        return self.folder / "clock.json"

    @property
    def database_file(self) -> Path:
        """Return where the database is."""
        return self.folder / "rollcall.db"

    @property
    def database_url(self) -> str:
        """Return the database's address."""
        return f"sqlite:///{self.database_file}"


def monday_afternoon(now: datetime) -> datetime:
    """Return 15:05 in New York on the Monday of the present week.

    Leads have been prompted by then, and two days on the call has begun.
    """
    today = now.astimezone(ZONE).date()
    monday = today - timedelta(days=today.weekday())
    return datetime.combine(monday, wall_time(15, 5), ZONE).astimezone(UTC)


def new_workspace(stage: Stage) -> Workspace:
    """Return the workspace on its clock: as it was kept, or with its people and no bot's past."""
    stage.policy_file.write_text(yaml.safe_dump(_POLICY), encoding="utf-8")
    workspace = Workspace(clock=SandboxClock(stage.clock_file, start_at=stage.present))
    kept = _kept(stage)
    if kept.exists():
        snapshot.load(workspace, kept / "workspace.json")
        shutil.copy(kept / "rollcall.db", stage.database_file)
    else:
        seed_workspace(workspace)
    return workspace


def prepare(
    stage: Stage, server: SandboxServer, workspace: Workspace, tell: Callable[[str], None]
) -> None:
    """Let the bot live through the past weeks, and keep the outcome, unless it was kept before."""
    if stage.database_file.exists():
        return
    tell("entering people and initiatives …")
    engine = connect(stage.database_url)
    migrate(engine)
    services = build_services(engine, workspace.clock.now)
    client = WebClient(token=BOT_TOKEN, base_url=f"{server.url}/api/", retry_handlers=[])
    introduced = ask_workspace(client)
    # What the registry holds as escalations are switched on opens none.
    without = {part: said for part, said in _POLICY.items() if part != "features"}
    adopt_policy(services, introduced, yaml.safe_dump(without))
    served = Served(introduced, client, client, UNLIMITED)
    ids = {user.email: user.id for user in workspace.users.values()}
    life = Life(services, served, workspace.clock.move_to, ids.__getitem__)
    go_back(life, stage.present)  # so that updates are owed from the first round on
    rows = read_rows(INITIATIVES_FILE.read_bytes())
    people = find_people(rows, lambda reference: look_up(client, reference))
    import_rows(services, Actor(served.id, "rollcall demo"), rows, people)
    _say_who_left(life, client, server.do(lambda: deactivate_leavers(workspace)))
    write_registry(life, stage.present)
    policies.adopt(services, served.id, introduced.name, yaml.safe_dump(_POLICY))
    read_levels(services, served)
    live_through_history(life, stage.present, tell)
    engine.dispose()  # the database is one file again, without its log
    server.do(lambda: _let_past_be_read(workspace, stage.present))
    _keep(stage, workspace)


def _say_who_left(life: Life, client: WebClient, user_ids: Iterable[str]) -> None:
    for user_id in user_ids:
        if profile := look_up(client, user_id):
            remember(life.services, life.workspace.id, profile)


def _let_past_be_read(workspace: Workspace, present: datetime) -> None:
    """Put what was said in its order; what was said before today has been read."""
    midnight = present.astimezone(ZONE).replace(hour=0, minute=0)
    read_up_to = f"{midnight.timestamp():.6f}"
    for channel in workspace.channels.values():
        channel.messages.sort(key=lambda message: message.ts)
        for user_id in channel.members:
            channel.read_up_to[user_id] = read_up_to


def _keep(stage: Stage, workspace: Workspace) -> None:
    """Keep the stage whole or not at all; another demo may be doing the same at this moment."""
    kept = _kept(stage)
    _KEPT.mkdir(exist_ok=True)
    for outdated in _KEPT.iterdir():  # of another week, or of other code
        if outdated != kept and not outdated.name.startswith(_UNFINISHED):
            shutil.rmtree(outdated, ignore_errors=True)
    fresh = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=_KEPT))
    snapshot.save(workspace, fresh / "workspace.json")
    shutil.copy(stage.database_file, fresh / "rollcall.db")
    try:
        fresh.rename(kept)
    except OSError:
        shutil.rmtree(fresh)  # the other was faster, and has kept the same


def _kept(stage: Stage) -> Path:
    """Return where the stage of this week and this code is kept."""
    digest = hashlib.sha256(stage.present.isoformat().encode())
    for name in MADE_OF:
        for file in sorted([ROOT / name, *(ROOT / name).rglob("*.*")]):
            if file.suffix in (".py", ".yml", ".csv"):
                digest.update(file.read_bytes())
    return _KEPT / digest.hexdigest()[:16]

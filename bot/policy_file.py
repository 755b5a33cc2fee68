"""The policy's file, and its way into the database."""

import structlog
from slack_sdk import WebClient

from bot.clients import Introduced, ask_workspace
from bot.settings import (
    Settings,
    SettingsInvalidError,
    StartRefusedError,
    why_unreadable,
)
from workflows import policies
from workflows.errors import PolicyInvalidError
from workflows.services import Services

_log = structlog.get_logger("rollcall.policy")


def read_policy_file(settings: Settings) -> str:
    """Return the policy as it is written.

    Raises:
        SettingsInvalidError: there is no such file.
    """
    try:
        return settings.policy_file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsInvalidError(
            f"POLICY_FILE: the policy can't be read ({type(error).__name__}). "
            "Copy policy.example.yml to policy.yml and fill it in."
        ) from None


def introduce(services: Services, client: WebClient, policy: str) -> str:
    """Ask Slack which workspace this is, see that it has a policy, return the workspace id.

    Raises:
        StartRefusedError: Slack can't be reached or refuses the token; the policy has faults.
    """
    introduced = ask_workspace(client)
    adopt_policy(services, introduced, policy)
    return introduced.workspace_id


def adopt_policy(services: Services, introduced: Introduced, policy: str) -> None:
    """Put the policy in force in the workspace that the token belongs to, if it has none yet.

    Raises:
        StartRefusedError: names every fault of the policy.
    """
    try:
        policies.adopt_first(services, introduced.workspace_id, introduced.name, policy)
    except PolicyInvalidError as error:
        faults = "\n".join(f"  {fault}" for fault in error.faults)
        raise StartRefusedError(f"POLICY_FILE: the policy has faults:\n{faults}") from None


def start_with_policy(services: Services, introduced: Introduced, settings: Settings) -> None:
    """Adopt the policy's file in a workspace without a policy; elsewhere warn where it differs.

    Raises:
        StartRefusedError, SettingsInvalidError: there is no policy, and the file can't be one.
    """
    if not policies.is_set(services, introduced.workspace_id):
        adopt_policy(services, introduced, read_policy_file(settings))
        return
    fault = why_not_in_force(services, introduced.workspace_id, settings)
    if fault:
        file = str(settings.policy_file)
        _log.warning("policy_file_not_in_force", file=file, why=fault, run=how_to_apply(settings))


def why_not_in_force(services: Services, workspace_id: str, settings: Settings) -> str:
    """Return why the policy in force is not that of the file; nothing where it is."""
    try:
        text = settings.policy_file.read_text(encoding="utf-8")
        is_same = policies.means_the_same(services, workspace_id, text)
    except (OSError, UnicodeDecodeError) as error:
        return f"it can't be read ({why_unreadable(error)})"
    except PolicyInvalidError:
        return "it has faults"
    return "" if is_same else "it differs from the policy in force"


def how_to_apply(settings: Settings) -> str:
    """Return the commands that show what differs, and put the file in force."""
    file = settings.policy_file
    return f"rollcall policy diff {file}, then rollcall policy apply {file}"

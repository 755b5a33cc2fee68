"""The policy's file, and its way into the database."""

from slack_sdk import WebClient

from bot.clients import Introduced, ask_workspace
from bot.settings import Settings, SettingsInvalidError, StartRefusedError
from workflows import policies
from workflows.errors import PolicyInvalidError
from workflows.services import Services


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
    """Ask Slack which workspace this is, put the policy in force there, return the workspace id.

    Raises:
        StartRefusedError: Slack can't be reached or refuses the token; the policy has faults.
    """
    introduced = ask_workspace(client)
    adopt_policy(services, introduced, policy)
    return introduced.workspace_id


def adopt_policy(services: Services, introduced: Introduced, policy: str) -> None:
    """Put the policy in force in the workspace that the token belongs to.

    Raises:
        StartRefusedError: names every fault of the policy.
    """
    try:
        policies.adopt(services, introduced.workspace_id, introduced.name, policy)
    except PolicyInvalidError as error:
        faults = "\n".join(f"  {fault}" for fault in error.faults)
        raise StartRefusedError(f"POLICY_FILE: the policy has faults:\n{faults}") from None

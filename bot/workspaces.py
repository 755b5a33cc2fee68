"""The workspaces that are served: who the bot is in each, and what talks to its Slack."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from bot.clients import Introduced, answering_client, ask_workspace, posting_client
from bot.settings import Settings
from workflows.outbox.policy import SLACK, Limits


@dataclass(frozen=True)
class Workspace:
    """One workspace with the bot in it; neither client may send a write twice by itself."""

    introduced: Introduced
    answering: WebClient  # for what somebody waits for
    posting: WebClient  # for what nobody waits for
    limits: Limits = SLACK  # how fast it takes messages

    @property
    def id(self) -> str:
        """Return Slack's id of it."""
        return self.introduced.workspace_id

    @property
    def authorization(self) -> AuthorizeResult:
        """Return what Bolt wants to know of the bot there."""
        return AuthorizeResult(
            enterprise_id=self.introduced.enterprise_id,
            team_id=self.id,
            bot_id=self.introduced.bot_id,
            bot_user_id=self.introduced.bot_user_id,
            bot_token=self.answering.token,
        )


class Workspaces:
    """All that this process serves, by their ids."""

    def __init__(self, several: Iterable[Workspace]) -> None:
        self._by_id = {workspace.id: workspace for workspace in several}

    def __iter__(self) -> Iterator[Workspace]:
        return iter(self._by_id.values())

    def __getitem__(self, workspace_id: str) -> Workspace:
        return self._by_id[workspace_id]

    @property
    def ids(self) -> Sequence[str]:
        """Return Slack's ids of them."""
        return list(self._by_id)

    def among(self, workspace_ids: Iterable[str]) -> Sequence[Workspace]:
        """Return those of these that are served: a database can know others from earlier."""
        return [self._by_id[one] for one in workspace_ids if one in self._by_id]

    def receiving(self, team_id: str | None) -> Workspace:
        """Return the workspace whose bot a payload has reached.

        Where one is served it is that one, whatever the payload names: people of elsewhere are
        turned away at the door, in the words of the workspace they came to.
        """
        first = next(iter(self._by_id.values()))
        return self._by_id.get(team_id or "", first)


def open_workspaces(settings: Settings) -> Workspaces:
    """Return the workspace that the token belongs to, as Slack introduces it.

    Raises:
        StartRefusedError: Slack can't be reached or refuses the token.
    """
    posting = posting_client(settings)
    introduced = ask_workspace(posting)
    return Workspaces([Workspace(introduced, answering_client(settings), posting)])

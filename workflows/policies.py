"""The policy in force: read, and replaced by a new version."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from storage import workspaces
from storage.models import Fact, Workspace
from storage.reading import Reader
from workflows import audit
from workflows.dates.reading import DateRules
from workflows.errors import NoPolicyError
from workflows.policy_document import PolicyDocument, read_policy
from workflows.policy_shapes import Weekday
from workflows.services import Services


@dataclass(frozen=True)
class Policy:
    """A policy document and the number it goes by in its workspace."""

    version: int
    document: PolicyDocument


def in_force(reader: Reader, workspace_id: str) -> Policy:
    """Return the workspace's present policy.

    Raises:
        NoPolicyError: nobody has set one.
    """
    row = workspaces.policy_in_force(reader, workspace_id)
    if row is None:
        raise NoPolicyError
    return Policy(row.version, read_policy(row.document))


def is_set(services: Services, workspace_id: str) -> bool:
    """Return whether the workspace has a policy."""
    with services.reading() as reader:
        workspace = workspaces.get(reader, workspace_id)
        return workspace is not None and workspace.policy_version > 0


def workspaces_with_one(services: Services) -> list[str]:
    """Return the workspaces that have a policy."""
    with services.reading() as reader:
        known = workspaces.every(reader)
        return [workspace.workspace_id for workspace in known if workspace.policy_version > 0]


def document_in_force(services: Services, workspace_id: str) -> PolicyDocument:
    """Return the document of the workspace's present policy.

    Raises:
        NoPolicyError: nobody has set one.
    """
    with services.reading() as reader:
        return in_force(reader, workspace_id).document


def rules_in_force(reader: Reader, workspace_id: str) -> DateRules:
    """Return by which rules dates are read; while nobody has set a policy, by none of its."""
    try:
        document = in_force(reader, workspace_id).document
    except NoPolicyError:
        return DateRules()
    return DateRules(
        working_days=frozenset(list(Weekday).index(day) for day in document.working_days),
        fiscal_year_start_month=document.fiscal_year_start_month,
    )


def date_rules(services: Services, workspace_id: str) -> DateRules:
    """Return by which rules dates are read in a workspace."""
    with services.reading() as reader:
        return rules_in_force(reader, workspace_id)


def of_version(reader: Reader, workspace_id: str, version: int) -> Policy:
    """Return the policy as it was in one version.

    Raises:
        NoPolicyError: there was no such version.
    """
    row = workspaces.policy(reader, workspace_id, version)
    if row is None:
        raise NoPolicyError
    return Policy(version, read_policy(row.document))


def means_the_same(services: Services, workspace_id: str, text: str) -> bool:
    """Return whether a text asks for what the policy in force asks for, however it is written.

    Raises:
        NoPolicyError, PolicyInvalidError: none is in force; the text has faults.
    """
    return read_policy(text) == document_in_force(services, workspace_id)


def adopt(
    services: Services,
    workspace_id: str,
    workspace_name: str,
    text: str,
    *,
    action: str = "adopt_policy",
) -> bool:
    """Put a policy in force unless it is so already; return whether it is new.

    It is entered in the audit log under the name of the `action`.

    Raises:
        PolicyInvalidError: the text has faults; the present policy stays in force.
    """
    read_policy(text)
    with services.transaction() as session:
        # Whoever adopts at the same time waits here, and then finds it done.
        workspace = workspaces.hold(session, workspace_id, workspace_name)
        present = workspaces.policy(session, workspace_id, workspace.policy_version)
        if present is not None and present.document == text:
            return False
        _put_in_force(session, workspace, text, services.now(), action)
        return True


def adopt_first(services: Services, workspace_id: str, workspace_name: str, text: str) -> bool:
    """Put a policy in force where there is none; return whether there was none.

    Raises:
        PolicyInvalidError: the text has faults.
    """
    read_policy(text)
    with services.transaction() as session:
        workspace = workspaces.hold(session, workspace_id, workspace_name)
        if workspace.policy_version > 0:  # another replica, or somebody who ran `apply`
            return False
        _put_in_force(session, workspace, text, services.now(), "adopt_policy")
        return True


def _put_in_force(
    session: Session, workspace: Workspace, text: str, now: datetime, action: str
) -> None:
    version = workspaces.add_policy(session, workspace, text, now)
    facts: dict[str, Fact] = {"version": version, "before": version - 1}
    audit.record_rule(
        session,
        now,
        workspace.workspace_id,
        action,
        f"v{version}",
        facts=facts,
        policy_version=version,
    )

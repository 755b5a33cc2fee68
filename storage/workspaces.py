"""Workspaces, and the policies they lived under."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from storage.insert import insert_once
from storage.models import PolicyVersion, Workspace
from storage.reading import Read, Reader, given

_BY_ID = Read(select(Workspace).where(Workspace.workspace_id == given("workspace_id")))
_EVERY = Read(select(Workspace).order_by(col(Workspace.workspace_id)))
_IN_FORCE = Read(
    select(PolicyVersion)
    .join(
        Workspace,
        (col(Workspace.workspace_id) == col(PolicyVersion.workspace_id))
        & (col(Workspace.policy_version) == col(PolicyVersion.version)),
    )
    .where(PolicyVersion.workspace_id == given("workspace_id"))
)
_POLICY = Read(
    select(PolicyVersion).where(
        PolicyVersion.workspace_id == given("workspace_id"),
        PolicyVersion.version == given("version"),
    )
)


def get(reader: Reader, workspace_id: str) -> Workspace | None:
    """Return the workspace, if it is known."""
    return _BY_ID.first(reader, workspace_id=workspace_id)


def every(reader: Reader) -> Sequence[Workspace]:
    """Return all workspaces."""
    return _EVERY.all(reader)


def hold(session: Session, workspace_id: str, name: str) -> Workspace:
    """Return the workspace, held until the transaction ends; a new one has no policy yet."""
    insert_once(session, Workspace(workspace_id=workspace_id, name=name))
    return session.get_one(Workspace, workspace_id, with_for_update={"key_share": True})


def policy_in_force(reader: Reader, workspace_id: str) -> PolicyVersion | None:
    """Return the present version of the policy, if there is one."""
    return _IN_FORCE.first(reader, workspace_id=workspace_id)


def policy(reader: Reader, workspace_id: str, version: int) -> PolicyVersion | None:
    """Return one version of the policy; it never changes."""
    return _POLICY.first(reader, workspace_id=workspace_id, version=version)


def add_policy(session: Session, workspace: Workspace, document: str, now: datetime) -> int:
    """Put a new version of the policy in force and return its number."""
    workspace.policy_version += 1
    session.add(
        PolicyVersion(
            workspace_id=workspace.workspace_id,
            version=workspace.policy_version,
            document=document,
            since_at=now,
        )
    )
    session.add(workspace)
    session.flush()
    return workspace.policy_version

"""Moving the clock: from one due thing to the next, so that each happens at its own time."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from sandbox.workspace import Workspace

# When the earliest thing that the app owes is due; None where it owes nothing or doesn't say.
NextDue = Callable[[], datetime | None]

CATCH_UP_SECONDS = 10.0
_LOOK_EVERY_SECONDS = 0.02
_SETTLE = timedelta(milliseconds=1)  # past the instant, so that it is due by anybody's rounding


class Rehearsal:
    """Moves the workspace's clock, and waits for the app to do what falls due on the way."""

    def __init__(
        self,
        workspace: Workspace,
        next_due: NextDue = lambda: None,
        catch_up_seconds: float = CATCH_UP_SECONDS,
    ) -> None:
        self._workspace, self._next_due = workspace, next_due
        self.catch_up_seconds = catch_up_seconds
        self._moving = asyncio.Lock()

    async def due_at(self) -> datetime | None:
        """Return when the next thing falls due."""
        return await asyncio.to_thread(self._next_due)

    async def advance(self, by: timedelta) -> bool:
        """Let time pass; return whether the app kept up."""
        async with self._moving:
            return await self._pass_until(self._workspace.clock.now() + by)

    async def to_next_due(self) -> bool:
        """Let time pass until the next thing is due; return whether the app kept up."""
        async with self._moving:
            due_at = await self.due_at()
            return True if due_at is None else await self._pass_until(due_at + _SETTLE)

    async def _pass_until(self, target: datetime) -> bool:
        kept_up = True
        clock = self._workspace.clock
        while (due_at := await self.due_at()) is not None and due_at <= target:
            if due_at >= clock.now():
                clock.move_to(due_at + _SETTLE)
                await self._workspace.touch()
            if not (kept_up := await self._caught_up()):
                break
        if target > clock.now():
            clock.move_to(target)
        await self._workspace.touch()
        return kept_up

    async def _caught_up(self) -> bool:
        """Wait until nothing is due any more, for a while."""
        try:
            async with asyncio.timeout(self.catch_up_seconds):
                while True:
                    due_at = await self.due_at()
                    if due_at is None or due_at > self._workspace.clock.now():
                        return True
                    await asyncio.sleep(_LOOK_EVERY_SECONDS)
        except TimeoutError:
            return False

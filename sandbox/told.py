"""What whoever runs the workspace tells of its app: by itself it knows nothing of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Told:
    """Shown beside people and the clock."""

    roles: Mapping[str, str] = field(default_factory=dict)  # by user id
    next_due: str = ""  # what comes next, and for whom


Tell = Callable[[], Told]

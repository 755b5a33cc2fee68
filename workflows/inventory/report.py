"""What an import does, or would do."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from workflows.inventory.alike import Alike
from workflows.inventory.rows import Aside, Refusal

_MOST_KEPT = 2000  # remarks; the rest is counted


@dataclass(frozen=True)
class Remark:
    """What there is to say of one row."""

    number: int
    words: tuple[str, ...]
    key: str = ""  # of its initiative, where it is one


@dataclass
class Report:
    """What an import does, or would do."""

    new: int = 0
    changed: int = 0
    same: int = 0
    doubtful_count: int = 0
    refused_count: int = 0
    doubtful: list[Remark] = field(default_factory=list)
    refused: list[Remark] = field(default_factory=list)
    changes: list[Remark] = field(default_factory=list)  # the names of the facts that change
    missing: list[str] = field(default_factory=list)  # keys that the file doesn't have; they stay
    asides: list[Remark] = field(default_factory=list)  # rows that are no initiatives
    alike: list[Alike] = field(default_factory=list)  # with other departments' initiatives
    import_id: str = ""  # under which it was stored; "" if nothing was

    def doubt(self, number: int, words: Sequence[str], key: str = "") -> None:
        """Note that something of a row is doubtful."""
        self.doubtful_count += 1
        if len(self.doubtful) < _MOST_KEPT:
            self.doubtful.append(Remark(number, tuple(words), key))

    def refuse(self, refusal: Refusal) -> None:
        """Note that a row can't be taken."""
        self.refused_count += 1
        if len(self.refused) < _MOST_KEPT:
            self.refused.append(Remark(refusal.number, refusal.reasons))

    def set_aside(self, aside: Aside) -> None:
        """Note that a row is no initiative."""
        if len(self.asides) < _MOST_KEPT:
            self.asides.append(Remark(aside.number, (aside.what,)))

    def change(self, number: int, key: str, names: Sequence[str]) -> None:
        """Note that a row changes an initiative."""
        self.changed += 1
        if len(self.changes) < _MOST_KEPT:
            self.changes.append(Remark(number, tuple(names), key))

"""Following the chain of one workspace, and judging what does not fit: pure, and in little memory.

A link is compared with the seal that is stored before it, so that one change is one finding and
not a finding for all that follows. What does not fit is looked at again at the end: does it follow
another seal, or is it what was sealed elsewhere? Then it was moved.
"""

from collections import deque
from dataclasses import dataclass
from enum import StrEnum

from workflows.audit_log.policy import START, seal_after

MOST_NAMED = 500  # findings are named, and what doesn't fit is compared with all the others
_LOOKED_BACK = 8  # seals before one that doesn't fit: so many links may have come between


class Fault(StrEnum):
    """What can be wrong with an entry."""

    CHANGED = "changed"  # it, or what stood before it together with its seal
    MISSING = "missing"
    REORDERED = "reordered"
    SEAL_CHANGED = "seal changed"  # the entry is as it was
    ADDED = "added"  # it has no seal, and was not written to get one


@dataclass(frozen=True)
class Finding:
    """Something that is wrong, by the place in the chain and the entry, where they are known."""

    fault: Fault
    position: int | None = None
    entry_id: str = ""
    last_position: int | None = None  # where several in a row are missing
    belongs_at: int | None = None  # of what was moved


@dataclass(frozen=True)
class Sealed:
    """A link, and the text of its entry; None: the entry is gone, or can't be read."""

    position: int
    entry_id: str
    seal: str
    text: str | None
    is_there: bool = True


@dataclass(frozen=True)
class _Suspect:
    link: Sealed
    before: str  # the seal that it should follow; "": the link before it is gone
    text: str


class Walk:
    """Takes links in their order, one by one."""

    def __init__(self) -> None:
        self.position = 0
        self.seal = START
        self.more = 0  # what is wrong and not named any more
        self._findings: list[Finding] = []
        self._suspects: list[_Suspect] = []
        self._anchors: dict[str, int] = {}  # seals near to what doesn't fit, with their places
        self._lately: deque[tuple[str, int]] = deque([(START, 0)], maxlen=_LOOKED_BACK)

    def take(self, link: Sealed) -> None:
        """Follow the next link."""
        before = self.seal
        if link.position != self.position + 1:
            gap = Finding(Fault.MISSING, self.position + 1, last_position=link.position - 1)
            self._note(gap)
            before = ""
        if link.text is None:
            fault = Fault.CHANGED if link.is_there else Fault.MISSING
            self._note(Finding(fault, link.position, link.entry_id))
        elif seal_after(before, link.text) != link.seal and not self._follows_true_seal(link):
            self._suspect(_Suspect(link, before, link.text))
        self.position, self.seal = link.position, link.seal
        self._lately.append((link.seal, link.position))

    def findings(self) -> list[Finding]:
        """Return what is wrong so far, in the order of the chain."""
        found = [*self._findings, *self._judged()]
        return sorted(found, key=lambda one: one.position or 0)

    def _note(self, finding: Finding) -> None:
        self._anchors |= dict(self._lately)
        if len(self._findings) < MOST_NAMED:
            self._findings.append(finding)
        else:
            self.more += 1

    def _suspect(self, suspect: _Suspect) -> None:
        if len(self._suspects) == MOST_NAMED:
            self.more += bool(suspect.before)
            return
        self._suspects.append(suspect)
        self._anchors |= dict(self._lately)
        self._anchors[suspect.link.seal] = suspect.link.position

    def _follows_true_seal(self, link: Sealed) -> bool:
        """Tell whether a link follows what the seal before it should be: that was changed alone."""
        if not self._suspects or link.text is None:
            return False
        last = self._suspects[-1]
        if last.link.position != link.position - 1 or not last.before:
            return False
        if seal_after(seal_after(last.before, last.text), link.text) != link.seal:
            return False
        self._suspects.pop()
        self._note(Finding(Fault.SEAL_CHANGED, last.link.position, last.link.entry_id))
        return True

    def _judged(self) -> list[Finding]:
        follows = {one.link.position: self._followed(one) for one in self._suspects}
        judged = []
        for one in self._suspects:
            position, entry_id = one.link.position, one.link.entry_id
            place = _place(position, follows) or self._sealed_at(one)
            if place is not None and place != position:
                judged.append(Finding(Fault.REORDERED, position, entry_id, belongs_at=place))
            elif place is None and one.before:
                judged.append(Finding(Fault.CHANGED, position, entry_id))
        return judged

    def _followed(self, one: _Suspect) -> int | None:
        """Return the place of the seal that a link does follow, with the entry that it has."""
        for seal, position in self._anchors.items():
            if seal_after(seal, one.text) == one.link.seal:
                return position
        return None

    def _sealed_at(self, one: _Suspect) -> int | None:
        """Return the place of the link that was made of an entry that stands at another."""
        for other in self._suspects:
            if other.before and seal_after(other.before, one.text) == other.link.seal:
                return other.link.position
        return None


def _place(position: int, follows: dict[int, int | None]) -> int | None:
    """Return where a link belongs, seen from the links that it follows; None: it follows none."""
    steps = 0
    while position in follows:
        followed = follows[position]
        if followed is None:
            return position + steps if steps else None
        position, steps = followed, steps + 1
    return position + steps

"""What the start has made is not looked through again; what comes later is."""

import gc
import weakref
from collections.abc import Iterator

import pytest

from bot.garbage import spare_what_is_loaded


class Loop:
    """Refers to itself, so that only the collector can free it."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def collector() -> Iterator[None]:
    threshold = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*threshold)


@pytest.mark.usefixtures("collector")
def test_what_is_loaded_is_spared_and_what_comes_later_is_collected() -> None:
    early = Loop()
    spared = weakref.ref(early)
    spare_what_is_loaded()
    late = Loop()
    collected = weakref.ref(late)

    del early, late
    gc.collect()

    assert spared() is not None
    assert collected() is None
    assert gc.get_threshold()[0] > 700

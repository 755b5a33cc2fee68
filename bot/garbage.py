"""The garbage collector, set for a process that loads much once and then serves for weeks."""

import gc

_ALLOCATED = 50_000  # between two looks; Python's 700 is for programs that hold little


def spare_what_is_loaded() -> None:
    """Leave what is loaded now to itself: modules, statements and settings stay for good.

    The collector would walk through all of it each time that many rows are read, which took
    nearly half of what a large sweep takes. What comes later is collected as ever.
    """
    gc.freeze()
    gc.set_threshold(_ALLOCATED, *gc.get_threshold()[1:])

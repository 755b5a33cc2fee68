"""Finds the Chromium that the browser tests drive, and says so where there is none."""

import os
import shutil

CHROMIUM_IS_MISSING = "Chromium is missing"
HOW_TO_GET_IT = (
    "apt-get install chromium (Debian), or name a Chromium that is elsewhere: "
    "CHROMIUM=/path/to/chromium make test"
)


def find_chromium() -> str | None:
    """Return where Chromium is, or None."""
    names = (os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")
    return next((found for name in names if name and (found := shutil.which(name))), None)

"""Ask the bot in this container whether it lives: 0 if so, 1 if not."""

import os
import sys
import urllib.request

_TIMEOUT_SECONDS = 5


def main() -> int:
    """Ask /healthz at the port of HEALTH_ADDRESS."""
    port = os.environ.get("HEALTH_ADDRESS", "").rpartition(":")[2]
    try:
        with urllib.request.urlopen(
            f"http://127.0.0.1:{port}/healthz", timeout=_TIMEOUT_SECONDS
        ) as answer:
            return 0 if answer.status == 200 else 1
    except (OSError, ValueError) as error:  # ValueError: of a port that is none
        sys.stderr.write(f"/healthz at port {port}: {error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())

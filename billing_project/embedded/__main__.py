"""Run the embedded servers until Ctrl-C, and print how to reach them."""

import signal
import sys
from contextlib import suppress

from billing_project.embedded.launcher import Servers
from billing_project.embedded.places import EmbeddedError, demo_home


def main() -> int:
    servers = Servers(demo_home())
    servers.release_at_exit()
    try:
        servers.start()
    except EmbeddedError as error:
        print(error, file=sys.stderr)
        return 1
    for name, value in servers.environment().items():
        print(f"{name}={value}", flush=True)
    with suppress(KeyboardInterrupt):
        signal.pause()
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Run the embedded servers until Ctrl-C, and print how to reach them."""

import signal
import sys

from billing_project.embedded.launcher import Servers
from billing_project.embedded.places import EmbeddedError, demo_home


def main() -> int:
    servers = Servers(demo_home())
    try:
        servers.start()
    except EmbeddedError as error:
        print(error, file=sys.stderr)
        return 1
    servers.release_at_exit()
    for name, value in servers.environment().items():
        print(f"{name}={value}", flush=True)
    signal.sigwait({signal.SIGINT, signal.SIGTERM})
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Runs both simulators in the foreground until TERM or Ctrl-C."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from pathlib import Path

from integrations.simulators.local import start_local


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m integrations.simulators",
        description="Stand-ins for Alegra and MasterShop, each on a port of its own.",
        epilog=(
            "Each side has its API (Alegra below /api/v1, MasterShop below /api), pages for"
            " people at / and, unless --no-control is given, a control interface:"
            " GET /_control/ledger, GET /_control/calls, GET and POST /_control/switches,"
            " POST /_control/companies, POST /_control/reset."
        ),
    )
    parser.add_argument("--alegra-port", type=int, required=True, metavar="N")
    parser.add_argument("--mastershop-port", type=int, required=True, metavar="N")
    parser.add_argument(
        "--data", type=Path, required=True, metavar="DIR", help="where both keep what they hold"
    )
    parser.add_argument(
        "--host", default="127.0.0.1", help="address to listen on (default: loopback only)"
    )
    parser.add_argument(
        "--no-control",
        action="store_true",
        help="no control interface; the pages ask for the company's user and token."
        " POST /_control/companies still answers to X-Simulators-Key = $SIMULATORS_KEY, if set",
    )
    parser.add_argument(
        "--seed-demo",
        action="store_true",
        help="make the demo company, Hogar Andino S.A.S., if it is not there yet",
    )
    return parser


def main(argv: list[str] | None = None) -> int:
    options = arguments().parse_args(argv)
    finished = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: finished.set())
    try:
        running = start_local(
            options.data,
            host=options.host,
            alegra_port=options.alegra_port,
            mastershop_port=options.mastershop_port,
            control=not options.no_control,
            seed_demo=options.seed_demo,
        )
    except OSError as error:
        print(f"The simulators cannot start: {error}", file=sys.stderr)
        return 1
    print(f"Alegra {running.alegra_url}  MasterShop {running.mastershop_url}", flush=True)
    finished.wait()
    running.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())

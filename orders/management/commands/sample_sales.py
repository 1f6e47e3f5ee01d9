from argparse import ArgumentTypeError
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from orders.sales_file import write_sales_file
from orders.sales_sample import sample_sales


def _month(text: str) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not a month: write it as 2026-10") from None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not a day: write it as 2026-10-31") from None


def _count(text: str) -> int:
    if text.isdecimal() and 1 <= int(text) <= 300_000:
        return int(text)
    raise ArgumentTypeError(f"{text!r} is not a number from 1 to 300000")


class Command(BaseCommand):
    help = (
        "Writes an invented month of sales, as a back office would export it. The same seed, the same file."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--month", type=_month, required=True, help="month of the sales, as in 2026-10")
        parser.add_argument("--customers", type=_count, default=300)
        parser.add_argument("--lines", type=_count, default=2000)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--until", type=_day, help="leave out deliveries after this day")
        parser.add_argument("--encoding", choices=("cp932", "utf-8", "utf-8-sig"), default="cp932")
        parser.add_argument("-o", "--output", type=Path, required=True, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = {name: options[name] for name in ("month", "customers", "lines", "seed", "until")}
        rows = sample_sales(**wanted)
        options["output"].write_bytes(write_sales_file(rows, encoding=options["encoding"]))
        self.stdout.write(f"{options['output']}: {len(rows)} sales")

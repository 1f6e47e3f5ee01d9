"""A story as it happens, for people: every step, document, mail and ledger entry."""

from collections.abc import Callable
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from playbooks.runner.compare import shown
from playbooks.runner.outcome import Event, Outcome


def show(outcome: Outcome, console: Console) -> None:
    """Prints the story from beginning to end."""
    console.rule(f"[bold]{escape(outcome.title or outcome.file)}[/bold]")
    for event in outcome.events:
        console.print(f"[dim]{event.at:%Y-%m-%d %H:%M}[/dim] ", end="")
        _PRINTERS[event.kind](event, console)
    show_line(outcome, console)


def show_line(outcome: Outcome, console: Console) -> None:
    """One line for a file that holds; for another also what differed."""
    name = "  ".join(escape(text) for text in (outcome.file, outcome.title) if text)
    if outcome.passed:
        figures = f"{outcome.steps} steps, {outcome.seconds:.1f} s"
        console.print(f"[green]ok[/green]   {name} [dim]({figures})[/dim]")
        return
    console.print(f"[red]FAIL[/red] {name} [dim]({outcome.code})[/dim]")
    for problem in outcome.problems:
        console.print(f"     {escape(str(problem))}")


def _step(event: Event, console: Console) -> None:
    fields = event.facts.get(event.title)
    console.print(f"[bold cyan]{event.title}[/bold cyan] {escape(shown(fields)) if fields else ''}")


def _job(event: Event, console: Console) -> None:
    console.print(f"[magenta]job {event.title}[/magenta] {escape(shown(event.facts['result']))}")


def _document(event: Event, console: Console) -> None:
    facts = {
        key: value for key, value in event.facts.items() if key != "number" and value not in (None, [], {})
    }
    console.print(f"[yellow]document {escape(event.title)}[/yellow] {escape(shown(facts))}")


def _mail(event: Event, console: Console) -> None:
    console.print(f"[blue]mail[/blue] <{escape(event.facts['to'])}> {escape(event.title)}")


def _entry(event: Event, console: Console) -> None:
    console.print(f"[green]entry {event.title}[/green] dated {event.facts['booked_on']}")
    table = Table(show_header=True, box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(" " * 16)
    table.add_column("account")
    table.add_column("debit", justify="right")
    table.add_column("credit", justify="right")
    for line in event.facts["lines"]:
        table.add_row("", _account(line), _yen(line["debit"]), _yen(line["credit"]))
    console.print(table)


def _account(line: dict[str, Any]) -> str:
    return f"{line['account']} {line['customer'] or ''}".strip()


def _yen(amount: int) -> str:
    return f"{amount:,}" if amount else ""


_PRINTERS: dict[str, Callable[[Event, Console], None]] = {
    "step": _step,
    "job": _job,
    "document": _document,
    "mail": _mail,
    "entry": _entry,
}

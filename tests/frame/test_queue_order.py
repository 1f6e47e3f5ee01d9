"""What an operator waits for does not stand behind a month of mails and files."""

from __future__ import annotations

from billing_project.celery import app
from billing_project.outbox.tasks import send_waiting
from billing_project.tenancy.tasks import publish
from invoices.tasks import close_month_asked_for, make_export
from ledger.tasks import write_journal


def test_runs_go_before_the_many() -> None:
    many = [(send_waiting, [1]), (make_export, [1, 1]), (send_waiting, [1])]
    asked = [(write_journal, [1, 1]), (close_month_asked_for, [1, 1])]
    with app.connection_for_write() as connection:
        queue = connection.SimpleQueue(app.conf.task_default_queue)
        queue.clear()
        for task, arguments in (*many, *asked):
            publish(task, *arguments)
        messages = [queue.get(timeout=5) for _ in range(5)]
        for message in messages:
            message.ack()
        queue.close()
    assert [message.headers["task"] for message in messages] == [task.name for task, _ in (*asked, *many)]

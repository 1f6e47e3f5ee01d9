"""Long work that operators ask for: each kind names its task, so that it can be asked for again."""

from django.apps import apps
from django.utils.module_loading import import_string

from billing_project.jobs.runs import Run


def test_every_kind_of_run_names_a_task() -> None:
    names = {model.task_name for model in apps.get_models() if issubclass(model, Run)}
    assert names >= {"invoices.tasks.close_month_asked_for", "orders.tasks.import_upload"}
    assert {import_string(name).name for name in names} == names

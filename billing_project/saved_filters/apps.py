from django.apps import AppConfig


class SavedFiltersConfig(AppConfig):
    name = "billing_project.saved_filters"
    label = "saved_filters"

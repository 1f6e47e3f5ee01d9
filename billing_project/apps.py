from django.apps import AppConfig


class FrameConfig(AppConfig):
    name = "billing_project"
    label = "frame"

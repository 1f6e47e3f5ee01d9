from django.urls import path

from invoices.views.setup import sample

urlpatterns = [path("<str:token>/sample.pdf", sample, name="setup_sample")]

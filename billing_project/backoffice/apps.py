from django.contrib.admin.apps import AdminConfig


class OperatorAdminConfig(AdminConfig):
    default_site = "billing_project.backoffice.site.OperatorSite"

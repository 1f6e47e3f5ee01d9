from django.contrib.admin.apps import AdminConfig


class OperatorAdminConfig(AdminConfig):
    default_site = "billing_project.backoffice.site.OperatorSite"

    def ready(self) -> None:
        from billing_project.backoffice.rows import write_rows_ourselves

        write_rows_ourselves()
        super().ready()

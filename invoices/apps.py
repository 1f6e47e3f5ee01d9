from django.apps import AppConfig
from django.core.checks import register
from django.utils.translation import gettext_lazy as _


class InvoicesConfig(AppConfig):
    name = "invoices"
    verbose_name = _("Invoices")

    def ready(self) -> None:
        from invoices.archive_check import Archive, register_archive
        from invoices.jobs import register_jobs
        from invoices.mails import register_mails
        from invoices.rendering.checks import check_pdf_rendering
        from invoices.verification import register_checks

        register(check_pdf_rendering)
        register_jobs()
        register_mails()
        register_checks()
        register_archive(
            Archive(
                "documents",
                files="invoices_documentfile",
                owners="invoices_document",
                owner="document_id",
                forms=("application/pdf", "application/xml"),
                made_later="issued_at",
            )
        )

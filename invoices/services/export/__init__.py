"""Documents handed over: an index as CSV, and each one's PDF and XML, in a folder or a ZIP archive."""

from invoices.services.export.folder import export_documents
from invoices.services.export.index import INDEX, DamagedFileError
from invoices.services.export.making import ask_for_export, check_fetchable, make_files, progress_of_export
from invoices.services.export.zipping import zip_of

__all__ = [
    "INDEX",
    "DamagedFileError",
    "ask_for_export",
    "check_fetchable",
    "export_documents",
    "make_files",
    "progress_of_export",
    "zip_of",
]

from invoices.models.archive import (
    AccessAction,
    DocumentAccess,
    DocumentExport,
    DocumentFile,
    DocumentLink,
    Form,
)
from invoices.models.charge import Charge
from invoices.models.closing import BillingGate, Closing, ClosingState, LeftOut, MonthRun, PreviewRun
from invoices.models.document import (
    Document,
    DocumentKind,
    DocumentLine,
    DocumentTax,
    IssuerSnapshot,
    NumberCounter,
)
from invoices.models.eseal import DocumentSeal, SealCertificate
from invoices.models.paper import PaperRequest
from invoices.models.settlement import Allocation, AllocationSource, OpenItem
from invoices.models.wrong_recipient import WrongRecipient

__all__ = [
    "AccessAction",
    "Allocation",
    "AllocationSource",
    "BillingGate",
    "Charge",
    "Closing",
    "ClosingState",
    "Document",
    "DocumentAccess",
    "DocumentExport",
    "DocumentFile",
    "DocumentKind",
    "DocumentLine",
    "DocumentLink",
    "DocumentSeal",
    "DocumentTax",
    "Form",
    "IssuerSnapshot",
    "LeftOut",
    "MonthRun",
    "NumberCounter",
    "OpenItem",
    "PaperRequest",
    "PreviewRun",
    "SealCertificate",
    "WrongRecipient",
]

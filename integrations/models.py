"""Registers the rooms' models with the one app; holds no logic."""

from integrations.audit.models import AuditEntry
from integrations.books.models import BooksAudit, BooksFinding, BooksSeen
from integrations.catalog.models import AlegraItem, ProductLink, Variant
from integrations.configuration.models import Answer, BankEquivalence, DocumentSettings
from integrations.connections.models import (
    AlegraCompany,
    AlegraSlot,
    AlegraUser,
    BusinessDigest,
    Credential,
    Integration,
    PlatformState,
    ReferenceEntry,
)
from integrations.connections.source_account import SourceAccount
from integrations.connections.source_read import SourceRead
from integrations.documents.draft_reading import DraftReading
from integrations.documents.models import (
    BuyerContact,
    ContactIndex,
    Document,
    DocumentAttempt,
    DocumentProblem,
    DocumentStateChange,
    DocumentStep,
    IndexedContact,
)
from integrations.intake.models import RefusedEvents
from integrations.inventory.models import Bodega, StockMovement, WarehouseLink
from integrations.notifications.models import MailLog, Recipient
from integrations.orders.models import (
    Order,
    OrderCorrection,
    OrderEvent,
    OrderLine,
    OrderLineChoice,
    OrderStatusTime,
)
from integrations.payments.models import (
    Payment,
    PaymentAttempt,
    PaymentProblem,
    PaymentStateChange,
    PaymentStep,
)
from integrations.sending.bulk.models import BulkItem, BulkRun
from integrations.sending.models import Cause
from integrations.sending.safe_start.models import CompanyLook, Forgotten
from integrations.tenancy.models import Invitation, Membership, Organization, User
from integrations.triggers.models import TriggerRule

__all__ = [
    "AlegraCompany",
    "AlegraItem",
    "AlegraSlot",
    "AlegraUser",
    "Answer",
    "AuditEntry",
    "BankEquivalence",
    "Bodega",
    "BooksAudit",
    "BooksFinding",
    "BooksSeen",
    "BulkItem",
    "BulkRun",
    "BusinessDigest",
    "BuyerContact",
    "Cause",
    "CompanyLook",
    "ContactIndex",
    "Credential",
    "Document",
    "DocumentAttempt",
    "DocumentProblem",
    "DocumentSettings",
    "DocumentStateChange",
    "DocumentStep",
    "DraftReading",
    "Forgotten",
    "IndexedContact",
    "Integration",
    "Invitation",
    "MailLog",
    "Membership",
    "Order",
    "OrderCorrection",
    "OrderEvent",
    "OrderLine",
    "OrderLineChoice",
    "OrderStatusTime",
    "Organization",
    "Payment",
    "PaymentAttempt",
    "PaymentProblem",
    "PaymentStateChange",
    "PaymentStep",
    "PlatformState",
    "ProductLink",
    "Recipient",
    "ReferenceEntry",
    "RefusedEvents",
    "SourceAccount",
    "SourceRead",
    "StockMovement",
    "TriggerRule",
    "User",
    "Variant",
    "WarehouseLink",
]

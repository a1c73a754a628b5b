"""After a change: which open causes it repaired, so that exactly their orders go again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from integrations.configuration import numberings
from integrations.configuration.answers import answer_of
from integrations.configuration.lookup import account_for, payment_family
from integrations.configuration.models import Answer, DocumentSettings
from integrations.configuration.questions import CHARGE_NAME, QUESTIONS, KeptAs
from integrations.configuration.questions.short_totals import SHORT_KEPT
from integrations.configuration.references import is_choosable
from integrations.connections.models import AlegraCompany, Integration, ReferenceEntry
from integrations.sending.models import Cause
from integrations.sending.release import release

Kind = ReferenceEntry.Kind


def registers_payments(settings: DocumentSettings, company: AlegraCompany) -> bool:
    """Whether payments are to be registered, so that accounts are compulsory."""
    return (
        settings.kind == DocumentSettings.Kind.INVOICE
        and settings.register_payment == DocumentSettings.RegisterPayment.ON_ISSUE
        and company.has_banks
    )


def release_cured(integration: Integration, settings: DocumentSettings, *, by: str) -> int:
    """Make due what waited for the settings as they are now; returns how many orders.

    Call it in the transaction that saved them.
    """
    released = 0
    causes = Cause.objects.open().filter(integration=integration, code__in=CURED)
    open_causes = causes.values_list("code", "subject_key")
    for code, subject in list(open_causes):
        if CURED[code](integration, settings, subject):
            released += release(code, subject, integration=integration, by=by)
    return released


def release_returned(company: AlegraCompany, back: Iterable[tuple[str, str]]) -> int:
    """What had vanished from Alegra is there again: free the orders that waited for it."""
    released = 0
    rows = Integration.objects.filter(company=company).select_related("credential")
    for integration in rows.active():
        for kind, alegra_id in back:
            released += release("reference_missing", f"{kind}:{alegra_id}", integration=integration)
    return released


def release_closed_periods(company: AlegraCompany, *, by: str) -> int:
    """*Libros cerrados hasta* has another date: payments that fell into a period that Alegra has
    closed are dated anew. Call it in the transaction that saved it."""
    released = 0
    causes = Cause.objects.open().filter(integration__company=company, code="payment_period_closed")
    for cause in causes.select_related("integration__credential"):
        released += release(cause.code, cause.subject_key, integration=cause.integration, by=by)
    return released


def release_numbered(company: AlegraCompany, code: str, subject: str) -> int:
    """A numbering gives numbers again: free what waits for it; returns how many orders."""
    if not numberings.gives_numbers(company, subject.partition(":")[2], code=code):
        return 0
    rows = Integration.objects.filter(company=company).select_related("credential")
    return sum(release(code, subject, integration=integration) for integration in rows.active())


def _has_account(integration: Integration, settings: DocumentSettings, key: str) -> bool:
    if not registers_payments(settings, integration.company):
        return True
    # Its family is read from the method's own words, which the key has lost.
    told = Cause.objects.filter(integration=integration, code="account_missing", subject_key=key)
    params = told.values_list("params", flat=True).first() or {}
    method = params.get("method") or key
    family = payment_family(integration, method)
    return account_for(integration, settings, method, family) is not None


def _reference_is_good(integration: Integration, settings: DocumentSettings, subject: str) -> bool:
    """It can be chosen again, or nothing here points to it any more."""
    kind, _, alegra_id = subject.partition(":")
    chosen = {
        Kind.SELLER: [settings.seller],
        Kind.COST_CENTER: [settings.cost_center],
        Kind.NUMBER_TEMPLATE: [settings.number_template],
        Kind.BANK_ACCOUNT: [
            settings.cod_account if settings.cod_enabled else "",
            *integration.bank_equivalences.values_list("account", flat=True),
        ],
    }.get(kind)
    if chosen is None:
        return False  # a bodega: its own screen decides
    return alegra_id not in chosen or is_choosable(integration.company, kind, alegra_id)


def _prices_are_told(_integration: Integration, settings: DocumentSettings, subject: str) -> bool:
    """`subject` is how the order reads: with IVA "included" in its prices or "excluded"."""
    return settings.prices_told or settings.prices_include_tax == (subject == "included")


def _is_answered(
    code: str, integration: Integration, settings: DocumentSettings, subject: str
) -> bool:
    question = QUESTIONS[code]
    if question.kept_as is KeptAs.SETTING:
        return bool(question.kept_in(settings))
    return bool(answer_of(integration, code, subject))


CURED: dict[str, Callable[[Integration, DocumentSettings, str], bool]] = {
    "account_missing": _has_account,
    "payment_off": lambda _integration, settings, _subject: (
        settings.register_payment == DocumentSettings.RegisterPayment.ON_ISSUE
    ),
    "payment_period_closed": lambda integration, _settings, day: (
        integration.company.books_closed_until is not None
        and integration.company.books_closed_until.isoformat() >= day
    ),
    "cod_disabled": lambda _integration, settings, _subject: settings.cod_enabled,
    "reference_missing": _reference_is_good,
    **{code: partial(numberings.is_cured, code=code) for code in numberings.SHOWN_BY_COPY},
    numberings.REFUSED: numberings.is_replaced,
    "charges_item_unusable": lambda _integration, settings, subject: (
        not settings.charges_enabled or settings.charges_item != subject
    ),
    "charge_product_unusable": lambda integration, _settings, subject: (
        not (
            Answer.objects.filter(
                integration=integration, question=CHARGE_NAME, picked__item=subject
            ).exists()
        )
    ),
    "charges_disabled": lambda _integration, settings, _subject: bool(
        settings.charges_enabled and settings.charges_item
    ),
    **{
        code: partial(_is_answered, code)
        for code, question in QUESTIONS.items()
        if code != SHORT_KEPT and not question.is_of_set_up
    },
    "prices_tax": _prices_are_told,
    "settings_missing": lambda _integration, settings, _subject: settings.saved_at is not None,
}

"""*Configuración general*, its choices, the refresh of the lists, and *Libros cerrados hasta*."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from integrations.alegra.errors import AlegraError, NotFound
from integrations.configuration import charges, definitive, saving
from integrations.configuration.asked_elsewhere import answered_elsewhere
from integrations.configuration.choices import Kind, Lists, today
from integrations.configuration.curing import release_returned
from integrations.configuration.equivalences import (
    account_name,
    family_name,
    is_asked,
    means_name,
    method_label,
)
from integrations.configuration.forms import DOCUMENTS, BooksForm, SettingsForm
from integrations.configuration.lookup import settings_of
from integrations.configuration.models import BankEquivalence, DocumentSettings
from integrations.configuration.references import refresh_company
from integrations.connections.clients import alegra_client
from integrations.connections.lookup import integration_or_404
from integrations.connections.models import Integration
from integrations.connections.numbering import Numbering
from integrations.connections.pace import Pace
from integrations.connections.rights import rights
from integrations.connections.validation import LEAST_PRECISION, explain, precision_sentence
from integrations.tenancy.access import organization_view
from integrations.tenancy.roles import Act

SEARCHED = {Kind.SELLER, Kind.COST_CENTER, Kind.BANK_ACCOUNT, Kind.NUMBER_TEMPLATE}


@organization_view(read=Act.READ, write=Act.EDIT)
def settings(request: HttpRequest, integration: int) -> HttpResponse:
    row = integration_or_404(integration)
    lists = Lists(row.company)
    chosen = settings_of(row)
    equivalences = list(
        BankEquivalence.objects.filter(integration=row).order_by("family", "method")
    )
    form = SettingsForm(
        request.POST or None,
        integration=row,
        settings=chosen,
        equivalences=equivalences,
        lists=lists,
    )
    if request.method == "POST" and form.is_valid() and _charges_exist(form, row, chosen):
        before = _past_orders(row)
        freed = saving.save_settings(row, form, request=request)
        messages.success(request, saved_sentence(freed))
        _say_past_orders(request, row, _past_orders(row) - before)
        return redirect("settings", request.organization.slug, row.pk)
    books = BooksForm(initial={"books_closed_until": row.company.books_closed_until})
    return render(
        request, "configuration/settings.html", _context(request, form, row, chosen, books)
    )


def _past_orders(row: Integration) -> int:
    return sum(count(row) for count in saving.past_orders)


def _say_past_orders(request: HttpRequest, row: Integration, more: int) -> None:
    """Another answer may turn orders into past ones, which wait for a person's yes."""
    if more <= 0:
        return
    text = ngettext(
        "%(n)d pedido queda como pedido anterior y espera tu confirmación:",
        "%(n)d pedidos quedan como pedidos anteriores y esperan tu confirmación:",
        more,
    ) % {"n": more}
    url = reverse("backlog", args=[request.organization.slug, row.pk])
    link = format_html('{} <a href="{}">{}</a>.', text, url, _("ver los pedidos anteriores"))
    messages.warning(request, link)


def saved_sentence(freed: int) -> str:
    if not freed:
        return _("Guardado.")
    return ngettext(
        "Guardado. %(n)s pedido que esperaba ya va en camino.",
        "Guardado. %(n)s pedidos que esperaban ya van en camino.",
        freed,
    ) % {"n": freed}


def _charges_exist(form: SettingsForm, row: Integration, chosen: DocumentSettings) -> bool:
    """Read a newly chosen product for charges; False with an error in the form."""
    data = form.cleaned_data
    wanted = data["charges_item"]
    if not wanted or wanted == chosen.charges_item:
        return True
    pace = Pace(row.credential.alegra_user_id, for_person=True)
    try:
        with alegra_client(row.credential, pace=pace) as client:
            data["charges_item_name"] = charges.keep(row.company, client, wanted)[:200]
    except charges.CannotBeInvoiced:
        form.add_error("charges_item", _("Ese producto no se puede facturar. Elige otro."))
    except NotFound:
        form.add_error("charges_item", _("Ese producto ya no existe en Alegra. Elige otro."))
    except AlegraError:
        text = _("No pudimos comprobar ese producto en Alegra. Guarda otra vez en un momento.")
        form.add_error("charges_item", text)
    return not form.errors


def _context(
    request: HttpRequest,
    form: SettingsForm,
    row: Integration,
    chosen: DocumentSettings,
    books: BooksForm,
) -> dict:
    lists = form.lists

    # Without scripts a search is a page of its own; whatever was typed in is looked for.
    sought = next(filter(str.strip, request.GET.getlist("buscar")), "")[:100]

    def choice(name: str, kind: str, empty: str):
        made = lists.choice(name, kind, form.value(name), empty=empty, errors=form[name].errors)
        if sought and made.options is None:
            made.found = lists.find(kind, sought)
        return made

    preferred = _("La preferida de Alegra")
    numbering = lists.entry(Kind.NUMBER_TEMPLATE, form.value("number_template"))
    pick = _("Elige una cuenta")
    return {
        "integration": row,
        "lists_read": lists.were_read(),
        "form": form,
        "settings": chosen,
        "documents": (documents := _documents(form, row)),
        "closed_kind": any(each["closed"] for each in documents),
        "confirmation": definitive.confirmation(chosen),
        "numbering": choice("number_template", Kind.NUMBER_TEMPLATE, preferred),
        "numbering_facts": Numbering.of_copy(numbering) if numbering else None,
        "numbering_trouble": Numbering.of_copy(numbering).trouble(today()) if numbering else "",
        "seller": choice("seller", Kind.SELLER, _("Sin vendedor")),
        "cost_center": choice("cost_center", Kind.COST_CENTER, _("Sin centro de costos")),
        "cod_account": choice("cod_account", Kind.BANK_ACCOUNT, pick),
        "sought": sought,
        "items_found": _items(row, sought),
        "charges_label": chosen.charges_item_name
        if form.value("charges_item") == chosen.charges_item
        else form.value("charges_item"),
        "rows": [
            {
                "row": each,
                "label": method_label(each.method),
                "is_rest": each.method == BankEquivalence.EVERYTHING_ELSE,
                "choice": choice(account_name(each), Kind.BANK_ACCOUNT, pick),
                "means": form[means_name(each)],
                "family": form[family_name(each)] if is_asked(each.method) else None,
            }
            for each in form.rows
        ],
        "questions": [
            (each, form[each.name].value() or "", form[each.name].errors) for each in form.asked
        ],
        "elsewhere": answered_elsewhere(chosen, [each for each in form.rows if each.pk]),
        "gaps": [(field.id_for_label, error) for field in form for error in field.errors],
        "books": books,
        "closed": not request.may(Act.EDIT),
        **rights(request),
    }


def _documents(form: SettingsForm, row: Integration) -> list[dict]:
    """The kinds of document as the page offers them. `closed` says why one cannot be chosen; what
    is saved or was just posted stays chosen, so that it is sent again and refused by name."""
    shown = form.value("document")
    why = definitive.why_closed(row, form.lists, form.value("number_template"))
    return [
        {
            "key": key,
            "text": text,
            "help": help_text,
            "is_chosen": key == shown,
            "closed": why if key == definitive.KEY else "",
            "is_disabled": bool(why) and key == definitive.KEY != shown,
        }
        for key, (text, help_text) in DOCUMENTS.items()
    ]


def _items(row: Integration, text: str) -> list[tuple[str, str]]:
    return [
        (item.alegra_id, f"{item.reference} · {item.name}" if item.reference else item.name)
        for item in charges.search(row.company, text)
    ]


@organization_view(read=Act.READ)
def options(request: HttpRequest, integration: int, kind: str) -> HttpResponse:
    """Rows found while typing, each a radio button of the field `campo`."""
    row = integration_or_404(integration)
    field = request.GET.get("campo", "")
    # The field that is typed in may have a name of its own.
    text = request.GET.get(request.GET.get("texto", "buscar"), "")[:100]
    if kind == "item":
        found = _items(row, text)
    elif kind in SEARCHED:
        found = Lists(row.company).find(kind, text)
    else:
        raise Http404
    if not field.isidentifier():
        raise Http404
    context = {"options": found, "field": field, "text": text}
    return render(request, "configuration/options.html", context)


@organization_view(read=None, write=Act.EDIT)
def refresh(request: HttpRequest, integration: int) -> HttpResponse:
    row = integration_or_404(integration)
    refreshed = refresh_company(row.company, row.credential, for_person=True)
    release_returned(row.company, refreshed.back)
    row.company.refresh_from_db(fields=["precision"])
    if refreshed.failure is not None:
        messages.error(request, explain(refreshed.failure)[1])
    elif row.company.precision < LEAST_PRECISION:
        messages.warning(request, precision_sentence(row.company.precision))
    elif row.paused_reason == Integration.Pause.PRECISION:
        messages.success(request, _("Los decimales ya alcanzan: los pedidos salen solos."))
    elif refreshed.unread:
        messages.warning(request, _("Algunas listas no se pudieron leer. Las demás están al día."))
    else:
        messages.success(request, _("Las listas de Alegra están al día."))
    return redirect("settings", request.organization.slug, row.pk)


@organization_view(read=None, write=Act.CLOSE_BOOKS)
def books(request: HttpRequest, integration: int) -> HttpResponse:
    row = integration_or_404(integration)
    form = BooksForm(request.POST)
    if form.is_valid():
        saving.close_books(row.company, form.cleaned_data["books_closed_until"], request=request)
        messages.success(request, _("Guardado."))
    else:
        messages.error(request, _("Esa fecha no se entiende. No se cambió nada."))
    return redirect("settings", request.organization.slug, row.pk)

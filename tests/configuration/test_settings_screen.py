from datetime import UTC, datetime

import pytest
from django.urls import reverse

from integrations.audit.models import AuditEntry
from integrations.configuration import charges
from integrations.configuration.checklist import accounts, document
from integrations.configuration.models import BankEquivalence, DocumentSettings
from integrations.configuration.references import store
from integrations.connections.models import AlegraCompany, Integration
from integrations.scoping.context import scope
from integrations.timekeeping import clock
from tests.configuration.lists import ADDI, BANK, EXPIRED, FILLED, WALLET, Kind, account
from tests.connections.alegra_answers import BASE, answer_everything

pytestmark = pytest.mark.django_db


@pytest.fixture
def where(cast, integration):
    return reverse("settings", args=[cast.organization.slug, integration.pk])


@pytest.fixture
def editor(cast, login):
    return login(cast.editor)


@pytest.fixture
def save(editor, where):
    def post(**changes):
        filled = {**FILLED, **changes}
        return editor.post(where, {k: v for k, v in filled.items() if v is not None}, follow=True)

    return post


def stored(cast) -> DocumentSettings | None:
    with scope(cast.organization.pk):
        return DocumentSettings.objects.first()


def add_addi(integration, account_id=ADDI) -> BankEquivalence:
    with scope(integration.organization_id):
        return BankEquivalence.objects.create(
            integration=integration, method="addi", family="prepaid", account=account_id
        )


def test_a_first_visit_writes_nothing_and_shows_the_defaults(cast, editor, where):
    text = editor.get(where).content.decode()
    assert stored(cast) is None
    assert 'value="invoice-draft" id="id_document_0" checked' in text
    assert "222222222222" in text
    assert "FEHA · Factura electrónica (preferida)" in text


def test_saving_keeps_every_field_and_says_so_in_the_trail(cast, save, integration):
    page = save(
        seller="3",
        cost_center="4",
        number_template="7",
        payment_term="credit",
        credit_days="30",
        gift_lines="spread",
        remainder_limit_pesos="20000",
        remainder_limit_percent="12.5",
        prices_include_tax=None,
        prices_told="on",
    )
    assert "Guardado." in page.content.decode()
    row = stored(cast)
    assert (row.kind, row.mode, row.seller, row.cost_center) == ("invoice", "draft", "3", "4")
    assert (row.number_template, row.payment_term, row.credit_days) == ("7", "credit", 30)
    assert (row.gift_lines, row.prices_include_tax) == ("spread", False)
    assert row.prices_told
    assert (row.remainder_limit_pesos, str(row.remainder_limit_percent)) == (20000, "12.50")
    assert (row.cod_account, row.register_payment, row.version) == (WALLET, "on_issue", 1)
    with scope(cast.organization.pk):
        rest = BankEquivalence.objects.get()
        assert (rest.method, rest.account, rest.means) == ("*", BANK, "CREDIT_TRANSFER")
        entry = AuditEntry.objects.get(action="settings.save")
        assert (entry.before["seller"], entry.after["seller"]) == ("", "3")
        assert document(integration).tone == "ok"
        assert accounts(integration).tone == "ok"


def test_the_version_grows_only_with_a_change(cast, save):
    save()
    save()
    assert stored(cast).version == 1
    save(seller="3")
    assert stored(cast).version == 2


def rest_pk(cast) -> int:
    with scope(cast.organization.pk):
        return BankEquivalence.objects.get(method="*").pk


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"account_rest": ""}, "Falta la cuenta de «todos los demás»."),
        ({"cod_account": ""}, "Falta la cuenta de «contraentrega»."),
        ({"account_rest": "999"}, "La cuenta de «todos los demás» ya no existe en Alegra"),
        ({"seller": "999"}, "Ya no existe en Alegra o está inactivo."),
        ({"number_template": EXPIRED}, "ya no puede dar números"),
        ({"payment_term": "credit", "credit_days": ""}, "a cuántos días"),
        ({"unidentified_number": "22A"}, "solo lleva cifras"),
        ({"charges_enabled": "on"}, "Elige el producto de Alegra"),
        ({"document": "remission-definitive"}, "Confirma que entiendes"),
        ({"document": "invoice-definitive"}, "Confirma que entiendes"),
    ],
)
def test_a_gap_is_named_and_what_was_typed_stays(cast, save, changes, says):
    page = save(**{"cost_center": "4", **changes})
    text = page.content.decode()
    assert says in text
    assert "Lo que escribiste sigue aquí" in text
    assert '<option value="4" selected>' in text
    assert stored(cast) is None


def test_accounts_are_compulsory_only_where_a_payment_is_registered(cast, save, integration):
    save(account_rest="", cod_account="", register_payment="never")
    assert stored(cast).register_payment == "never"
    with scope(cast.organization.pk):
        assert accounts(integration).tone == "ok"


def test_the_page_says_when_a_payment_is_registered_and_when_not(editor, where):
    text = editor.get(where).content.decode()
    assert "cuando la DIAN acepta la factura registramos el pago en Alegra" in text
    assert "también si la emites tú allá" in text
    assert "Un borrador no lleva pago" in text
    assert "Una remisión no lleva pago" in text
    assert "Lo emitido antes de elegirlo no se paga después" in text


def test_a_remission_needs_no_account_and_definitive_a_yes(cast, save):
    save(document="remission-draft", account_rest="", cod_account="")
    assert (stored(cast).kind, stored(cast).mode) == ("remission", "draft")
    save(document="remission-definitive", confirm_definitive="on")
    assert stored(cast).mode == "definitive"
    # It was said once; it is not asked again at every save.
    save(document="remission-definitive", seller="3")
    assert stored(cast).seller == "3"


def test_without_contraentrega_its_account_may_stay_empty(cast, save):
    save(cod_enabled=None, cod_account="")
    assert stored(cast).cod_enabled is False


def test_a_vanished_account_of_one_method_refuses_the_save(cast, save, integration, missing):
    row = add_addi(integration)
    missing("bank_account", ADDI)
    text = save(
        **{f"account_{row.pk}": ADDI, f"means_{row.pk}": "CREDIT_TRANSFER"}
    ).content.decode()
    assert "La cuenta de «addi» ya no existe en Alegra o está inactiva. Elige otra." in text
    assert "Addi por recaudar (ya no existe en Alegra)" in text
    save(**{f"account_{row.pk}": BANK, f"means_{row.pk}": "CREDIT_CARD"})
    with scope(cast.organization.pk):
        row.refresh_from_db()
    assert (row.account, row.means) == (BANK, "CREDIT_CARD")


def test_a_saved_value_that_vanished_is_shown_and_never_replaced(
    cast, save, editor, where, integration, missing
):
    save(seller="3")
    missing("seller", "3")
    text = editor.get(where).content.decode()
    assert '<option value="3" selected>Julián Ortiz (ya no existe en Alegra)</option>' in text
    assert stored(cast).seller == "3"


def test_without_banks_only_never_can_be_chosen(cast, save, integration):
    with scope(cast.organization.pk):
        AlegraCompany.objects.update(has_banks=False)
    assert "no incluye bancos" in save(account_rest="", cod_account="").content.decode()
    assert stored(cast) is None
    save(account_rest="", cod_account="", register_payment="never")
    assert stored(cast) is not None
    with scope(cast.organization.pk):
        integration.refresh_from_db()
        assert accounts(integration).tone == "ok"


# --- Desde cuándo --------------------------------------------------------------------------


def test_the_start_is_typed_in_bogotas_time_and_moving_it_back_asks(cast, save):
    save(process_from="2026-11-20T10:30")
    with scope(cast.organization.pk):
        row = Integration.objects.get()
    assert row.process_from == datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
    save(process_from="2026-11-01T00:00", account_rest=BANK)
    with scope(cast.organization.pk):
        row = Integration.objects.get()
    assert row.process_from == datetime(2026, 11, 1, 5, 0, tzinfo=UTC)
    assert row.automatic_from == datetime(2026, 11, 20, 15, 30, tzinfo=UTC)


def test_a_start_that_was_not_touched_keeps_its_seconds(cast, save, editor, where):
    at = datetime(2026, 11, 20, 15, 30, 42, 7, tzinfo=UTC)
    with scope(cast.organization.pk):
        Integration.objects.update(process_from=at, automatic_from=at)
    assert 'value="2026-11-20T10:30"' in editor.get(where).content.decode()
    save(process_from="2026-11-20T10:30")
    with scope(cast.organization.pk):
        row = Integration.objects.get()
    assert (row.process_from, row.automatic_from) == (at, at)


# --- Equivalencias -------------------------------------------------------------------------


def test_an_equivalence_is_added_once_per_method_and_removed(cast, save, editor, integration):
    save()
    new = reverse("equivalence_new", args=[cast.organization.slug, integration.pk])
    typed = {"method": "  Addi ", "family": "prepaid", "account": ADDI, "means": "CREDIT_TRANSFER"}
    assert "Guardado" in editor.post(new, typed, follow=True).content.decode()
    with scope(cast.organization.pk):
        row = BankEquivalence.objects.get(method="addi")
    assert (row.family, row.account) == ("prepaid", ADDI)
    assert stored(cast).version == 2
    assert "ya tiene su equivalencia" in editor.post(new, typed).content.decode()
    for method in ("*", ""):
        page = editor.post(new, {**typed, "method": method})
        assert page.status_code == 200
    assert (
        "ya no existe"
        in editor.post(new, {**typed, "method": "sis", "account": "99"}).content.decode()
    )
    remove = reverse("equivalence_remove", args=[cast.organization.slug, integration.pk, row.pk])
    assert "deja de ir a Addi por recaudar" in editor.get(remove).content.decode()
    editor.post(remove)
    with scope(cast.organization.pk):
        assert not BankEquivalence.objects.filter(method="addi").exists()
        actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"equivalence.create", "equivalence.remove"} <= actions


def test_all_others_cannot_be_removed(cast, save, editor, integration):
    save()
    args = [cast.organization.slug, integration.pk, rest_pk(cast)]
    assert editor.post(reverse("equivalence_remove", args=args)).status_code == 404


# --- Lists ---------------------------------------------------------------------------------


def test_a_long_list_is_searched_and_works_without_scripts(cast, editor, where, integration, save):
    many = [account(str(number), f"Cuenta número {number}") for number in range(1, 400)]
    with scope(cast.organization.pk):
        store(integration.company, Kind.BANK_ACCOUNT, many, at=clock.now())
    text = editor.get(where).content.decode()
    assert "Cuenta número 250" not in text
    find = reverse(
        "settings_options", args=[cast.organization.slug, integration.pk, "bank_account"]
    )
    found = editor.get(find, {"campo": "cod_account", "buscar": "numero 250"}).content.decode()
    assert '<input class="form-check-input" type="radio" name="cod_account" value="250">' in found
    save(cod_account="250", account_rest="251")
    assert stored(cast).cod_account == "250"
    assert "Cuenta número 250" in editor.get(where).content.decode()
    assert editor.get(find, {"campo": '"><b>', "buscar": "x"}).status_code == 404
    # Without scripts the search is a page.
    assert "Cuenta número 77" in editor.get(where, {"buscar": ["", "número 77"]}).content.decode()


def test_the_lists_are_read_again_when_asked(cast, editor, integration, alegra):
    answer_everything(alegra)
    refresh = reverse("settings_refresh", args=[cast.organization.slug, integration.pk])
    assert "están al día" in editor.post(refresh, follow=True).content.decode()
    alegra.replace("GET", f"{BASE}/company", status=503)
    assert "Alegra no respondió" in editor.post(refresh, follow=True).content.decode()


def test_the_product_for_charges_is_read_and_copied_before_it_is_kept(
    cast, save, alegra, monkeypatch
):
    kept = []

    class Catalogue:
        def search(self, company, text, limit=20):
            return []

        def copy_of(self, company, told):
            kept.extend(told)

    monkeypatch.setattr(charges, "_catalogue", Catalogue())
    item = {"id": "55", "name": "Envío", "status": "active", "type": "simple"}
    alegra.get(f"{BASE}/items/55", json=item)
    alegra.get(f"{BASE}/items/56", status=404, json={"message": "No existe", "code": 404})
    assert "ya no existe" in save(charges_enabled="on", charges_item="56").content.decode()
    assert stored(cast) is None
    save(charges_enabled="on", charges_item="55")
    assert (stored(cast).charges_item, stored(cast).charges_item_name) == ("55", "Envío")
    assert [each.id for each in kept] == ["55"]


# --- Who may -------------------------------------------------------------------------------


def test_roles(cast, login, where, integration):
    args = [cast.organization.slug, integration.pk]
    books = reverse("settings_books", args=args)
    for role in ("viewer", "accountant"):
        client = login(cast.member(role))
        assert client.get(where).status_code == 200
        assert client.post(where, FILLED).status_code == 403
    assert login(cast.editor).post(books, {"books_closed_until": "2026-10-31"}).status_code == 403
    login(cast.accountant).post(books, {"books_closed_until": "2026-10-31"})
    with scope(cast.organization.pk):
        assert AlegraCompany.objects.get().books_closed_until.isoformat() == "2026-10-31"
        assert AuditEntry.objects.filter(action="company.close_books").exists()
    for name in ("settings", "settings_refresh", "settings_books", "equivalence_new"):
        client = login(cast.outsider)
        assert client.get(reverse(name, args=args)).status_code == 404
        assert client.post(reverse(name, args=args)).status_code == 404


def test_the_page_takes_few_queries_however_long_the_lists(
    cast, editor, where, integration, django_assert_max_num_queries
):
    for number in range(5):
        with scope(cast.organization.pk):
            BankEquivalence.objects.create(
                integration=integration, method=f"m{number}", family="prepaid", account=BANK
            )
    editor.get(where)
    with django_assert_max_num_queries(16):
        editor.get(where)

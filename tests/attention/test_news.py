"""From causes, logins and pauses in the database to the mails that people get."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from integrations.attention.news import PortalNews
from integrations.connections import pauses
from integrations.connections.models import Credential, Integration
from integrations.documents.models import Document, DocumentProblem
from integrations.notifications import outbox, sources
from integrations.notifications.digests import totals
from integrations.notifications.models import MailLog
from integrations.notifications.news import CauseNews, CredentialNews, PauseNews, Told
from integrations.notifications.telling import tell
from integrations.scoping.context import scope, unscoped
from integrations.sending.models import Cause
from integrations.timekeeping import clock
from tests.cast import make_credential, make_integration
from tests.history.factories import make_document, make_order, make_problem

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 20, 15, 10, tzinfo=UTC)
TERMO = {"name": "Termo acero 750 ml · Negro", "variant": 5}


@pytest.fixture(autouse=True)
def _letters_in_memory(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def at():
    with clock.frozen(START) as frozen:
        yield frozen


@pytest.fixture
def place(cast):
    return make_integration(cast.organization, name="Tienda principal")


@pytest.fixture
def beat(at, mailoutbox):
    def one_round(**later):
        at.advance(**later)
        before = len(mailoutbox)
        tell(clock.now())
        outbox.send_due()
        return [mail for mail in mailoutbox[before:] if mail.to == ["owner@example.com"]]

    return one_round


def stop_orders(place, count=3, code="product_unlinked", subject="501/9001", params=None, **order):
    """So many orders that stand still for one reason, from now on."""
    now = clock.now()
    for _ in range(count):
        cause = make_problem(
            make_order(place, **order), code, subject, params or TERMO, first_at=now, last_at=now
        )
    with scope(place.organization_id):
        DocumentProblem.objects.filter(cause=cause).update(opened_at=now)
        Cause.objects.filter(pk=cause.pk).update(last_at=now)
    return cause


def solve(cause):
    with scope(cause.organization_id):
        DocumentProblem.objects.filter(cause=cause).update(closed_at=clock.now())
        Cause.objects.filter(pk=cause.pk).update(
            state="solved", solved_at=clock.now(), open_count=0, solved_count=3, solved_pesos=524700
        )


def news_of(place):
    with scope(place.organization_id):
        return list(PortalNews().news(place.organization_id, clock.now()))


def test_the_portal_is_the_source_of_news():
    assert any(isinstance(source, PortalNews) for source in sources.sources())


def test_a_cause_is_mailed_once_with_its_newest_orders_and_its_cure(cast, place, beat):
    stop_orders(place, 5)
    (mail,) = beat(seconds=20)
    assert mail.subject == (
        "5 pedidos detenidos: Termo acero 750 ml · Negro no está vinculado con un producto"
        " de Alegra"
    )
    assert f"/c/hogar-andino/integraciones/{place.pk}/productos/buscar/?variante=5" in mail.body
    assert "y 2 más. Ver los 5" in mail.body
    assert mail.body.count("/c/hogar-andino/pedidos/") == 3
    assert beat(seconds=20) == []


def test_an_order_that_waits_for_two_causes_is_counted_once(place, beat):
    first, second = make_order(place), make_order(place)
    now = clock.now()
    for order, products in ((first, range(5)), (second, (0, 7))):
        for product in products:
            subject = f"501/{product}"
            make_problem(order, "product_unlinked", subject, TERMO, first_at=now, last_at=now)
    (mail,) = beat(seconds=20)
    assert mail.subject == "2 pedidos detenidos por 6 causas nuevas"
    assert "$\N{NO-BREAK SPACE}349.800" in mail.body


def test_who_waits_is_counted_apart_from_who_needs_a_look(place):
    order = make_order(place)
    words = {"order": "1", "happened": "se devolvió", "stays": "su documento sigue en Alegra"}
    make_problem(order, "product_unlinked", "501/9001", TERMO)
    make_problem(order, "reversed_after", "1", words)
    make_problem(order, "changed_after", "1", {**words, "what": "el total"})
    causes = [each for each in news_of(place) if isinstance(each, CauseNews)]
    with scope(place.organization_id):
        counted = totals(causes, PortalNews().repeated(causes))
    assert (counted["orders"], counted["holding"], counted["pesos"]) == (1, 1, 174900)


@pytest.mark.parametrize(("status", "is_warned"), [("draft", True), ("open", False)])
def test_only_who_has_a_draft_is_asked_not_to_emit_it(place, beat, status, is_warned):
    words = {"order": "1", "happened": "se devolvió", "stays": "su documento sigue en Alegra"}
    cause = stop_orders(place, 1, "reversed_after", "1", words)
    with scope(place.organization_id):
        Document.objects.filter(problems__cause=cause).update(
            alegra_id="15204", alegra_status=status
        )
    (mail,) = beat(seconds=20)
    for text in (mail.body, mail.alternatives[0][0]):
        assert ("Si es un borrador, no lo emitas antes." in text) is is_warned
        assert "No cambiamos nada: míralo y decide." in text


def test_later_orders_come_in_the_digest_and_the_end_is_told_once(place, beat):
    cause = stop_orders(place)
    assert len(beat(seconds=20)) == 1
    beat(minutes=10)
    stop_orders(place, 4)
    assert beat(minutes=5) == []
    (digest,) = beat(minutes=40)
    assert "Con pedidos nuevos" in digest.body
    assert "7 pedidos" in digest.body
    solve(cause)
    (mail,) = beat(minutes=1)
    assert mail.subject.startswith("Resuelto: Termo acero")
    assert beat(minutes=1) == []
    assert beat(hours=3) == []


def test_a_cause_that_comes_back_goes_to_the_digest_and_its_end_was_not_told(place, beat):
    cause = stop_orders(place)
    beat(seconds=20)
    solve(cause)
    stop_orders(place, 1)
    assert beat(seconds=30) == []
    (digest,) = beat(minutes=50)
    assert digest.subject.startswith("Resumen de las 11:00")


def test_problems_of_single_orders_never_make_a_mail_an_order(place, beat):
    mails = []
    for _ in range(12):
        order = make_order(place)
        make_problem(
            order,
            "identity_ambiguous",
            order.number,
            {"order": order.number, "order_id": order.pk},
            first_at=clock.now(),
            last_at=clock.now(),
        )
        mails += beat(minutes=2)
    assert len(mails) == 1
    (digest,) = beat(minutes=40)
    assert digest.subject.startswith("Resumen de las 11:00: 12 pedidos esperan")


def test_an_ignored_cause_and_one_of_an_archived_integration_are_silent(cast, place, beat):
    cause = stop_orders(place)
    with scope(place.organization_id):
        Cause.objects.filter(pk=cause.pk).update(ignored_reason="de prueba")
    archived = make_integration(cast.organization, state=Integration.State.ARCHIVED)
    stop_orders(archived)
    assert beat(minutes=1) == []
    assert beat(hours=2) == []


def test_one_alegra_login_is_one_mail_however_many_integrations_are_on_it(cast, beat, at):
    credential = make_credential(cast.organization, email="facturacion@ejemplo.test")
    places = [
        make_integration(cast.organization, credential=credential, name=name)
        for name in ("Tienda A", "Tienda B")
    ]
    for place in places:
        make_document(make_order(place))
    with scope(cast.organization.pk):
        pauses.pause_credential(credential, code="unauthorized", now=clock.now())
    (mail,) = beat()
    assert "facturacion@ejemplo.test" in mail.subject
    assert "Tienda A y Tienda B" in mail.body
    assert "2 pedidos esperan por $ 349.800" in mail.body.replace("\u00a0", " ")
    assert f"/integraciones/{places[0].pk}/credenciales/" in mail.body
    assert beat(hours=20) == []  # 6:10
    assert len(beat(hours=1)) == 1  # 7:10
    with scope(cast.organization.pk):
        Credential.objects.filter(pk=credential.pk).update(state="valid", paused_since=None)
    (mail,) = beat(minutes=1)
    assert mail.subject.startswith("Envíos reanudados")
    assert beat(days=2) == []
    assert news_of(places[0]) == []


def test_a_login_replaced_by_another_is_told_as_working_again(cast, beat):
    credential = make_credential(cast.organization)
    place = make_integration(cast.organization, credential=credential)
    with scope(cast.organization.pk):
        pauses.pause_credential(credential, code="plan", now=clock.now())
    assert len(beat()) == 1
    other = make_credential(cast.organization, company=credential.company)
    with scope(cast.organization.pk):
        Integration.objects.filter(pk=place.pk).update(credential=other)
    (mail,) = beat(minutes=1)
    assert mail.subject == f"Envíos reanudados: Alegra acepta el token de {other.email}"
    assert beat(days=2) == []


def test_a_pause_is_told_each_time_it_begins(place, beat):
    def pause(reason):
        with scope(place.organization_id):
            Integration.objects.filter(pk=place.pk).update(paused_reason=reason)

    pause("precision")
    (mail,) = beat()
    assert "La precisión decimal de Alegra es menor que 2" in mail.body
    assert beat(minutes=5) == []
    pause("")
    assert beat(minutes=5) == []
    pause("precision")
    assert len(beat(minutes=5)) == 1


def test_a_mark_is_given_to_one_of_two_who_ask(place):
    stop_orders(place)
    source = PortalNews()
    (news,) = news_of(place)
    with scope(place.organization_id):
        assert source.mark(news, Told.OPENED, clock.now()) is True
        assert source.mark(news, Told.OPENED, clock.now()) is False
        assert source.mark(news, Told.DIGEST, clock.now()) is True
        assert source.mark(news, Told.DIGEST, clock.now()) is False
        assert source.mark(news, Told.SOLVED, clock.now()) is True
        assert source.mark(news, Told.SOLVED, clock.now()) is False


@pytest.mark.django_db(transaction=True)
def test_two_workers_who_read_the_same_news_write_it_once(cast, place):
    stop_orders(place)
    with scope(place.organization_id):
        pauses.pause_credential(place.credential, code="unauthorized", now=clock.now())
    later = clock.now() + timedelta(minutes=1)
    start = threading.Barrier(2)

    def worker():
        try:
            start.wait()
            tell(later)
        finally:
            connection.close()

    threads = [threading.Thread(target=worker) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    with unscoped("a test looks at all of them"):
        written = sorted(MailLog.objects.values_list("kind", "email"))
    assert written == [
        ("cause", "accountant@example.com"),
        ("cause", "editor@example.com"),
        ("cause", "owner@example.com"),
        ("credential", "accountant@example.com"),
        ("credential", "owner@example.com"),
    ]


def test_each_cancelled_order_is_mailed_within_a_minute_and_never_one_by_one(place, beat):
    for number in range(6):
        stop_orders(place, 1, subject=f"501/{number}")
        beat(seconds=20)
    # A change every seven seconds, and a worker that looks every five.
    changed, mails, told = {}, [], {}
    for second in range(0, 300, 5):
        if second < 240 and second % 7 < 5:
            order = make_order(place)
            params = {
                "order": order.number,
                "happened": "se canceló",
                "stays": "su factura sigue en Alegra",
            }
            now = clock.now()
            make_problem(order, "reversed_after", order.number, params, first_at=now, last_at=now)
            changed[order.number] = now
        for mail in beat(seconds=5):
            mails.append(mail)
            for number in changed:
                if f"El pedido {number} " in mail.subject + mail.body:
                    assert number not in told
                    told[number] = clock.now() - changed[number]
    assert set(told) == set(changed)
    assert max(told.values()) <= timedelta(seconds=50)
    assert len(mails) <= 8 < len(changed)


CANARIES = {
    "buyer_name": "Zoraida Canaria",
    "buyer_doc_number": "1987654321",
    "buyer_email": "canaria@example.com",
    "buyer_phone": "3119876543",
    "ship_address": "Carrera Canaria 45",
}


def test_no_mail_holds_anything_of_the_buyer_or_a_secret(cast, beat, mailoutbox, caplog):
    credential = make_credential(cast.organization, token="token-canario-98765")
    place = make_integration(
        cast.organization, credential=credential, secret="secreto-canario", key="llave-canaria"
    )
    order = make_order(place, **CANARIES)
    said = "el contacto 1987654321 con canaria@example.com y teléfono 311 987 6543 ya existe"
    make_problem(
        order, "rejected", "f1", {"message": said, "order": order.number, "order_id": order.pk}
    )
    other = make_order(place, **CANARIES)
    make_problem(
        other,
        "identity_wrong",
        other.number,
        {"order": other.number, "order_id": other.pk, "why": "sobra algo en 1987654321"},
    )
    with scope(cast.organization.pk):
        pauses.pause_credential(credential, code="unauthorized", now=clock.now())
    beat(days=2)
    beat(days=1)
    assert len(mailoutbox) >= 8
    everything = "".join(
        str(mail.message()) + mail.subject + mail.body + mail.alternatives[0][0]
        for mail in mailoutbox
    )
    with unscoped("a test looks at all of them"):
        everything += str(list(MailLog.objects.values()))
    everything += caplog.text
    assert order.number in everything
    for canary in (*CANARIES.values(), "311 987", "token-canario", "secreto-canario", "llave-can"):
        assert canary not in everything, canary


def test_nothing_to_tell_costs_a_query_a_table_for_everybody(
    cast, place, django_assert_max_num_queries
):
    with django_assert_max_num_queries(6):
        tell(clock.now())


def test_news_of_many_causes_cost_as_many_queries_as_of_few(place, django_assert_max_num_queries):
    for number in range(30):
        stop_orders(place, 1, subject=f"501/{number}")
    with scope(place.organization_id), django_assert_max_num_queries(13):
        found = list(PortalNews().news(place.organization_id, clock.now()))
    assert len(found) == 30
    assert {type(each) for each in found} <= {CauseNews, CredentialNews, PauseNews}

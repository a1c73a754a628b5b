"""A thousand orders made with SQL are like the portal's own: every wall stands, every page shows
them.

The sample is made once for all tests here: within a transaction, which each test sees.
"""

from __future__ import annotations

from collections import Counter

import pytest
from django.db import connection
from django.urls import reverse

from benchmarks.seed.copies import COPIED
from benchmarks.seed.planting import Refused, plant
from benchmarks.seed.sample import NEWEST
from integrations.documents.buckets import BUCKETS
from integrations.documents.models import Document, DocumentProblem
from integrations.orders.models import Order
from integrations.payments.models import Payment
from integrations.scoping.context import scope, unscoped
from integrations.scoping.row_level_security import tenant_keys
from integrations.sending.models import Cause
from integrations.timekeeping import clock
from tests.cast import make_organization

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def planted(django_db_setup, django_db_blocker):
    """The comercios and the rows by table, gone after the last test."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        with clock.frozen(NEWEST):
            made = plant(1_000)
        yield made
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def half_past_eight():
    with clock.frozen(NEWEST):
        yield


def test_a_third_of_the_orders_are_one_comercios_and_their_rows_are_counted(planted):
    comercios, rows = planted
    counts = []
    for each in comercios:
        with scope(each.organization.pk):
            counts.append(Order.objects.count())
    assert sum(counts) == rows["integrations_order"] >= 1_000
    assert 0.3 < counts[0] / sum(counts) < 0.37
    with unscoped("a count"):
        for model in COPIED:
            assert model.objects.count() == rows.get(model._meta.db_table, 0)


def test_proportions_are_those_of_a_shop(planted):
    with unscoped("a count"):
        orders = Order.objects.count()
        states = Counter(Document.objects.values_list("state", flat=True))
        paid = Payment.objects.count()
        held = DocumentProblem.objects.filter(closed_at=None).values("order").distinct().count()
        lines = Counter(Order.objects.values_list("pk", "lines")).total()
    assert states["created"] + states["issued"] > 0.6 * orders
    assert 0.05 < held / orders < 0.2
    assert 0.1 < paid / orders < 0.5
    assert 0.02 < states["skipped"] / orders < 0.2
    assert orders < lines < 2 * orders


def test_each_order_has_a_number_a_buyer_and_a_moment_of_its_own(planted):
    comercios, _rows = planted
    with scope(comercios[0].organization.pk):
        told = Order.objects.values_list("number", "first_seen_at", "buyer_doc_number", "snapshot")
        orders = list(told)
        names = set(Order.objects.values_list("buyer_key", flat=True))
    assert len({number for number, *_ in orders}) == len(orders)
    assert len({number for _, _, number, _ in orders}) > 0.9 * len(orders)
    assert all(number in str(snapshot) for number, _, _, snapshot in orders)
    assert len(names) > 50
    span = max(at for _, at, *_ in orders) - min(at for _, at, *_ in orders)
    assert 600 < span.days < 731


def test_no_row_points_into_another_comercio_or_at_none(planted):
    with unscoped("every key"), connection.cursor() as cursor:
        for model in COPIED:
            table = model._meta.db_table
            for name, column, target in tenant_keys(model):
                cursor.execute(
                    f"SELECT count(*) FROM {table} t LEFT JOIN {target} o ON o.id = t.{column}"
                    f" WHERE t.{column} IS NOT NULL"
                    " AND (o.id IS NULL OR o.organization_id <> t.organization_id)"
                )
                assert cursor.fetchone() == (0,), name
        # Deferred until the end of a transaction, which is never reached here.
        connection.check_constraints()


def test_causes_count_what_they_hold(planted):
    with unscoped("a count"):
        for cause in Cause.objects.filter(state="open"):
            held = DocumentProblem.objects.filter(cause=cause, closed_at=None)
            assert cause.open_count == held.count() > 1


def test_the_next_order_gets_a_number_behind_all_of_them(planted):
    comercios, _rows = planted
    with scope(comercios[0].organization.pk):
        last = Order.objects.latest("pk")
        last_of_all = last.pk
        last.pk, last.number, last.document = None, "1", None
        last.save()
        assert last.pk > last_of_all


# PostgreSQL knows nothing of rows that are not committed yet: its plans for them may take minutes.
@pytest.mark.one_database
def test_every_page_of_the_history_shows_them(planted, client):
    comercios, _rows = planted
    for comercio in comercios:
        slug = comercio.organization.slug
        client.force_login(_owner(comercio), backend="django.contrib.auth.backends.ModelBackend")
        history = reverse("history", args=[slug])
        for bucket in ("", *BUCKETS):
            answer = client.get(history, {"estado": bucket} if bucket else {})
            assert answer.status_code == 200, bucket
        first = client.get(history)
        assert first.context["page"].rows
        assert client.get(reverse("history_export", args=[slug])).status_code == 200
        assert client.get(reverse("attention", args=[slug])).status_code == 200
        with scope(comercio.organization.pk):
            # One of each that was copied, and one copy of it.
            ids = [*comercio.orders, *_one_copy_of_each(comercio)]
            numbers = dict(Order.objects.filter(pk__in=ids).values_list("pk", "number"))
        for pk in ids[:: max(1, len(ids) // 30)]:
            answer = client.get(reverse("order", args=[slug, pk]))
            assert answer.status_code == 200
            assert numbers[pk] in answer.content.decode()


def _one_copy_of_each(comercio) -> list[int]:
    """A copy's number is a multiple of a thousand further than its row's."""
    found = {}
    for pk, number in Order.objects.order_by("pk").values_list("pk", "number"):
        if pk not in comercio.orders:
            found.setdefault(number[-3:], pk)
    return list(found.values())


@pytest.mark.one_database
def test_pages_follow_one_another_to_the_last(planted, client):
    comercios, _rows = planted
    client.force_login(_owner(comercios[0]), backend="django.contrib.auth.backends.ModelBackend")
    url = reverse("history", args=[comercios[0].organization.slug])
    seen: list[str] = []
    following = ""
    while True:
        page = client.get(url, {"despues": following}).context["page"]
        seen += [row.order.number for row in page.rows]
        following = page.next
        if not following:
            break
    with scope(comercios[0].organization.pk):
        everything = list(
            Order.objects.order_by("-first_seen_at", "-pk").values_list("number", flat=True)
        )
    assert seen == everything


def test_a_database_that_holds_a_comercio_is_refused(db):
    make_organization("De verdad")
    with pytest.raises(Refused):
        plant(1_000)


def _owner(comercio):
    from integrations.tenancy.models import User

    return User.objects.get(email=comercio.email)

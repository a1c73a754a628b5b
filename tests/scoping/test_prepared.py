"""Prepared questions answer as the querysets that they are made from."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from integrations.catalog.models import Variant
from integrations.connections.models import Integration
from integrations.documents.models import Document, DocumentStep
from integrations.inventory.models import Bodega
from integrations.scoping.context import ScopeError, scope, unscoped
from integrations.scoping.prepared import (
    Prepared,
    PreparedInsert,
    PreparedUpdate,
    inserted,
    keep_prefetched,
    saved,
)
from tests.cast import LONG_AGO, make_integration
from tests.history.factories import make_document, make_order

pytestmark = pytest.mark.django_db


def _whole(pk):
    return Integration.objects.select_related("company", "credential__alegra_user").filter(pk=pk)


def _variant(integration, name: str, **fields) -> Variant:
    with scope(integration.organization_id):
        return Variant.objects.create(
            integration=integration,
            product_id=name,
            product_name=name,
            **{"seen_at": LONG_AGO, **fields},
        )


def _columns(row) -> dict:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_it_makes_the_objects_that_the_queryset_makes(cast):
    integration = make_integration(cast.organization, secret="solo-entre-nosotros")
    prepared = Prepared(_whole)
    with scope(cast.organization.pk):
        for _again in range(2):
            [found] = prepared(pk=integration.pk)
            expected = _whole(integration.pk).get()
            assert _columns(found) == _columns(expected)
            assert _columns(found.company) == _columns(expected.company)
            user = expected.credential.alegra_user
            assert _columns(found.credential.alegra_user) == _columns(user)
        assert prepared.first(pk=0) is None


def test_its_objects_are_ordinary_rows(cast):
    integration = make_integration(cast.organization)
    with scope(cast.organization.pk):
        [found] = Prepared(_whole)(pk=integration.pk)
        found.name = "Otro nombre"
        with CaptureQueriesContext(
            connection,
        ) as asked:
            found.save(update_fields=["name"])
            _ = found.credential.alegra_user.pk
        assert len([each for each in asked if "UPDATE" in each["sql"]]) == 1
        assert Integration.objects.get(pk=integration.pk).name == "Otro nombre"


def test_each_organization_meets_its_own_rows_only(cast):
    mine, others = make_integration(cast.organization), make_integration(cast.other)
    prepared = Prepared(lambda pk: Integration.objects.filter(pk=pk))
    rename = PreparedUpdate(lambda pk: Integration.objects.filter(pk=pk))
    for organization, own, foreign in (
        (cast.organization, mine, others),
        (cast.other, others, mine),
    ):
        with scope(organization.pk):
            assert prepared(pk=own.pk) == [own]
            assert prepared(pk=foreign.pk) == []
            assert rename({"name": "Cambiada"}, pk=foreign.pk) == 0
            assert rename({"name": "Cambiada"}, pk=own.pk) == 1
    with unscoped("a test"):
        assert prepared(pk=mine.pk) + prepared(pk=others.pk) == [mine, others]


def test_outside_of_a_scope_nothing_is_asked(cast):
    integration = make_integration(cast.organization)
    prepared = Prepared(lambda pk: Integration.objects.filter(pk=pk))
    with scope(cast.organization.pk):
        prepared(pk=integration.pk)
    with pytest.raises(ScopeError):
        prepared(pk=integration.pk)
    with pytest.raises(ScopeError):
        PreparedUpdate(lambda pk: Integration.objects.filter(pk=pk))({"name": "x"}, pk=1)


def test_values_are_compared_like_those_of_a_queryset(cast):
    integration = make_integration(cast.organization)
    later = LONG_AGO + timedelta(hours=1)
    first, second = _variant(integration, "a"), _variant(integration, "b", seen_at=later)
    seen = Prepared(
        lambda name, since: Variant.objects.filter(
            product_name__gte=name, seen_at__gte=since
        ).order_by("-product_name")
    )
    names = Prepared(
        lambda since: Variant.objects.filter(seen_at__lt=since).values_list("sku", "pk")
    )
    with scope(cast.organization.pk):
        assert seen(name="a", since=LONG_AGO) == [second, first]
        assert seen(name="a", since=later) == [second]
        assert seen(name="b'; --", since=LONG_AGO) == []
        assert names(since=later) == [["", first.pk]]


def test_an_update_writes_what_a_queryset_would(cast):
    integration = make_integration(cast.organization)
    variant = _variant(integration, "a")
    write = PreparedUpdate(
        lambda pk, seen: Variant.objects.filter(pk=pk, seen_at=seen).order_by("pk")
    )
    with scope(cast.organization.pk):
        columns = {"missing_since": LONG_AGO, "sku": "N'egro", "price": 5}
        assert write(columns, pk=variant.pk, seen=LONG_AGO) == 1
        variant.refresh_from_db()
        assert (variant.missing_since, variant.sku, variant.price) == (LONG_AGO, "N'egro", 5)
        assert write({"missing_since": None}, pk=variant.pk, seen=LONG_AGO) == 1
        variant.refresh_from_db()
        assert variant.missing_since is None
        assert write({"sku": "x"}, pk=variant.pk, seen=LONG_AGO + timedelta(1)) == 0


@pytest.mark.django_db(transaction=True)
def test_a_lock_needs_a_transaction(cast):
    integration = make_integration(cast.organization)
    prepared = Prepared(lambda pk: Integration.objects.select_for_update().filter(pk=pk))
    with scope(cast.organization.pk):
        with transaction.atomic():
            assert prepared(pk=integration.pk) == [integration]
        if connection.features.has_select_for_update:
            with pytest.raises(TransactionManagementError):
                prepared(pk=integration.pk)


def _new_bodega(integration, name: str, **fields) -> Bodega:
    named = {"source_id": name, "name": name, "seen_at": LONG_AGO}
    return Bodega(integration=integration, **{**named, **fields})


def test_a_row_that_is_inserted_is_an_ordinary_row(cast):
    integration = make_integration(cast.organization)
    with scope(cast.organization.pk):
        for name, missing_since in (("a", LONG_AGO), ("b'; --", None)):
            told = {"missing_since": missing_since, "source": Bodega.Source.ORDER}
            row = inserted(_new_bodega(integration, name, **told))
            assert (row.organization_id, row._state.adding) == (cast.organization.pk, False)
            ordinary = _new_bodega(integration, f"{name} too", **told)
            ordinary.save()
            stored = _columns(Bodega.objects.get(pk=row.pk))
            expected = _columns(Bodega.objects.get(pk=ordinary.pk))
            different = {each for each, value in stored.items() if value != expected[each]}
            assert different == {"id", "source_id", "name"}
            assert stored["name"] == name
            row.city = "Cali"
            row.save()
            assert Bodega.objects.get(pk=row.pk).city == "Cali"


def test_a_model_that_saves_in_its_own_way_is_not_inserted(cast):
    variant = Variant(integration=make_integration(cast.organization), seen_at=LONG_AGO)
    with scope(cast.organization.pk), pytest.raises(TypeError):
        inserted(variant)


def test_a_row_is_inserted_in_its_own_organization_only(cast):
    mine, others = make_integration(cast.organization), make_integration(cast.other)
    with pytest.raises(ScopeError):
        inserted(_new_bodega(mine, "a", organization_id=cast.organization.pk))
    with scope(cast.organization.pk):
        with pytest.raises(ScopeError):
            inserted(_new_bodega(mine, "a", organization_id=cast.other.pk))
        with pytest.raises(ScopeError):
            inserted(_new_bodega(others, "a"))
    with unscoped("a test"):
        with pytest.raises(ScopeError):
            inserted(_new_bodega(mine, "a"))
        assert not Bodega.objects.exists()


def test_what_there_is_already_is_made_anew(cast):
    integration = make_integration(cast.organization)
    begin = PreparedInsert(
        DocumentStep, once=("work", "name", "cycle"), anew=("state", "note", "finished_at")
    )
    with scope(cast.organization.pk):
        document = make_document(make_order(integration))

    def begun(**fields) -> DocumentStep:
        about = {"work": document, "name": "create", "position": 1}
        return begin(DocumentStep(**about, **fields))

    with scope(cast.organization.pk):
        first = begun(state="running", note="uno", input="una vez")
        again = begun(state="done", note="dos", input="otra", finished_at=LONG_AGO)
        other = begun(state="done", cycle=1)
        assert (again.pk, first.pk == other.pk) == (first.pk, False)
        kept = DocumentStep.objects.get(pk=first.pk)
        assert (kept.state, kept.note, kept.finished_at) == ("done", "dos", LONG_AGO)
        assert kept.input == "una vez"


def test_what_is_kept_as_prefetched_is_not_asked_for(cast):
    integration = make_integration(cast.organization)
    variant = _variant(integration, "a")
    with scope(cast.organization.pk):
        keep_prefetched(integration, "variants", [variant])
        with CaptureQueriesContext(connection) as asked:
            assert list(integration.variants.all()) == [variant]
        assert len(asked) == 0
        assert list(integration.variants.filter(product_id="b")) == []


def test_a_list_of_values_may_be_of_any_length(cast):
    integration = make_integration(cast.organization)
    rows = [_variant(integration, name) for name in "abc"]
    named = Prepared(
        lambda names, skus: Variant.objects.filter(product_name__in=names, sku__in=skus).order_by(
            "pk"
        )
    )
    with scope(cast.organization.pk):
        for names in (["a"], ["a", "c"], ["c", "b", "a"], ["b", "x", "y"], []):
            expected = [row for row in rows if row.product_name in names]
            assert named(names=names, skus=[""]) == expected
        assert named(names=["a"], skus=[]) == []


def test_a_table_that_is_nobodys_is_asked_in_any_scope(cast):
    user = Prepared(lambda pk: type(cast.owner).objects.filter(pk=pk))
    assert user(pk=cast.owner.pk) == [cast.owner]
    with scope(cast.other.pk):
        assert user(pk=cast.owner.pk) == [cast.owner]


def test_a_row_that_is_saved_has_all_of_its_columns(cast):
    integration = make_integration(cast.organization)
    with scope(cast.organization.pk):
        row, other = (inserted(_new_bodega(integration, name)) for name in ("a", "b"))
        row.name, row.city, row.missing_since = "Bodega Norte", "Cali", LONG_AGO
        saved(row)
        kept = Bodega.objects.get(pk=row.pk)
        assert _columns(kept) == _columns(row)
        assert _columns(Bodega.objects.get(pk=other.pk)) == _columns(other)
        kept.delete()
        with pytest.raises(DatabaseError):
            saved(row)
        with pytest.raises(TypeError):
            saved(Variant(integration=integration, seen_at=LONG_AGO))


def test_a_row_is_saved_in_its_own_organization_only(cast):
    integration = make_integration(cast.organization)
    with scope(cast.organization.pk):
        row = inserted(_new_bodega(integration, "a"))
    with pytest.raises(ScopeError):
        saved(row)
    with scope(cast.other.pk), pytest.raises(ScopeError):
        saved(row)


def test_what_the_database_reckons_is_reckoned_each_time(cast):
    document = make_document(make_order(make_integration(cast.organization)))
    count = PreparedUpdate(lambda pk: Document.objects.filter(pk=pk), failures=F("failures") + 1)
    with scope(cast.organization.pk):
        for note in ("uno", "dos"):
            assert count({"reason": note}, pk=document.pk) == 1
        kept = Document.objects.get(pk=document.pk)
    assert (kept.failures, kept.reason) == (document.failures + 2, "dos")

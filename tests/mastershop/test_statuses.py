import pytest

from integrations.mastershop import statuses

# Written out a second time on purpose: the numbers were once transcribed wrong by somebody.
TABLE = [
    (1, "to_confirm", "Por Confirmar", 1, False, False, False),
    (2, "pending", "Pendiente", 2, False, False, False),
    (3, "to_pack", "Por Alistar", 3, True, False, False),
    (4, "to_collect", "Por Recolectar", 4, True, False, False),
    (5, "collected", "Recolectada", 5, True, False, False),
    (6, "in_transit", "En Tránsito", 6, True, False, False),
    (8, "delivered", "Entregada", 8, True, False, True),
    (9, "cancelled", "Cancelada", None, False, True, True),
    (10, "returned", "Devuelta", None, False, True, True),
    (11, "claim", "Reclamaciones", None, False, False, True),
]


@pytest.mark.parametrize(
    ("number", "code", "label", "rank", "may_trigger", "reverses", "is_terminal"), TABLE
)
def test_the_table_of_statuses(number, code, label, rank, may_trigger, reverses, is_terminal):
    status = statuses.by_id(number)
    assert (status.code, status.label, status.rank) == (code, label, rank)
    assert (status.may_trigger, status.reverses) == (may_trigger, reverses)
    assert status.is_terminal is is_terminal
    assert statuses.by_code(code) is status
    assert statuses.by_label(label) is status


def test_status_seven_has_no_name_and_never_fires():
    seven = statuses.by_id(7)
    assert (seven.id, seven.code, seven.rank, seven.may_trigger) == (7, "unknown", None, False)
    assert not seven.reverses


@pytest.mark.parametrize("number", [0, 12, -1, None, "", "ocho", True, [8], 8.5, 10**400])
def test_any_other_number_is_unknown(number):
    assert statuses.by_id(number) is statuses.UNKNOWN


@pytest.mark.parametrize("number", ["8", 8.0, " 8 "])
def test_the_number_may_come_as_a_text(number):
    assert statuses.by_id(number).code == "delivered"


@pytest.mark.parametrize("label", ["En tránsito", "EN TRANSITO", " en  tránsito ", "En Tránsito"])
def test_labels_compare_without_capitals_and_accents(label):
    assert statuses.by_label(label).id == 6


def test_the_label_of_a_sub_state_means_in_transit():
    assert {statuses.by_label(text).id for text in ("En reparto", "En Oficina", "NOVEDAD")} == {6}


@pytest.mark.parametrize("label", ["", None, "Perdida", 8, {"a": 1}])
def test_an_unknown_label_is_unknown(label):
    assert statuses.by_label(label) is statuses.UNKNOWN


def test_the_triggers_are_offered_on_the_way_to_the_buyer():
    assert [status.id for status in statuses.TRIGGERS] == [3, 4, 5, 6, 8]


@pytest.mark.parametrize(
    ("carrier_code", "has_incident", "event_name", "expected"),
    [
        ("OUT_FOR_DELIVERY", False, "", "out_for_delivery"),
        ("out_for_delivery", False, "Cambio de Estado del Pedido", "out_for_delivery"),
        ("AT_OFFICE", False, "", "at_office"),
        ("AT_OFFICE", True, "", "incident"),
        ("", False, "Pedido con Novedad", "incident"),
        ("", False, "Pedido En Reparto", "out_for_delivery"),
        ("IN_TRANSIT", False, "Pedido En Oficina", "at_office"),
        ("IN_TRANSIT", False, "Pedido En Tránsito", ""),
        (None, False, None, ""),
    ],
)
def test_the_sub_state(carrier_code, has_incident, event_name, expected):
    found = statuses.sub_status(
        carrier_code=carrier_code, has_incident=has_incident, event_name=event_name
    )
    assert found == expected
    if expected:
        assert statuses.sub_status_by_code(expected).label

from integrations.mastershop import events


def test_events_are_found_by_name_without_capitals_and_accents():
    assert events.by_name("pedido en transito").id == 23
    assert events.by_name("Pedido Entregado (Contra Entrega)").id == 36
    assert events.by_name("Pedido Por Alistar (Pago Anticipado)").id == 29


def test_an_unknown_name_is_no_event():
    assert events.by_name("Pedido Volador") is None
    assert events.by_name(None) is None


def test_the_recommended_events_report_every_change_once():
    assert [event.id for event in events.RECOMMENDED] == [15, 16, 17, 18, 23]


def test_no_two_events_share_a_number():
    numbers = [event.id for event in events.EVENTS]
    assert len(set(numbers)) == len(numbers) == 22


def test_a_stock_movement_is_told_from_an_order():
    assert events.is_stock_movement({"eventName": "Movimiento de Inventario"})
    assert not events.is_stock_movement({"eventName": "Pedido Creado"})
    assert not events.is_stock_movement(["Movimiento de inventario"])

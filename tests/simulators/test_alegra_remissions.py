"""Remissions and their documented quirks."""


def test_it_is_born_open_with_a_number_and_takes_stock(alegra):
    before = alegra.stock("101")
    remission = alegra.remission(observations="Pedido 3 [MS1-CCCC]")
    assert (remission["status"], remission["number"]) == ("open", "77")
    assert alegra.stock("101") == before - 1
    assert alegra.ledger()["remissions"][0]["_marker"] == "[MS1-CCCC]"


def test_only_lists_know_the_cost_center(alegra):
    made = alegra.remission(costCenter={"id": "2"})
    assert made["costCenter"] is None
    assert alegra.get(f"/remissions/{made['id']}")["costCenter"] is None
    assert alegra.get("/remissions")[0]["costCenter"]["id"] == "2"
    assert alegra.ledger()["remissions"][0]["costCenter"]["id"] == "2"


def test_void_returns_stock_and_can_be_opened_again(alegra):
    before = alegra.stock("101")
    key = alegra.remission()["id"]
    alegra.post(f"/remissions/{key}/void")
    assert alegra.stock("101") == before
    alegra.refused("POST", f"/remissions/{key}/void")
    alegra.post(f"/remissions/{key}/open")
    assert alegra.stock("101") == before - 1


def test_stock_may_not_move(alegra):
    alegra.switch(remission_moves_stock=False)
    before = alegra.stock("101")
    alegra.remission()
    assert alegra.stock("101") == before
    assert alegra.ledger()["remissions"][0]["_stock"] == []


def test_it_can_be_edited_and_deleted_while_open(alegra):
    before = alegra.stock("101")
    key = alegra.remission()["id"]
    line = alegra.line(price=700, quantity=4)
    changed = alegra.call("PUT", f"/remissions/{key}", {"items": [line]}).json()
    assert changed["total"] == 2800
    assert alegra.stock("101") == before - 4
    assert alegra.call("DELETE", f"/remissions/{key}").status_code == 200
    assert alegra.stock("101") == before

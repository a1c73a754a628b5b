"""The pages a person sees, and who may see them."""

import requests

from integrations.simulators.alegra.site import build_site
from integrations.simulators.server import Server


def _page(alegra, path):
    return requests.get(alegra.server.url + path, timeout=5)


def test_home_leads_to_the_documents_of_each_company(alegra):
    home = _page(alegra, "/")
    assert home.status_code == 200
    assert alegra.made["name"] in home.text
    assert f"/app/company/{alegra.made['nit']}/invoices" in home.text


def test_an_invoice_shows_lines_taxes_payment_and_observations(alegra):
    line = alegra.line(price=41932.773109, tax=[{"id": alegra.tax()}])
    made = alegra.invoice(
        line, status="open", observations="Pedido 100245 <b> [MS1-ABCD]", seller={"id": "1"}
    )
    page = _page(alegra, f"/app/invoice/{made['id']}").text
    for words in ("FEHA1249", "Ana Ruiz", "Por cobrar", "Tienda en línea", "Sin emitir"):
        assert words in page
    for words in ("$ 41.932,77", "$ 7.967,23", "$ 49.900", "100245 &lt;b&gt; [MS1-ABCD]"):
        assert words in page


def test_a_remission_and_the_lists_are_shown(alegra):
    made = alegra.remission()
    assert "Remisión 77" in _page(alegra, f"/app/remission/{made['id']}").text
    base = f"/app/company/{alegra.made['nit']}"
    assert made["id"] in _page(alegra, f"{base}/remissions").text
    assert "Consumidor Final" in _page(alegra, f"{base}/contacts").text
    assert "Aquí no hay nada" in _page(alegra, f"{base}/invoices").text


def test_one_id_in_two_companies_asks_whose(alegra):
    key = alegra.remission()["id"]
    other = alegra.company()
    with alegra.site.store.transaction():
        record = alegra.site.store.get(alegra.made["nit"], "remissions", key)
        alegra.site.store.put(other["nit"], "remissions", key, record)
    assert "¿De qué empresa?" in _page(alegra, f"/app/remission/{key}").text
    page = _page(alegra, f"/app/remission/{key}?company={other['nit']}").text
    assert other["name"] in page


def test_unknown_pages_are_404(alegra):
    for path in ("/nothing", "/app/invoice/1", "/app/company/1/invoices", "/app/remission/<x>"):
        assert _page(alegra, path).status_code == 404


def test_without_control_pages_ask_for_the_companys_user_and_show_only_its_own(tmp_path):
    server = Server("127.0.0.1", 0)
    site = build_site(tmp_path, control=False, mastershop_url="")
    server.start(site)
    mine, other = site.make_company({"name": "La Mía"}), site.make_company({"name": "La Otra"})
    try:
        asked = requests.get(server.url + "/", timeout=5)
        assert asked.status_code == 401
        assert asked.headers["WWW-Authenticate"].startswith("Basic ")
        auth = (mine["alegra_user"], mine["alegra_token"])
        home = requests.get(server.url + "/", auth=auth, timeout=5).text
        assert "La Mía" in home
        assert "La Otra" not in home
        foreign = f"{server.url}/app/company/{other['nit']}/invoices"
        assert requests.get(foreign, auth=auth, timeout=5).status_code == 404
    finally:
        server.stop()

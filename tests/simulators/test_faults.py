"""Every fault does to a caller what its name says, and to the books what it promises."""

import socket
import threading
import time

import pytest
import requests

from integrations.simulators.faults import FaultPlan, UnknownFault

BROKEN = (requests.ConnectionError, requests.exceptions.ChunkedEncodingError)


def _create(alegra, **options):
    return alegra.call("POST", "/invoices", alegra.document(), **options)


def _count(alegra):
    return len(alegra.ledger()["invoices"])


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("refused", 0),
        ("reset_before_commit", 0),
        ("answer_lost_after_commit", 1),
        ("answer_cut", 1),
    ],
)
def test_broken_connections_commit_or_not(alegra, name, kept):
    alegra.fault({"fault": name, "method": "POST", "path": "/invoices", "times": 1})
    with pytest.raises(BROKEN):
        _create(alegra)
    assert _count(alegra) == kept
    assert _create(alegra).status_code == 201


def test_cut_answer_shows_half_of_the_body(alegra):
    alegra.fault({"fault": "answer_cut", "times": 1})
    host, port = alegra.server.host, alegra.server.port
    with socket.create_connection((host, port)) as raw:
        raw.sendall(b"GET /api/v1/company HTTP/1.1\r\nHost: x\r\n\r\n")
        received = b""
        try:
            while data := raw.recv(4096):
                received += data
        except ConnectionResetError:
            pass
    assert b"Content-Length: 26" in received
    assert received.endswith(b'{"message":"U')


def test_hang_never_answers_and_commits_nothing(alegra):
    alegra.fault({"fault": "hang", "times": 1})
    with pytest.raises(requests.ReadTimeout):
        _create(alegra, timeout=0.3)
    assert _count(alegra) == 0


def test_latency_adds_to_another_fault(alegra):
    alegra.fault({"fault": "latency", "seconds": 0.2}, {"fault": "status", "status": 503})
    started = time.monotonic()
    assert _create(alegra).status_code == 503
    assert time.monotonic() - started >= 0.2


def test_trickle_takes_its_time_and_arrives_whole(alegra):
    alegra.fault({"fault": "trickle", "seconds": 0.3, "times": 1})
    started = time.monotonic()
    answer = _create(alegra)
    assert time.monotonic() - started >= 0.25
    assert answer.json()["status"] == "draft"


def test_late_commit_comes_after_the_caller_gave_up(alegra):
    alegra.fault({"fault": "late_commit", "seconds": 0.4, "times": 1})
    with pytest.raises(requests.ReadTimeout):
        _create(alegra, timeout=0.2)
    assert _count(alegra) == 0
    time.sleep(0.8)
    assert _count(alegra) == 1


def test_status_before_and_after_the_commit(alegra):
    alegra.fault({"fault": "status", "method": "POST", "times": 1, "status": 502})
    answer = _create(alegra)
    assert (answer.status_code, _count(alegra)) == (502, 0)
    assert answer.headers["Content-Type"].startswith("text/html")
    body = {"message": "Too Many Requests"}
    alegra.fault({"fault": "status_after_commit", "times": 1, "status": 429, "body": body})
    answer = _create(alegra)
    assert (answer.status_code, answer.json(), _count(alegra)) == (429, body, 1)


def test_rate_limited_tells_the_seconds_and_unauthorized_the_message(alegra):
    alegra.fault({"fault": "rate_limited", "times": 1, "seconds": 7})
    answer = _create(alegra)
    assert (answer.status_code, answer.headers["X-Rate-Limit-Reset"]) == (429, "7")
    assert answer.content == b""
    alegra.fault({"fault": "unauthorized", "times": 1})
    answer = _create(alegra)
    assert (answer.status_code, answer.json()) == (401, {"message": "Unauthorized"})
    assert _count(alegra) == 0


def test_hidden_document_exists_by_id_and_reaches_lists_later(alegra):
    alegra.fault({"fault": "hidden_for", "seconds": 0.4, "times": 1})
    made = _create(alegra).json()
    assert alegra.get("/invoices") == []
    assert alegra.get(f"/invoices/{made['id']}")["id"] == made["id"]
    entry = alegra.ledger()["invoices"][0]
    assert entry["_visible_from"] > entry["_made_at"]
    time.sleep(0.45)
    assert len(alegra.get("/invoices")) == 1


def test_lost_answer_and_hidden_document_go_together(alegra):
    alegra.fault(
        {"fault": "answer_lost_after_commit", "times": 1},
        {"fault": "hidden_for", "seconds": 60, "times": 1},
    )
    with pytest.raises(BROKEN):
        _create(alegra)
    assert (_count(alegra), alegra.get("/invoices")) == (1, [])


def test_lists_can_lag_behind_for_every_document(alegra):
    alegra.switch(list_delay_seconds=0.3)
    alegra.remission()
    assert alegra.get("/remissions") == []
    time.sleep(0.35)
    assert len(alegra.get("/remissions")) == 1


def test_refused_with_nothing_but_seconds_closes_the_port_for_a_while(alegra):
    alegra.fault({"fault": "refused", "seconds": 0.4})
    time.sleep(0.05)
    with pytest.raises(OSError, match="refused"):
        socket.create_connection((alegra.server.host, alegra.server.port))
    time.sleep(0.6)
    assert _create(alegra).status_code == 201


def test_control_is_never_touched_by_faults(alegra):
    alegra.fault({"fault": "reset_before_commit", "method": "GET"}, {"fault": "hang"})
    assert alegra.control("ledger").status_code == 200


def test_method_path_after_and_times_choose_the_requests():
    plan = FaultPlan()
    plan.replace(
        [{"fault": "status", "method": "post", "path": "invoices", "after": 1, "times": 2}]
    )

    def hit(method, path):
        return plan.draw(method, path)[1] is not None

    assert not hit("GET", "/invoices")
    assert not hit("POST", "/items")
    assert [hit("POST", "/invoices") for _ in range(5)] == [False, True, True, False, False]


def test_a_fault_of_one_user_leaves_the_others_alone():
    plan = FaultPlan()
    plan.replace([{"fault": "unauthorized", "user": "ana@example.com"}])
    assert plan.draw("GET", "/company", user="ana@example.com")[1] is not None
    assert plan.draw("GET", "/company", user="luz@example.com")[1] is None
    assert plan.draw("GET", "/company")[1] is None


def test_probability_repeats_itself_with_the_same_seed():
    def run():
        plan = FaultPlan()
        plan.replace([{"fault": "status", "probability": 0.5, "seed": 7}])
        return [plan.draw("GET", "/x")[1] is not None for _ in range(200)]

    assert run() == run()
    assert 60 < sum(run()) < 140


def test_faults_of_a_commit_leave_reads_alone_unless_a_method_is_named():
    plan = FaultPlan()
    plan.replace([{"fault": "answer_lost_after_commit", "times": 1}])
    assert plan.draw("GET", "/invoices")[1] is None
    assert plan.draw("POST", "/invoices")[1] is not None


def test_wrong_list_is_refused_and_the_old_one_stays():
    plan = FaultPlan()
    plan.replace([{"fault": "hang"}])
    for wrong in ([{"fault": "explode"}], [{"fault": "hang", "when": 1}], {"fault": "hang"}):
        with pytest.raises(UnknownFault):
            plan.replace(wrong)
    assert [one["fault"] for one in plan.shown()] == ["hang"]


def test_many_callers_at_once_make_as_many_documents_with_numbers_of_their_own(alegra):
    def work():
        session = requests.Session()
        session.auth = alegra.session.auth
        for _ in range(10):
            session.post(alegra.api + "/invoices", json=body, timeout=10).raise_for_status()

    body = alegra.document(status="open")
    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    numbers = {one["numberTemplate"]["number"] for one in alegra.ledger()["invoices"]}
    assert len(numbers) == 80

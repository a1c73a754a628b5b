"""Status and body to the class that decides what happens next."""

import json
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.alegra import errors
from integrations.alegra.client import Call
from integrations.alegra.errors import classify

JSON = b'{"code": 903, "message": "El l\xc3\xadmite debe ser menor o igual a 30"}'
HTML = b"<html>Bad Gateway</html>"


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (200, b"{}", None),
        (201, b'{"id": "1"}', None),
        (200, b"[]", None),
        (204, b"", None),
        (200, b'{"error": "El producto fue eliminado correctamente.", "code": 200}', None),
        (200, b"", errors.OutcomeUnknown),
        (201, b'{"id": "58', errors.OutcomeUnknown),
        (200, HTML, errors.OutcomeUnknown),
        (200, b'{"total": NaN}', errors.OutcomeUnknown),
        (200, b"[" * 200_000, errors.OutcomeUnknown),
        (200, b"\xff\xfe", errors.OutcomeUnknown),
        (301, b"", errors.OutcomeUnknown),
        (304, b"{}", errors.OutcomeUnknown),
        (400, JSON, errors.Rejected),
        (405, JSON, errors.Rejected),
        (409, JSON, errors.Rejected),
        (422, JSON, errors.Rejected),
        (400, HTML, errors.OutcomeUnknown),
        (400, b"", errors.OutcomeUnknown),
        (400, b"[]", errors.OutcomeUnknown),
        (400, b"{}", errors.OutcomeUnknown),
        (401, b'{"message":"Unauthorized"}', errors.Unauthorized),
        (401, b"", errors.Unauthorized),
        (402, HTML, errors.PlanExcludes),
        (403, b"", errors.Forbidden),
        (404, JSON, errors.NotFound),
        (404, HTML, errors.OutcomeUnknown),
        (408, JSON, errors.OutcomeUnknown),
        (418, JSON, errors.OutcomeUnknown),
        (429, b"", errors.RateLimited),
        (429, HTML, errors.RateLimited),
        (429, JSON, errors.RateLimited),
        (500, HTML, errors.OutcomeUnknown),
        (500, JSON, errors.OutcomeUnknown),
        (502, b"", errors.OutcomeUnknown),
        (503, JSON, errors.OutcomeUnknown),
        (504, HTML, errors.OutcomeUnknown),
        (599, b"", errors.OutcomeUnknown),
    ],
)
def test_each_answer_has_its_class(status, body, expected):
    assert type(classify(status, {}, body)) is (expected or type(None))


@given(st.integers(100, 999), st.binary(max_size=60))
def test_no_answer_breaks_the_classification(status, body):
    error = classify(status, {}, body)
    assert error is None or isinstance(error, errors.AlegraError)
    if error is None:
        assert 200 <= status < 300


@pytest.mark.parametrize(
    ("body", "message", "code"),
    [
        ({"code": 903, "message": "El límite"}, "El límite", "903"),
        ({"error": "El producto no existe", "code": 404}, "El producto no existe", "404"),
        ({"message": "Unauthorized"}, "Unauthorized", None),
        ({"error": {"code": 3007, "message": "Falta la fecha"}}, "Falta la fecha", "3007"),
        ({"code": "907", "message": "Plan"}, "Plan", "907"),
        ({"message": "Uno", "error": "Dos"}, "Uno", None),
        ({"message": {"es": "no"}, "error": "Dos"}, "Dos", None),
        ({"errors": [{"field": ["Tres"]}]}, "Tres", None),
        ({"errors": {"items": "Cuatro"}}, "Cuatro", None),
        ({"code": True, "message": "  "}, "Bad Request", None),
        ({"error": [{"message": "Cinco", "code": "2112"}]}, "Cinco", "2112"),
        ({"error": [{"message": "Seis"}, {"message": "Siete"}]}, "Seis · Siete", None),
        ({"error": ["Ocho", {"code": 2006}]}, "Ocho", "2006"),
    ],
)
def test_every_envelope_yields_sentence_and_code(body, message, code):
    error = classify(400, {}, json.dumps(body).encode())
    assert (error.message, error.code) == (message, code)


@pytest.mark.parametrize("status", [200, 400, 401, 402, 403, 404, 422, 500, 503])
@pytest.mark.parametrize(
    "body",
    [
        {"code": 429, "message": "Too many requests"},
        {"code": "429", "message": "Espera"},
        {"message": "Too Many Requests, slow down"},
        {"error": {"code": 429, "message": "No"}},
        {"error": [{"message": "too many requests"}]},
    ],
)
def test_a_rate_limit_is_one_under_any_status(status, body):
    error = classify(status, {"X-Rate-Limit-Reset": "3"}, json.dumps(body).encode())
    assert type(error) is errors.RateLimited
    # The header speaks of another limit.
    assert error.retry_after == 60
    assert error.is_definite_no


def test_a_document_that_was_made_is_no_rate_limit_whatever_the_sentence_says():
    body = {"code": 429, "message": "Too many requests", "invoice": {"id": "58", "items": []}}
    error = classify(400, {}, json.dumps(body).encode())
    assert type(error) is errors.Rejected
    assert error.document["id"] == "58"


@pytest.mark.parametrize(
    ("status", "path", "of_contacts"),
    [
        (400, "/contacts", True),
        (400, "/contacts/7", True),
        (429, "/contacts", False),
        (400, "/invoices", False),
    ],
)
def test_only_contacts_have_a_limit_of_their_own(status, path, of_contacts):
    error = classify(status, {}, b'{"code":429,"message":"Too many requests"}')
    error.call = Call("GET", path)
    assert error.of_contacts is of_contacts


@pytest.mark.parametrize(
    "body",
    [
        {"code": 2006, "message": "Ya existe", "contactId": 91},
        {"error": {"code": 2006, "message": "Ya existe", "contactId": "91"}},
        {"error": [{"code": 2006, "message": "Ya existe", "contactId": "91"}]},
    ],
)
def test_a_repeated_identification_names_the_contact_that_has_it(body):
    error = classify(400, {}, json.dumps(body).encode())
    assert (error.code, error.contact_id) == ("2006", "91")


def test_a_foreign_body_leaves_the_reason_and_an_excerpt():
    error = classify(502, {}, HTML + b"x" * 5000)
    assert error.message == "Bad Gateway"
    assert len(error.excerpt) == 2000
    assert str(error) == "Bad Gateway [HTTP 502]"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 60.0),
        ({"Retry-After": "7"}, 7.0),
        ({"retry-after": "7", "x-rate-limit-reset": "20"}, 7.0),
        ({"X-Rate-Limit-Reset": "20"}, 20.0),
        ({"Retry-After": "soon", "X-Rate-Limit-Reset": "20"}, 20.0),
        ({"Retry-After": "-5"}, 60.0),
        ({"Retry-After": "nan"}, 60.0),
        ({"Retry-After": "0"}, 1.0),
        ({"Retry-After": "99999999"}, 3600.0),
        (
            {
                "Retry-After": "Fri, 20 Nov 2026 15:00:42 GMT",
                "Date": "Fri, 20 Nov 2026 15:00:12 GMT",
            },
            30.0,
        ),
        ({"Retry-After": "Fri, 20 Nov 2026 15:00:42 GMT"}, 60.0),
    ],
)
def test_a_429_tells_how_long_to_wait(headers, seconds):
    assert classify(429, headers, b"").retry_after == seconds


@pytest.mark.parametrize(
    "body",
    [
        {"message": "DIAN", "code": 1, "id": "5821", "status": "draft"},
        {"message": "DIAN", "invoice": {"id": 5821, "status": "draft"}},
        {"message": "DIAN", "data": {"id": "5821", "status": "draft"}},
        {"message": "DIAN", "data": [{"id": "5821", "status": "draft"}]},
        {"error": {"message": "DIAN", "id": "5821", "status": "draft"}},
        {"error": {"message": "DIAN", "invoice": {"id": "5821"}}},
        {"id": "request-1", "message": "DIAN", "invoice": {"id": "5821", "status": "draft"}},
        {"invoice": {"id": "5821"}},
    ],
)
def test_the_draft_of_a_refused_stamp_is_found_and_is_no_definite_no(body):
    error = classify(400, {}, json.dumps(body).encode())
    assert isinstance(error, errors.Rejected)
    assert str(error.document["id"]) == "5821"
    assert not error.is_definite_no


def test_an_ordinary_refusal_left_nothing():
    error = classify(400, {}, JSON)
    assert error.document is None
    assert error.is_definite_no


def test_only_the_unknown_is_no_definite_no():
    definite = [
        errors.NotSent(""),
        errors.RateLimited(5),
        errors.BudgetExhausted(retry_after=5),
        errors.Unauthorized(""),
        errors.PlanExcludes(""),
        errors.Forbidden(""),
        errors.NotFound(""),
        errors.Rejected(""),
    ]
    assert all(error.is_definite_no for error in definite)
    assert not errors.OutcomeUnknown("").is_definite_no
    assert not errors.AlegraError("").is_definite_no


def test_errors_show_neither_excerpt_nor_message_in_their_repr():
    error = errors.Rejected("Ana Ruiz no existe", status=400, code="1", excerpt="Ana Ruiz")
    assert repr(error) == "Rejected(status=400, code='1')"
    assert str(error) == "Ana Ruiz no existe [HTTP 400, código 1]"


def test_errors_survive_the_way_through_a_queue():
    for error in (errors.BudgetExhausted(3.5), classify(400, {}, JSON), classify(429, {}, b"")):
        copy = pickle.loads(pickle.dumps(error))
        assert type(copy) is type(error)
        assert vars(copy) == vars(error)

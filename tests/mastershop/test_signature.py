import pytest

from integrations.mastershop import signature

# printf '%s' '{"id_order":1}' | openssl dgst -sha256 -hmac 'llave-de-prueba'
BODY = b'{"id_order":1}'
SECRET = "llave-de-prueba"
DIGEST = "67a57bc92f8b0b30dda55a2409af993cd12a0fbdb0df4fe4baf15cb460fe28b3"


def test_signs_like_openssl():
    assert signature.sign(SECRET, BODY) == DIGEST


@pytest.mark.parametrize(
    "header", [DIGEST, f"sha256={DIGEST}", DIGEST.upper(), f"SHA256={DIGEST}", f" {DIGEST} "]
)
def test_a_right_signature_is_accepted_with_or_without_its_prefix(header):
    assert signature.is_valid(header, BODY, [SECRET])


def test_during_rotation_either_secret_is_good():
    assert signature.is_valid(DIGEST, BODY, ["nueva", SECRET])
    assert signature.is_valid(signature.sign("nueva", BODY), BODY, ["nueva", SECRET])


def test_any_changed_byte_of_the_body_is_refused():
    for position in range(len(BODY)):
        changed = bytearray(BODY)
        changed[position] ^= 1
        assert not signature.is_valid(DIGEST, bytes(changed), [SECRET])


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "sha256=",
        DIGEST[:-1],
        DIGEST + "0",
        f"{DIGEST},{DIGEST}",
        f"{DIGEST} {DIGEST}",
        f"sha256=sha256={DIGEST}",
        f"sha1={DIGEST}",
        "ñ" * 64,
        "0" * 64,
    ],
)
def test_anything_else_in_the_header_is_refused(header):
    assert not signature.is_valid(header, BODY, [SECRET])


def test_another_secret_is_refused():
    assert not signature.is_valid(DIGEST, BODY, ["otra"])


def test_an_empty_secret_signs_nothing():
    forged = signature.sign("", BODY)
    assert not signature.is_valid(forged, BODY, ["", ""])
    assert not signature.is_valid(forged, BODY, [])

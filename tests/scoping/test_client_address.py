"""Whose address counts: only what a configured proxy says is believed."""

from __future__ import annotations

import pytest
from django.test import override_settings

from integrations.scoping.client_address import ClientAddress, Proxies, site


@pytest.mark.parametrize(
    ("proxies", "address", "forwarded", "client"),
    [
        # Nobody is believed where no proxy is configured.
        ([], "203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ([], "127.0.0.1", "198.51.100.1", "127.0.0.1"),
        (["10.0.0.0/8"], "203.0.113.9", "198.51.100.1", "203.0.113.9"),
        # What the proxy itself saw is the last one; what is before it the sender may have made up.
        (["10.0.0.0/8"], "10.1.2.3", "198.51.100.1", "198.51.100.1"),
        (["10.0.0.0/8"], "10.1.2.3", "1.2.3.4, 198.51.100.1", "198.51.100.1"),
        (["10.0.0.0/8"], "10.1.2.3", "1.2.3.4, 198.51.100.1, 10.9.9.9", "198.51.100.1"),
        (["10.0.0.0/8"], "10.1.2.3", "10.4.4.4", "10.4.4.4"),
        (["10.0.0.0/8"], "10.1.2.3", "198.51.100.1, rubbish", "10.1.2.3"),
        (["10.0.0.0/8"], "10.1.2.3", "", "10.1.2.3"),
        (["unix"], "", "198.51.100.1", "198.51.100.1"),
        (["10.0.0.1"], "", "198.51.100.1", ""),
        # Forms of an address.
        (["::1"], "::1", "2001:db8::7", "2001:db8::7"),
        (["127.0.0.1"], "::ffff:127.0.0.1", "198.51.100.1:4711", "198.51.100.1"),
        (["127.0.0.1"], "127.0.0.1", "[2001:db8::7]:4711", "2001:db8::7"),
    ],
)
def test_the_way_is_read_from_its_end_as_far_as_our_proxies_go(proxies, address, forwarded, client):
    assert Proxies(proxies).client(address, forwarded) == client


def test_a_proxy_that_is_no_address_stops_the_start():
    with (
        override_settings(TRUSTED_PROXIES=["proxy.example.com"]),
        pytest.raises(ValueError, match="proxy"),
    ):
        ClientAddress(lambda request: None)


@pytest.mark.parametrize(
    ("address", "sender"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("", ""),
    ],
)
def test_one_sender_is_an_address_or_a_network_of_64_bits(address, sender):
    assert site(address) == sender


@pytest.mark.parametrize(("proxies", "seen"), [([], "203.0.113.9"), (["203.0.113.9"], "8.8.4.4")])
def test_every_request_comes_with_the_clients_address(rf, proxies, seen):
    with override_settings(TRUSTED_PROXIES=proxies):
        request = rf.get("/", REMOTE_ADDR="203.0.113.9", headers={"X-Forwarded-For": "8.8.4.4"})
        assert ClientAddress(lambda one: one.META["REMOTE_ADDR"])(request) == seen

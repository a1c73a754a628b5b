import pytest

from integrations.mastershop import limits


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7),
        ({"ratelimit-reset": "12"}, 12),
        ({"x-ratelimit-reset": "12"}, 12),
        ({"retry-after": "3", "ratelimit-reset": "12"}, 3),
        ({"retry-after": "soon", "ratelimit-reset": "12"}, 12),
        ({"ratelimit-reset": "-4"}, 0),
        ({"ratelimit-reset": "999999"}, 3600),
        # 15 Nov 2026 12:00:00 UTC is 1794744000
        ({"x-ratelimit-reset": "1794744030", "date": "Sun, 15 Nov 2026 12:00:00 GMT"}, 30),
        (
            {
                "retry-after": "Sun, 15 Nov 2026 12:00:05 GMT",
                "date": "Sun, 15 Nov 2026 12:00:00 GMT",
            },
            5,
        ),
        ({"x-ratelimit-reset": "1794744030"}, None),
        ({"x-ratelimit-reset": "nunca"}, None),
        ({}, None),
    ],
)
def test_how_long_to_wait(headers, seconds):
    assert limits.retry_after(headers) == seconds

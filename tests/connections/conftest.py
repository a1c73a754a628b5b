import pytest
import responses


@pytest.fixture
def alegra():
    """No call leaves the process: what is not answered here fails like a lost connection."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock

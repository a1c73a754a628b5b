import pytest
import responses

from integrations.configuration.references import store
from integrations.connections import reads
from integrations.connections.models import ReferenceEntry
from integrations.scoping.context import scope
from integrations.timekeeping import clock
from tests import cast as casting
from tests.configuration.lists import ROWS


@pytest.fixture
def alegra():
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


@pytest.fixture
def integration(cast):
    """In set-up, nothing saved yet, with the lists of its company read."""
    made = casting.make_integration(
        cast.organization, state="setup", process_from=None, automatic_from=None
    )
    with scope(cast.organization.pk):
        made.document_settings.delete()
        row = reads.begin(reads.Kind.REFERENCES, made.company, now=clock.now())
        reads.end(row, now=clock.now())
        for kind, rows in ROWS.items():
            store(made.company, kind, rows, at=clock.now())
    return made


@pytest.fixture
def missing(integration):
    """missing(kind, alegra_id): that entry vanished from Alegra."""

    def vanish(kind: str, alegra_id: str) -> None:
        with scope(integration.organization_id):
            ReferenceEntry.objects.filter(kind=kind, alegra_id=alegra_id).update(
                missing_since=clock.now()
            )

    return vanish

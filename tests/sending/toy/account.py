"""The account of a merchant in the stand-in, as far as toys need it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import requests
from django.utils.functional import cached_property

from integrations.colombia.dates import bogota_today
from integrations.scoping.context import scope
from tests.documents.engine import Engine


@dataclass
class Account:
    engine: Engine

    def note(self, text: str) -> dict[str, Any]:
        """The body of a draft of 1 000 pesos whose observations are this text."""
        # The day of the stand-in, whose clock the test does not move.
        today = bogota_today(datetime.now(UTC)).isoformat()
        return {
            "date": today,
            "dueDate": today,
            "client": {"id": self._client},
            "items": [{"id": self.engine.items["11"], "price": 1000, "quantity": 1}],
            "numberTemplate": {"id": self._settings.number_template},
            "paymentForm": "CASH",
            "paymentMethod": "CASH",
            "status": "draft",
            "observations": text,
        }

    def write(self, text: str) -> str:
        """Put it into the books as somebody else would; returns its id."""
        return str(self._post("invoices", self.note(text))["id"])

    def notes(self) -> list[str]:
        """The texts of all that is in the books."""
        return [str(row.get("observations")) for row in self.engine.invoices()]

    @cached_property
    def _settings(self) -> Any:
        with scope(self.engine.integration.organization_id):
            return self.engine.integration.document_settings

    @cached_property
    def _client(self) -> str:
        person = {
            "nameObject": {"firstName": "Ana", "lastName": "Ruiz"},
            "identificationObject": {"type": "CC", "number": "52998117"},
            "kindOfPerson": "PERSON_ENTITY",
            "regime": "SIMPLIFIED_REGIME",
            "type": ["client"],
        }
        return str(self._post("contacts", person)["id"])

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        company = self.engine.company
        answer = requests.post(
            f"{self.engine.running.alegra_url}/{path}",
            json=body,
            auth=(company["alegra_user"], company["alegra_token"]),
            timeout=10,
        )
        assert answer.ok, answer.text
        return answer.json()

"""What a person has yet to say of integrations that are On. It holds nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from integrations.configuration import set_up
from integrations.configuration.asked import Asked
from integrations.configuration.questions import VAT_STANDING
from integrations.configuration.set_up import Gap
from integrations.connections.models import Integration


@dataclass(frozen=True)
class SetUpGap:
    integration: Integration
    gap: Gap

    @property
    def questions(self) -> list[Asked]:
        return [self.gap.asked] if self.gap.asked else []

    @property
    def standing_url(self) -> str:
        """The answer that its goods contradict."""
        asked = set_up.asked(self.integration, VAT_STANDING)
        return set_up.address_of(self.integration, asked)


def set_up_gaps(integrations: Iterable[Integration]) -> list[SetUpGap]:
    return [
        SetUpGap(each, gap) for each in integrations if each.is_on for gap in set_up.gaps_of(each)
    ]

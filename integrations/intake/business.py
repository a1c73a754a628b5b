"""Whether a delivery is of the integration's own MasterShop business; the first one teaches it."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from integrations.connections.business import BusinessTaken, learn_business
from integrations.connections.models import Integration


def settle_business(
    integration: Integration, business_id: str, *, now: datetime
) -> tuple[Integration, str]:
    """The integration that goes on with the delivery, and why it is refused ('' if it is not).

    A delivery that names no business is the integration's. Learning the business of an archive
    wakes that one, which then goes on in place of the new row.
    """
    if not business_id or business_id == integration.source.business_id:
        return integration, ""
    if integration.source.business_id:
        return integration, _other(business_id)
    try:
        with transaction.atomic():
            # Two first events at once must not both teach.
            locked = Integration.objects.select_for_update().get(pk=integration.pk)
            # Read once it is locked.
            if locked.source.business_id:
                known = locked.source.business_id == business_id
                return locked, "" if known else _other(business_id)
            return learn_business(locked, business_id, now=now), ""
    except (BusinessTaken, IntegrityError):
        taken = _("El negocio %(business)s ya está conectado en otra integración del comercio.")
        return integration, taken % {"business": business_id}


def _other(business_id: str) -> str:
    return _("Es del negocio %(business)s y esta integración, de otro.") % {"business": business_id}

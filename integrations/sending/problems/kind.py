"""What is known of one kind of problem: everything a screen, a mail or the engine asks of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, Flag, auto

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# The advice of every kind whose orders leave by themselves once it is repaired.
GOES_BY_ITSELF = _("Al arreglarlo, el pedido sale solo.")
RETRY = _("Reintentar")
# The screens that are pages of one order.
ON_ORDER_PAGE = frozenset({"order", "order_correct", "order_lines"})


class CuredBy(Flag):
    """What ends a problem. Several may: each alone is enough."""

    # A link of products or bodegas.
    LINK = auto()
    # *Editar configuración*, or the answer to a question that is kept there.
    SETTINGS = auto()
    # A newer body of the order, or the order read again in MasterShop.
    ORDER = auto()
    # *Corregir datos*, or the choice of a line's product, on pages of the order.
    CORRECTION = auto()
    # A decision or a retry on the order's page, or of all orders of the cause at once.
    PERSON = auto()
    # Alegra, once it allows again what it refused: one waiting order is tried every few minutes
    # (`sending.trying`), and when it passes the others leave.
    TRYING = auto()
    # Alegra, where what is missing is read again every few minutes; then all that waited leave.
    ALEGRA = auto()


class Retry(Enum):
    """Where *Reintentar* is offered."""

    # Sending again would only ask again: a person decides.
    NO = "no"
    # On the order's page.
    ONE = "one"
    # Also for all orders of the cause, in *Por atender*.
    MANY = "many"


@dataclass(frozen=True, kw_only=True)
class ProblemKind:
    """One kind of problem. All texts are Spanish for the merchant.

    `title` heads a group of orders and names the filter. `sentence` names the culprit; its
    {fields} are the problem's params. `advice` says what to do about it. `cure_label` is the
    button that leads to `screen`, the name of an address of the portal ("order" is the order's
    own page), and `anchors` the field on it, by the reference that the problem is about.
    """

    code: str
    title: Promise
    sentence: Promise
    cure_label: Promise
    cured_by: CuredBy
    advice: Promise = GOES_BY_ITSELF
    icon: str = "warn"
    # fail: something is broken · ask: a person decides · warn: it deserves a look.
    tone: str = "fail"
    # The question that is answered in place (`configuration.questions`), or ''.
    asks: str = ""
    retry: Retry = Retry.ONE
    # What the button that sends again says on the order's page, where it answers a question.
    retry_label: Promise = RETRY
    # One cause for one order: grouping more would hide what differs.
    per_order: bool = False
    screen: str = "order"
    anchors: Mapping[str, str] = field(default_factory=dict)
    # Another screen for some of its problems, by their `params["cure"]`.
    screens: Mapping[str, str] = field(default_factory=dict)
    # What a line of the order says in place of its Alegra product, or ''.
    on_line: Promise | str = ""
    # Found while the order's amounts are read: another answer about them may end it.
    of_amounts: bool = False
    # False: it is shown beside its work, which keeps its state.
    blocks: bool = True
    # What *Paso a paso* and the list say of an order with one that does not block.
    happened: Promise | str = ""
    # Mailed within a minute, whatever other mails the hour has brought: what it is about must
    # not be issued as it is.
    urgent: bool = False

    @property
    def heals_itself(self) -> bool:
        """The cure lets the orders go by itself; otherwise a person decides or retries."""
        return CuredBy.PERSON not in self.cured_by

    @property
    def is_on_order_page(self) -> bool:
        """Repaired on a page of the order, not on one of the integration."""
        return self.screen in ON_ORDER_PAGE

    def screen_for(self, cure: str = "") -> str:
        """The screen that repairs a problem with this `params["cure"]`."""
        return self.screens.get(cure, self.screen)

    def anchor(self, reference: str = "") -> str:
        """The field of the screen that repairs it, as the fragment of an address; '' for none."""
        return self.anchors.get(reference) or self.anchors.get("", "")

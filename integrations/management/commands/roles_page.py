"""Prints docs/roles.md from the one table of roles."""

from django.core.management.base import BaseCommand

from integrations.tenancy.models import Role
from integrations.tenancy.roles import Act, may

MEANING = {
    Act.READ: "Read every page of the comercio",
    Act.SEE_BUYER: "See a buyer's identification, phone and e-mail in full, on the order's page",
    Act.EDIT: "Change orders, links, settings and rules; send again, approve, dismiss",
    Act.EMIT: "Emit invoices to the DIAN (*Emitir*), and stop it",
    Act.MARK_EXTERNAL: "Say that an order already has a document (*Ya tiene documento*)",
    Act.CONFIRM_NOTE: "Name the credit note of an emitted invoice (*Ya hice la nota*)",
    Act.COMPARE_BOOKS: "Compare the books with Alegra (*Revisar ahora*), settle a difference",
    Act.ENTER_TOKEN: "Enter a new token for credentials that are paused",
    Act.CLOSE_BOOKS: "Set *Libros cerrados hasta*",
    Act.OWN: "Make, switch on and off, and archive integrations; credentials; members",
}

HEAD = """# What each role may do

Made by `python manage.py roles_page > docs/roles.md` from
`integrations/tenancy/roles.py`, from which the access tests are generated too. Who is no
member of a comercio gets 404 for everything below its address, with every method; a member
whose role does not include an act gets 403.
"""


def roles_page() -> str:
    roles = [Role.VIEWER, Role.ACCOUNTANT, Role.EDITOR, Role.OWNER]
    heading = ["Act", *(f"{role.label} (`{role}`)" for role in roles)]
    lines = [HEAD, _row(heading), _row(["---", *(":-:" for _ in roles)])]
    lines += [
        _row([MEANING[act], *("yes" if may(role, act) else "" for role in roles)]) for act in Act
    ]
    return "\n".join(lines) + "\n"


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(str(cell) for cell in cells)} |"


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args, **options):
        self.stdout.write(roles_page(), ending="")

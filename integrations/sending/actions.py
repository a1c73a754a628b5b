"""What a plan, a limit or a permission of Alegra's may lack, as a merchant calls it.

These words are the subject of the cause that holds the orders (`trying.py`): whoever asks about
the same thing uses the same ones.
"""

from __future__ import annotations

CREATE_INVOICES = "crear facturas de venta"
EMIT_INVOICES = "emitir facturas ante la DIAN"
READ_DOCUMENTS = "leer documentos"

"""The payment of an invoice that the DIAN accepted: a work of its own, once for each document."""

"""Pieces of HTML for the pages: layout, tables, amounts. Everything is escaped here."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from html import escape

_STYLE = """
:root{color-scheme:light dark;--ink:#1d2733;--soft:#5b6775;--line:#d9dfe6;--ground:#f5f7f9;
--card:#fff;--accent:#0f766e;--bad:#b42318;--wait:#92580a}
@media (prefers-color-scheme:dark){:root{--ink:#e6ebf0;--soft:#9aa7b4;--line:#313b46;
--ground:#13181e;--card:#1b222a;--accent:#5eead4;--bad:#fda29b;--wait:#fdb022}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);
font:16px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif}
a{color:var(--accent)}
header{background:var(--card);border-bottom:1px solid var(--line);padding:.75rem 1.25rem}
header a{text-decoration:none;font-weight:600}
header span{color:var(--soft);margin-left:.75rem;font-size:.875rem}
main{max-width:68rem;margin:0 auto;padding:1.5rem 1.25rem 4rem}
h1{font-size:1.5rem;line-height:1.25;margin:.25rem 0 1rem}
h2{font-size:1.0625rem;margin:2rem 0 .5rem}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;list-style:none;padding:0;margin:0 0 1rem}
nav a[aria-current]{color:var(--ink);font-weight:600;text-decoration:none}
.card{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:1.25rem;
overflow-x:auto}
table{border-collapse:collapse;width:100%}
th{text-align:left;font-size:.8125rem;color:var(--soft);font-weight:600}
th,td{padding:.5rem .75rem .5rem 0;border-bottom:1px solid var(--line);vertical-align:top}
tbody tr:last-child td{border-bottom:0}
.num{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(13rem,1fr));gap:.75rem 1.5rem;margin:0}
dl .wide{grid-column:1/-1}
dt{font-size:.8125rem;color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
tfoot td{border-bottom:0;padding-top:.25rem;padding-bottom:.25rem}
tfoot tr:last-child td{font-weight:700;font-size:1.125rem}
.state{font-size:.8125rem;font-weight:600;white-space:nowrap}
.good{color:var(--accent)}.bad{color:var(--bad)}.wait{color:var(--wait)}.soft{color:var(--soft)}
pre{white-space:pre-wrap;overflow-wrap:anywhere;margin:0;font:inherit}
"""


def money(amount: str | Decimal) -> str:
    """``$ 112.000,01``: thousands with a point, cents only when there are some."""
    value = Decimal(amount).quantize(Decimal("0.01"))
    text = f"{value:,.2f}".translate(str.maketrans(",.", ".,"))
    return f"$ {text.removesuffix(',00')}"


def quantity(amount: str | Decimal) -> str:
    return format(Decimal(amount).normalize(), "f").replace(".", ",")


def page(title: str, inside: str, *, company: str = "") -> str:
    """A whole page."""
    return (
        '<!doctype html><html lang="es-CO"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<link rel="icon" href="data:,">'
        f"<title>{escape(title)} · Alegra simulada</title><style>{_STYLE}</style></head><body>"
        f'<header><a href="/app/">Alegra simulada</a><span>{escape(company)}</span></header>'
        f"<main><h1>{escape(title)}</h1>{inside}</main></body></html>"
    )


def link(address: str, words: str) -> str:
    return f'<a href="{escape(address)}">{escape(words)}</a>'


def state(words: str, tone: str = "") -> str:
    """A state in words; ``tone`` is good, bad, wait, soft or nothing."""
    return f'<span class="state {tone}">{escape(words)}</span>'


def cell(inside: str, *, number: bool = False) -> str:
    """A table cell of ready HTML."""
    return f'<td class="num">{inside}</td>' if number else f"<td>{inside}</td>"


def table(heads: Iterable[tuple[str, bool]], rows: Iterable[str], foot: str = "") -> str:
    """A table in a card. Heads are words and whether the column holds numbers."""
    head = "".join(
        f'<th scope="col"{" class=num" if is_number else ""}>{escape(words)}</th>'
        for words, is_number in heads
    )
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    foot = f"<tfoot>{foot}</tfoot>" if foot else ""
    return (
        f'<div class="card"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody>{foot}</table></div>"
    )


def facts(pairs: Iterable[tuple[str, str]]) -> str:
    """Names and values in a card; the values are ready HTML."""
    inside = "".join(
        f"<div{' class=wide' if len(value) > 80 and '<' not in value else ''}>"
        f"<dt>{escape(name)}</dt><dd>{value or '—'}</dd></div>"
        for name, value in pairs
    )
    return f'<div class="card"><dl>{inside}</dl></div>'


def tabs(entries: Iterable[tuple[str, str]], current: str) -> str:
    """Links side by side: address and words."""
    items = "".join(
        f'<li><a href="{escape(address)}"{" aria-current=page" if address == current else ""}>'
        f"{escape(words)}</a></li>"
        for address, words in entries
    )
    return f'<nav aria-label="Secciones"><ul>{items}</ul></nav>'

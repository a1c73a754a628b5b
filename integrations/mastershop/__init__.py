"""MasterShop's language: its statuses, payment names, orders, products, signature and API.

Everything that is uncertain about MasterShop (field names, spellings, status numbers, the stock
contract) is settled here and nowhere else; the rest of the portal sees only the types of
`orders`, `products` and `stock`. No Django inside, and nothing of the house.
"""

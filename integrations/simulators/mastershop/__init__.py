"""The simulated MasterShop: businesses, products, bodegas, orders and the events they send.

Its data is invented; what real orders are known to get wrong can be asked for by name (`traps`).
"""

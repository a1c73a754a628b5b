"""Whose accounts: Alegra users, companies and credentials, MasterShop businesses, and the
integrations that join one business to one company. What they share (call budget, slots,
breaker) is on the Alegra user's row, which belongs to no tenant.
"""

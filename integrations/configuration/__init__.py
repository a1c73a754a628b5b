"""What a merchant chose: the document settings, the bank equivalences, and the choice lists
copied from Alegra that they are picked from.
"""

"""The world of a first start: a merchant who has set everything up against the stand-ins.

Made with the rooms' own functions where a person would click, so that nothing in it is
different from a merchant's own set-up; read by people, proofs and pictures.
"""

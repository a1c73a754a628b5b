"""Hostile texts: what each function takes for a MiB of them, and what a neighbour waits: 8 minutes.

`figures.py` measures every public function of texts, and those that meet an answer or a log, with
1 MiB of each shape; 50 ms are promised. `neighbour.py` lets the Alegra of one company answer with
5 MB of such shapes while another company's orders become documents.
"""

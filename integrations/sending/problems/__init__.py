"""Every reason for which a person is needed, one file for each subject.

A kind is written once and complete; `problem_kinds` joins the files to one table.
"""

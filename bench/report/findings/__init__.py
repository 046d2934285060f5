"""Sentences about a run and the comparisons they rest on. A rule: evidence in, a finding or nothing out."""

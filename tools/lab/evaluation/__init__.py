"""The parts of tools/evaluate.py: what is looked at, what is tried, and how it is counted."""

"""Simulated lenses with known faults, seen by `tools/lens_report_trials.py`."""

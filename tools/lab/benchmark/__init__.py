"""The parts of tools/benchmark.py: what is timed, against what, and how."""

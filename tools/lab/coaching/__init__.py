"""The parts of tools/coach_trials.py: what is seen through a simulated lens, what is made of it, and the hand."""

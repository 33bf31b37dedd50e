"""The parts of tools/autofocus_trials.py: what a lens shows at each step, who looks for focus, and the trial."""

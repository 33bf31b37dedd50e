"""The parts of tools/autofocus_trials.py: what a lens shows at each of its steps, who looks for focus, and the trial."""

"""The view in a terminal: full screen, or in lines."""

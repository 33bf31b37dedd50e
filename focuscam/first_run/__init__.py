"""`focuscam doctor --first-run`: the owner of the first Pi walks through what nobody could try without one."""

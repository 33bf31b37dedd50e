"""What a step costs on a Raspberry Pi that nobody here has: its instructions, counted in an emulated one."""

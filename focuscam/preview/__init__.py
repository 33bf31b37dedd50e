"""What is shown, and to whom: the line in a terminal, the fields that programs read."""

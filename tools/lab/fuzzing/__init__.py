"""What the fuzz is made of: damage, the kinds of input, and the judge of what came of it."""

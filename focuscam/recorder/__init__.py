"""A run kept as a folder, to look at, to send, and to play again: docs/reference/recordings.md tells what is in it."""

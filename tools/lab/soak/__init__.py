"""What goes on for long: readers on the socket, a million frames, processes that are killed."""

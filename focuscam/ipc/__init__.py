"""The daemon's socket: what is said over it, who serves it, and who talks to it."""

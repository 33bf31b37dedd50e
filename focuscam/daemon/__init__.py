"""The loop, the camera's session in it, and the commands that it obeys."""

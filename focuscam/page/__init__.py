"""`focuscam page`: what the camera sees, on the phone of whoever stands beside it."""

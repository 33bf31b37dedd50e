"""What one frame says by itself: patches of it, looked at by a small network, become a Reading."""

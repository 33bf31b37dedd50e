"""What tools/train.py is made of: photos, the simulated camera, patches, networks, conversion to int8."""

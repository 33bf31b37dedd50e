"""What tools/study.py is made of: photos cut to the network's size, runs that are kept, tables beside the published."""

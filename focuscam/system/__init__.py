"""What every room needs of the operating system: files, threads, signals, and words on a terminal, each done once."""

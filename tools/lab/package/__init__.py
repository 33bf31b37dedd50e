"""The Debian package: everything that a Raspberry Pi without a network needs beside what its own apt has."""

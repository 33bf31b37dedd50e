"""What trains and measures focuscam: the package behind the scripts of tools/. It is no part of what is installed."""

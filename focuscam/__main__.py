"""`python -m focuscam`: the same as the command."""

import sys

from focuscam.cli import main

sys.exit(main())

"""The way in from scripts/services."""

import sys

from instances.command import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

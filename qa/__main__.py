"""``python -m qa``: the same as ``minsheng``."""

from qa.cli import main

if __name__ == "__main__":
    main()

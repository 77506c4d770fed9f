"""Scores from the command line: `python -m scoring news2 -` answers JSON lines from stdin."""

import sys

from scoring.news2_line import answer_line


def main(arguments: list[str]) -> int:
    """Answer each line of standard input as it comes; returns the exit status."""
    if arguments != ["news2", "-"]:
        print("usage: python -m scoring news2 -", file=sys.stderr)
        return 2
    for line in sys.stdin.buffer:
        print(answer_line(line), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Scores from the command line.

`python -m scoring NAME -` answers JSON lines from stdin; `python -m scoring NAME FILE` answers a
JSON object, or runs a file of vignettes (input, expected, source) and says which differ.
"""

import json
import sys
from pathlib import Path

from scoring.library import SCORES
from scoring.lines import answer_line

USAGE = f"usage: python -m scoring {{{','.join(SCORES)}}} {{FILE|-}}"


def main(arguments: list[str]) -> int:
    """Answer what is given; returns 1 when a vignette differs, 2 for a wrong use."""
    if len(arguments) != 2 or arguments[0] not in SCORES:
        print(USAGE, file=sys.stderr)
        return 2
    score, source = arguments
    if source == "-":
        for line in sys.stdin.buffer:
            print(answer_line(score, line), flush=True)
        return 0
    try:
        text = Path(source).read_bytes()
    except OSError as error:
        print(f"{source}: {error.strerror}", file=sys.stderr)
        return 2
    return _answer_file(score, text)


def _answer_file(score: str, text: bytes) -> int:
    try:
        given = json.loads(text)
    except ValueError as error:
        print(f"not JSON: {error}", file=sys.stderr)
        return 2
    if not isinstance(given, list):
        print(answer_line(score, text))
        return 0
    different = 0
    for number, vignette in enumerate(given, start=1):
        if not isinstance(vignette, dict) or not {"input", "expected"} <= set(vignette):
            print(f"vignette {number}: no input and expected", file=sys.stderr)
            return 2
        found = json.loads(answer_line(score, json.dumps(vignette["input"]).encode()))
        same = {name: found.get(name) for name in vignette["expected"]} == vignette["expected"]
        different += not same
        mark = "as expected" if same else f"EXPECTED {json.dumps(vignette['expected'])}"
        print(f"{number}: {json.dumps(found)} {mark}")
    print(f"{len(given)} vignettes, {different} different")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

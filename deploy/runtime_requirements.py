"""Reduce requirements.lock, read on standard input, to what runs; hashes and markers stay.

Without arguments: what the project itself asks for outside its group `dev`, and what that needs.
With names of packages: those, and what they need.
"""

import re
import sys

PROJECT = "chevet (pyproject.toml)"


def parse_lock(text: str) -> dict[str, tuple[str, set[str]]]:
    """For each package of the lock: its lines, and who asked for it (uv's `# via` notes)."""
    entries: dict[str, tuple[str, set[str]]] = {}
    for block in re.split(r"^(?=[A-Za-z0-9])", text, flags=re.M)[1:]:
        name = re.split(r"[=\[ ;]", block, maxsplit=1)[0]
        noted = re.findall(r"^ +#(?: via)? +(\S.*?)$", block, re.M)
        before, parents = entries.get(name, ("", set()))
        entries[name] = (before + block, parents | set(noted))
    return entries


def needed(entries: dict[str, tuple[str, set[str]]], roots: set[str]) -> set[str]:
    """The packages among the roots or reached from them."""
    kept = {name for name, (_, parents) in entries.items() if name in roots or parents & roots}
    while more := {n for n, (_, parents) in entries.items() if parents & kept} - kept:
        kept |= more
    return kept


def main(names: list[str]) -> int:
    entries = parse_lock(sys.stdin.read())
    unknown = set(names) - set(entries)
    if unknown:
        print(f"not in the lock: {sorted(unknown)}", file=sys.stderr)
        return 1
    kept = needed(entries, set(names) or {PROJECT})
    sys.stdout.write("".join(entries[name][0] for name in sorted(kept)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

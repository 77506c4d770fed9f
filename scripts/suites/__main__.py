"""Run the suites named on the command line, or all; end with `N passed, N failed`."""

import sys

from suites.catalogue import find_suites
from suites.run import run_suite
from suites.table import Result, print_table


def main(wanted: list[str]) -> int:
    """0 only when every suite passed within its budget."""
    suites = find_suites()
    unknown = set(wanted) - {suite.name for suite in suites}
    if unknown:
        print(f"no such suite: {sorted(unknown)}; there are {[suite.name for suite in suites]}")
        return 2
    results: list[Result] = []
    try:
        for suite in suites:
            if not wanted or suite.name in wanted:
                results.append(run_suite(suite))
    finally:
        print_table(results)
    return 0 if results and all(result.good for result in results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

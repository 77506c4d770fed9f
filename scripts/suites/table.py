"""What came out, as a table and as the one line that machines read."""

from dataclasses import dataclass

from suites.catalogue import Suite


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The outcome of one suite."""

    suite: Suite
    passed: int
    failed: int
    seconds: float
    note: str
    stretch: float = 1.0

    @property
    def over_budget(self) -> bool:
        """Longer than the budget, as this machine was at that hour."""
        return self.seconds > self.suite.budget_s * self.stretch

    @property
    def good(self) -> bool:
        """Tests ran, none failed, and in time."""
        return self.failed == 0 and self.passed > 0 and not self.over_budget


def print_table(results: list[Result]) -> None:
    """One row a suite, then the sum; a suite over its budget counts as one failure.

    The budget is the nominal one; times the factor it is what the suite had.
    """
    print(f"\n{'suite':<14}{'passed':>8}{'failed':>8}{'seconds':>10}{'budget':>8}{'factor':>8}")
    for each in results:
        words = [each.note] if each.note else []
        words += ["over its budget"] if each.over_budget else []
        words += ["ran no test"] if each.passed + each.failed == 0 else []
        row = f"{each.suite.name:<14}{each.passed:>8}{each.failed:>8}{each.seconds:>10.1f}"
        print(f"{row}{each.suite.budget_s:>8}{each.stretch:>8.2f}  {', '.join(words)}".rstrip())
    seconds = sum(each.seconds for each in results)
    print(f"{'all':<14}{'':>16}{seconds:>10.1f}")
    passed = sum(each.passed for each in results)
    spoiled = sum(1 for each in results if not each.good and each.failed == 0)
    print(f"{passed} passed, {sum(each.failed for each in results) + spoiled} failed", flush=True)

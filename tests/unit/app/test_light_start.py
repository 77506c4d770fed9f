"""What must start again quickly loads no library of models: seconds of reading, for nothing."""

import subprocess
import sys

import pytest

from tests.conftest import ROOT

HEAVY = ("sklearn", "pandas", "scipy", "pyarrow")


@pytest.mark.parametrize("process", ["app.sentinel", "app.web"])
def test_the_watch_and_the_web_start_without_the_libraries_of_models(process: str) -> None:
    code = f"import sys, {process}; print(*(set({HEAVY!r}) & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []

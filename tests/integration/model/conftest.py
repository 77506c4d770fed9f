"""A model made of an invented ward, once for all tests of it."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from threadpoolctl import threadpool_limits

from scoring.edge.cohort_file import VITAL_OF
from scoring.edge.model_file import save_model
from scoring.model.card import write_card
from scoring.model.cohort import Cohort
from scoring.model.features import HOUR_MS
from scoring.model.heads import Heads
from scoring.model.training import train
from tests.wards import ward

SEED = 7


@pytest.fixture(scope="session", autouse=True)
def one_core() -> Iterator[None]:
    """Threads that wait for one another on a busy machine take ten times as long."""
    with threadpool_limits(1):
        yield


@pytest.fixture(scope="session")
def cohort() -> Cohort:
    """Six hundred people for two days."""
    return ward(600, seed=SEED + 100)


@pytest.fixture(scope="session")
def heads(cohort: Cohort) -> Heads:
    """A model made of them."""
    made = train(cohort, seed=SEED)
    assert isinstance(made, Heads)
    return write_card(made, "invented-1", "0" * 64, {}, {})


@pytest.fixture(scope="session")
def model_file(heads: Heads, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The model as a file."""
    path = tmp_path_factory.mktemp("model") / "invented-1.skops"
    save_model(heads, path)
    return path


def table(cohort: Cohort) -> pd.DataFrame:
    """Return a cohort with the columns of the PhysioNet sets."""
    columns = {name: cohort.values[vital] for name, vital in VITAL_OF.items()}
    return pd.DataFrame(
        {
            "patient": [f"p{one:06d}" for one in cohort.person],
            "ICULOS": cohort.at // HOUR_MS,
            **columns,
            "MAP": float("nan"),
            "FiO2": cohort.fio2,
            "Age": cohort.age,
            "Gender": cohort.male,
            "HospAdmTime": -1.0,
            "SepsisLabel": cohort.sepsis,
        }
    )

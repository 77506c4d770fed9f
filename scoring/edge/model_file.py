"""Model files: written by skops, read only if they hold nothing but the types named here.

A pickle can run anything when it is read; such a file cannot hold a type that is not in the list.
"""

import hashlib
import json
import zipfile
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import Final

import skops.io

from scoring.model.heads import Heads
from scoring.refusal import Refused

TRUSTED: Final = frozenset(
    {
        "numpy.dtype",
        "sklearn._loss.link.Interval",
        "sklearn._loss.link.LogitLink",
        "sklearn._loss.loss.HalfBinomialLoss",
        "sklearn.calibration._CalibratedClassifier",
        "sklearn.calibration._SigmoidCalibration",
        "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
    }
)
"""What a model of ours holds beyond what skops trusts by itself."""
SHIPPED: Final = Path(__file__).parents[1] / "models" / "ward-1.skops"
"""The model the project comes with."""
_ONE_AT_A_TIME: Final = Lock()
"""numpy reads the head of each array with `ast`, which in CPython 3.11 fails in threads that do so
at once (« AST constructor recursion depth mismatch »)."""
PARTS: Final = ("columns", "by_target", "logistic", "card")


def save_model(heads: Heads, path: Path) -> None:
    """Write a model, its card beside it as readable JSON inside the same object."""
    whole = {
        "columns": list(heads.columns),
        "by_target": dict(heads.by_target),
        "logistic": heads.logistic,
        "card": json.dumps(heads.card),
    }
    skops.io.dump(whole, path, compression=zipfile.ZIP_DEFLATED, compresslevel=9)


def load_model(path: Path | BytesIO) -> Heads | Refused:
    """Read a model, or say why not; a type that is not in the list is never built."""
    name = path.name if isinstance(path, Path) else "the file"
    with _ONE_AT_A_TIME:
        return _load(path, name)


def _load(path: Path | BytesIO, name: str) -> Heads | Refused:
    try:
        strange = sorted(set(skops.io.get_untrusted_types(file=path)) - TRUSTED)
        if strange:
            return Refused(reason=f"{name} holds types no model of ours has: {strange}")
        whole = skops.io.load(path, trusted=sorted(TRUSTED))
    except (OSError, zipfile.BadZipFile, KeyError, ValueError, TypeError) as error:
        return Refused(reason=f"{name} is not a model: {error}")
    if not isinstance(whole, dict) or set(whole) != set(PARTS):
        return Refused(reason=f"{name} is not a model of Chevet")
    return Heads(
        columns=tuple(whole["columns"]),
        by_target=whole["by_target"],
        logistic=whole["logistic"],
        card=json.loads(whole["card"]),
    )


def digest(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()

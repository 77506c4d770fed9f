"""Model files: written by skops, read only if they hold nothing but the types named here.

A pickle can run anything when it is read; such a file cannot hold a type that is not in the list.
"""

import hashlib
import json
import re
import zipfile
import zlib
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import Any, Final

import numpy as np
import skops.io
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.pipeline import Pipeline

from core.vitals import Vital
from scoring.model.card import WARNING
from scoring.model.features import Given, features
from scoring.model.heads import Heads, matrix, probability
from scoring.model.targets import FIRST, TARGETS
from scoring.refusal import Refused
from scoring.windows import Questions, sorted_samples

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
LARGEST: Final = 50_000_000
"""Bytes of a model file unpacked; the shipped one has 6 million."""
VERSION: Final = r"[a-z0-9][a-z0-9.-]{0,39}"
_NONE: Final = np.zeros(0, dtype=np.int64)
_BROKEN: Final = (
    *(OSError, EOFError, zipfile.BadZipFile, zlib.error),
    *(AttributeError, IndexError, KeyError, RecursionError, TypeError, ValueError),
)
"""What a file that was cut, changed or written by somebody else makes the readers raise."""
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


def load_model(path: Path | BytesIO, name: str = "the file") -> Heads | Refused:
    """Read a model, or say why not; a type that is not in the list is never built.

    `name` of the file, in words, where it is not given by its path.
    """
    name = path.name if isinstance(path, Path) else name
    with _ONE_AT_A_TIME:
        return _load(path, name)


def _load(path: Path | BytesIO, name: str) -> Heads | Refused:
    try:
        with zipfile.ZipFile(path) as packed:
            if sum(one.file_size for one in packed.infolist()) > LARGEST:
                return Refused(reason=f"{name} is too large to be a model of Chevet")
        strange = sorted(set(skops.io.get_untrusted_types(file=path)) - TRUSTED)
        if strange:
            return Refused(reason=f"{name} holds types no model of ours has: {strange}")
        heads = _checked(skops.io.load(path, trusted=sorted(TRUSTED)))
    except _BROKEN as error:
        return Refused(reason=f"{name} is not a model: {error}")
    return heads if heads is not None else Refused(reason=f"{name} is not a model of Chevet")


def _checked(whole: Any) -> Heads | None:
    """Return the model if it is one of ours, through and through: a file may say anything."""
    if not isinstance(whole, dict) or set(whole) != set(PARTS):
        return None
    columns, by_target, card = whole["columns"], whole["by_target"], json.loads(whole["card"])
    kinds = (HistGradientBoostingClassifier, CalibratedClassifierCV)
    sound = (
        isinstance(columns, list)
        and all(isinstance(name, str) for name in columns)
        and isinstance(by_target, dict)
        and set(by_target) == set(TARGETS)
        and all(isinstance(head, kinds) for head in by_target.values())
        and isinstance(whole["logistic"], Pipeline)
        and isinstance(card, dict)
        and re.fullmatch(VERSION, str(card.get("version"))) is not None
        and "\\u0000" not in whole["card"]
    )
    if not sound:
        return None
    bands = card["targets"][FIRST]["bands"]
    if not 0 < float(bands["raised"]) <= float(bands["high"]) < 1:
        return None
    json.dumps(card, allow_nan=False)
    # What is warned of is ours to say, not a file's.
    heads = Heads(
        columns=tuple(columns),
        by_target=by_target,
        logistic=whole["logistic"],
        card={**card, "warning": WARNING},
    )
    _try(heads)
    return heads


def _try(heads: Heads) -> None:
    """Ask once, of nobody: a head that cannot answer, or a column there is not, is found here."""
    nobody = np.full((1, len(heads.columns)), np.nan, dtype=np.float32)
    nothing = {vital: sorted_samples(_NONE, _NONE, np.zeros(0)) for vital in Vital}
    asked = Questions(person=np.zeros(1, dtype=np.int64), at=np.zeros(1, dtype=np.int64))
    unknown = np.full(1, np.nan)
    known = features(Given(samples=nothing, asked=asked, age=unknown, male=unknown, oxygen=unknown))
    matrix(known, heads.columns)
    for target in heads.by_target:
        heads.risk(nobody, target)
    probability(heads.logistic, nobody)


def digest(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()

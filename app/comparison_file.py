"""Reads a recording with known events and says what prescriptions are worth on it."""

import csv
import gzip
from collections.abc import Iterator
from pathlib import Path

from alerts.edge.library import load_prescription, load_profile
from alerts.prescribed import content_of
from app.comparison import read_recorded, table, worth_of

PROFILE = ("covid-home", 1)
LADDER = ("home-two-rungs", 1)
PRESCRIPTION = ("covid-home-lasting", 1)


def compare_file(file: Path) -> Iterator[str]:
    """Yield a table in Markdown: the profile's fixed thresholds, and the shipped prescription."""
    packed = file.read_bytes()
    text = (gzip.decompress(packed) if file.suffix == ".gz" else packed).decode()
    recorded = read_recorded(list(csv.DictReader(text.splitlines())))
    template = load_profile(*PROFILE)
    contents = {
        "fixed thresholds alone": content_of(template, LADDER),
        f"{PRESCRIPTION[0]}-{PRESCRIPTION[1]}": load_prescription(*PRESCRIPTION),
    }
    yield from table(
        {name: worth_of(recorded, content, template) for name, content in contents.items()}
    )

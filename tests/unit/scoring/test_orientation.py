"""The French orientation tree: its published vectors, and a proof over every possible answer.

`orient` is `decide_ending(severity_of(symptoms), terrain_of(background))` of two independent
values. So three exhaustions prove it whole: severity_of over all symptoms, terrain_of over all
backgrounds (ages and weights on both sides of each limit), decide_ending over all it can be given.
Against what: the clauses as the ministry printed them, read and interpreted here line by line,
and the factors written out again another way.
"""

import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from scoring.orientation import (
    Background,
    Ending,
    Reply,
    Severity,
    Symptoms,
    Temperature,
    Terrain,
    decide_ending,
    severity_of,
    terrain_of,
)

TREE = (Path(__file__).parent / "official/orientation_2020_06_09.txt").read_text()
BOTH = (False, True)
NO_SIGN = Symptoms(
    fever=False,
    temperature=None,
    cough=False,
    anosmia=False,
    aches=False,
    diarrhoea=False,
    fatigue=False,
    in_bed=None,
    cannot_eat_or_drink=False,
    breathless=False,
)
WELL = Background(
    age_years=40,
    weight_kg=65,
    height_cm=170,
    heart=Reply.NO,
    diabetes=False,
    cancer=False,
    respiratory=False,
    dialysis=False,
    cirrhosis=False,
    pregnant=Reply.NOT_APPLICABLE,
    sickle_cell=False,
    immunity=Reply.NO,
)


def lines() -> list[tuple[int, str]]:
    """Return the printed clauses with their depth; the number before each is left away."""
    read = (re.match(r"^: *\d+:( *)(.*)$", line) for line in TREE.splitlines())
    return [(len(one[1]), one[2]) for one in read if one is not None and one[2]]


def truth(condition: str, found: Severity, person: Terrain) -> bool:
    """Judge a printed condition by writing what each French word means into it."""
    text = condition
    exactly_one = [found.cough, found.aches, found.anosmia].count(True) == 1
    words = {
        r"moins de (\d+) ans": lambda m: str(person.age_years < int(m[1])),
        r">= 1 facteurs de gravité majeurs": lambda m: str(found.major >= 1),
        r"< 2 facteur de gravité mineur": lambda m: str(found.minor < 2),
        r">= (\d) facteurs? de gravité mineurs?": lambda m: str(found.minor >= int(m[1])),
        r"0 facteur de gravité mineur": lambda m: str(found.minor == 0),
        r">= 1 facteurs pronostiques": lambda m: str(person.factors >= 1),
        r"0 facteur pronostique": lambda m: str(person.factors == 0),
        r"toux XOR douleurs XOR anosmie": lambda m: str(exactly_one),
        r"fièvre": lambda m: str(found.fever),
        r"toux": lambda m: str(found.cough),
        r"douleurs": lambda m: str(found.aches),
        r"anosmie": lambda m: str(found.anosmia),
        r"diarrhée": lambda m: str(found.diarrhoea),
        r"\bAND\b": lambda m: "and",
        r"\bOR\b": lambda m: "or",
        r"\bNOT\b": lambda m: "not",
    }
    for pattern, word in words.items():
        text = re.sub(pattern, word, text)
    assert re.fullmatch(r"(?:True|False|and|or|not|[() ])+", text), text
    return bool(eval(text))  # only True, False, and, or, not and brackets are left


def as_printed(found: Severity, person: Terrain) -> str | None:
    """Walk the printed tree; None when no clause is met."""
    depth_wanted, met_before = 0, False
    clauses = lines()
    base = clauses[0][0]
    for depth, text in clauses:
        level = (depth - base) // 3
        if level > depth_wanted:
            continue
        if level < depth_wanted:
            depth_wanted, met_before = level, False
        condition, _, ending = text.partition("=>")
        condition = condition.strip()
        if condition == "ELSE":
            met = not met_before
        else:
            met = truth(condition.removeprefix("IF "), found, person)
        met_before = met
        if met and ending:
            return ending.strip()
        if met:
            depth_wanted = level + 1
    return None


def severities() -> Iterator[Severity]:
    """Every severity the tree can be given: a fever counts as one minor factor itself."""
    for fever, cough, anosmia, aches, diarrhoea, in_bed in product(BOTH, repeat=6):
        for major in (0, 1, 2):
            yield Severity(
                fever=fever,
                cough=cough,
                anosmia=anosmia,
                aches=aches,
                diarrhoea=diarrhoea,
                minor=fever + in_bed,
                major=major,
            )


def symptoms() -> Iterator[Symptoms]:
    """Every way to answer: a temperature after a fever, half a day in bed after a fatigue."""
    heats = [(False, None), *((True, one) for one in Temperature)]
    rests = [(False, None), (True, False), (True, True)]
    for (fever, heat), (fatigue, in_bed) in product(heats, rests):
        for cough, anosmia, aches, diarrhoea, eats, breath in product(BOTH, repeat=6):
            yield Symptoms(
                fever=fever,
                temperature=heat,
                cough=cough,
                anosmia=anosmia,
                aches=aches,
                diarrhoea=diarrhoea,
                fatigue=fatigue,
                in_bed=in_bed,
                cannot_eat_or_drink=eats,
                breathless=breath,
            )


def test_the_whole_printed_tree_is_read() -> None:
    assert len(lines()) == 20
    assert {m for _, text in lines() for m in re.findall(r"FIN\d", text)} == set(Ending)


def test_the_tree_is_total_and_equals_the_printed_one_everywhere() -> None:
    seen = set()
    count = 0
    for found in severities():
        for age, factors in product((0, 14, 15, 49, 50, 64, 65, 130), range(12)):
            person = Terrain(age_years=age, factors=factors)
            ending = decide_ending(found, person)
            assert ending == as_printed(found, person), (found, person)
            seen.add(ending)
            count += 1
    assert seen == set(Ending)
    assert count == 64 * 3 * 8 * 12


@pytest.mark.parametrize(
    ("instead", "wrong"), [(e, w) for e in Ending for w in Ending if e != w][::7]
)
def test_a_tree_with_one_leaf_altered_is_caught(
    monkeypatch: pytest.MonkeyPatch, instead: Ending, wrong: Ending
) -> None:
    """The fault: for one kind of person, one ending stands where another is printed."""

    true = decide_ending

    def altered(found: Severity, person: Terrain) -> Ending:
        ending = true(found, person)
        return wrong if ending is instead else ending

    with monkeypatch.context() as fault:
        fault.setattr(f"{__name__}.decide_ending", altered)
        with pytest.raises(AssertionError):
            test_the_tree_is_total_and_equals_the_printed_one_everywhere()


def test_every_way_to_answer_the_symptoms_counts_as_written() -> None:
    count = 0
    for one in symptoms():
        found = severity_of(one)
        hot = one.temperature in {"from_39", "below_35_5", "unknown"} and one.fever is True
        assert found.fever is hot
        assert found.minor == [hot, one.in_bed is True].count(True)
        assert found.major == [one.breathless, one.cannot_eat_or_drink].count(True)
        assert (found.cough, found.anosmia, found.aches, found.diarrhoea) == (
            one.cough, one.anosmia, one.aches, one.diarrhoea,
        )  # fmt: skip
        count += 1
    assert count == 6 * 3 * 64


def test_every_background_counts_as_written() -> None:
    three = (Reply.YES, Reply.NO, Reply.UNKNOWN)
    count = 0
    for age, weight, heart, pregnant, immunity in product(
        (14, 15, 49, 50, 64, 65), (86.6, 86.7), three,
        (Reply.YES, Reply.NO, Reply.NOT_APPLICABLE), three,
    ):  # fmt: skip
        for flags in product(BOTH, repeat=6):
            one = Background(
                age_years=age, weight_kg=weight, height_cm=170, heart=heart, diabetes=flags[0],
                cancer=flags[1], respiratory=flags[2], dialysis=flags[3], cirrhosis=flags[4],
                pregnant=pregnant, sickle_cell=flags[5], immunity=immunity,
            )  # fmt: skip
            wanted = flags.count(True) + (age > 64) + (weight > 86.65) + (heart != "no")
            wanted += (pregnant == "yes") + (immunity == "yes")
            assert terrain_of(one) == Terrain(age_years=age, factors=wanted)
            count += 1
    assert count == 6 * 2 * 3 * 3 * 3 * 64

"""The catalogue of models: honest about what is verified, usable by a patient, complete."""

import pytest

from devices.catalogue.models import (
    Model,
    Verified,
    model_named,
    models,
    parse_models,
)
from tests.unit.devices.test_gatt_vectors import VECTORS
from tests.unit.devices.test_makers import VECTORS as MAKER_VECTORS

# Which published bytes stand behind a model that says « verified by vectors ».
STANDS_ON = {
    "medisana-pm100": "Medisana PM100",
    "choicemmed-plx": "ChoiceMMed",
    "beurer-ft95": "Beurer FT95",
}


@pytest.mark.parametrize("model", models(), ids=lambda model: model.id)
def test_a_model_is_complete(model: Model) -> None:
    assert model.help.fr != model.help.en
    assert "'" not in model.help.fr, "the typographic apostrophe"
    assert not [mark for mark in ":;?!" if f" {mark}" in model.help.fr], "no-break spaces"
    assert "http" not in model.help.fr + model.help.en
    for named in ("image", "photo", "picture", "Abb."):
        assert named not in model.help.fr + model.help.en


@pytest.mark.parametrize(
    "model", [m for m in models() if m.verified is Verified.VECTORS], ids=lambda model: model.id
)
def test_what_says_it_is_verified_stands_on_bytes_a_test_decodes(model: Model) -> None:
    if model.frames:
        assert set(model.frames) <= {name for name, _, _ in MAKER_VECTORS}
    else:
        assert any(source.startswith(STANDS_ON[model.id]) for source, _, _, _ in VECTORS)


def test_there_are_enough_models_and_every_service_has_one() -> None:
    assert len(models()) >= 15
    assert {model.measures for model in models()} >= {"oximeter", "glucose", "scale"}
    spoken = {service for model in models() for service in model.services}
    assert spoken >= {"1822", "1809", "1810", "180d", "181d", "1808"}


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("Nonin3230_502651112", "nonin-3230"),
        ("A&D_UA-651BLE_53F2C9", "and-ua651ble"),
        ("BLEsmart_0000011ABCDEF", "omron-blesmart"),
        ("meter+12345678", "roche-accu-chek-guide"),
        ("PC-60F_SN123456", "viatom-pc60fw"),
        ("BerryMed", "berrymed-bm1000"),
        ("My e-Oximeter", None),
        ("", None),
    ],
)
def test_a_device_is_known_by_its_name(name: str, known: str | None) -> None:
    model = model_named(name)
    assert (None if model is None else model.id) == known


MODEL = """
[[model]]
id = "a"
maker = "A"
model = "A"
measures = "oximeter"
name_pattern = "A"
services = ["1822"]
pairing = "none"
battery = "none"
clock = "none"
verified = "unverified"
source = "nobody"
[model.help]
fr = "Glissez un doigt dans la pince et attendez."
en = "Slide a finger into the clip, and wait."
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('["1822"]', '["ff12"]', "nothing of it can be read"),
        ('["1822"]', '["1822"]\nframes = ["unheard"]', "no frame unheard"),
        ('name_pattern = "A"', 'name_pattern = ""', "known by its name"),
        ('name_pattern = "A"', 'name_pattern = "("', "unterminated"),
        ('"unverified"', '"surely"', "Invalid enum value"),
        ('"unverified"', '"vectors"\nframes = ["viatom-pc60fw"]', "none of its frames"),
        ('en = "Slide a finger into the clip, and wait."', "", "missing required field"),
    ],
)
def test_a_model_that_cannot_be_is_refused(old: str, new: str, said: str) -> None:
    assert [model.id for model in parse_models(MODEL.encode())] == ["a"]
    with pytest.raises(ValueError, match=said):
        parse_models(MODEL.replace(old, new).encode())
    with pytest.raises(ValueError, match="twice"):
        parse_models((MODEL * 2).encode())

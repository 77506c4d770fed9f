"""A question read aloud: what is taken as a sound, and what is named as none."""

import io
import json
import wave
from base64 import b64encode
from typing import Any

import pytest

from questionnaires import extensions as ext
from questionnaires.fhir import parse_questionnaire
from questionnaires.fhir_reading import TRANSLATION
from questionnaires.outside import Fault, OutsideSubset
from questionnaires.questionnaire import Questionnaire
from questionnaires.screens import screens
from questionnaires.sounds import MOST_BYTES
from tests.unit.questionnaires.test_fhir import small

ELSEWHERE = {"contentType": "audio/wav", "language": "fr", "url": "https://example.org/q.wav"}


def tone(milliseconds: int = 50) -> bytes:
    """A silence of that length, as wav."""
    kept = io.BytesIO()
    with wave.open(kept, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(8000)
        sound.writeframes(b"\x80" * 8 * milliseconds)
    return kept.getvalue()


def media(language: str = "fr", sound: bytes | None = None, **changed: Any) -> dict[str, Any]:
    data = b64encode(tone() if sound is None else sound).decode()
    given = {"contentType": "audio/wav", "language": language, "data": data, **changed}
    return {"url": ext.MEDIA, "valueAttachment": given}


def spoken(*sounds: dict[str, Any], item: int = 0) -> dict[str, Any]:
    resource = small()
    resource["item"][item].setdefault("extension", []).extend(sounds)
    return resource


def test_a_question_is_heard_in_the_language_it_is_shown_in() -> None:
    read = parse_questionnaire(json.dumps(spoken(media("fr"), media("en"))))
    assert isinstance(read, Questionnaire)
    (french, *others), _ = screens(read, "fr")
    assert french.sound.startswith("data:audio/wav;base64,")
    assert all(one.sound == "" for one in others)
    only_french = parse_questionnaire(json.dumps(spoken(media("fr"))))
    assert isinstance(only_french, Questionnaire)
    assert screens(only_french, "en")[0][0].sound.startswith("data:audio/wav")
    assert read.digest != only_french.digest
    translated = spoken(media("fr"))
    words = [{"url": "lang", "valueCode": "en"}, {"url": "content", "valueString": "Cough?"}]
    translated["item"][0]["_text"] = {"extension": [{"url": TRANSLATION, "extension": words}]}
    both = parse_questionnaire(json.dumps(translated))
    assert isinstance(both, Questionnaire)
    assert screens(both, "en")[0][0].sound == ""


def test_a_number_may_be_heard_too() -> None:
    read = parse_questionnaire(json.dumps(spoken(media(), item=1)))
    assert isinstance(read, Questionnaire)
    assert set(read.items[1].sounds) == {"fr"}


@pytest.mark.parametrize(
    "sounds",
    [
        [media(contentType="video/mp4")],
        [media(contentType="audio/mpeg")],
        [media(sound=b"")],
        [media(sound=b"RIFFxxxxWAVE" + b"0" * MOST_BYTES)],
        [media(data="not base64 !")],
        [media(language="français")],
        [media("fr"), media("fr")],
        [{"url": ext.MEDIA, "valueAttachment": ELSEWHERE}],
        [{"url": ext.MEDIA, "valueString": "x"}],
    ],
    ids=[
        "video",
        "another kind",
        "empty",
        "large",
        "no base64",
        "language",
        "twice",
        "far",
        "text",
    ],
)
def test_what_is_no_sound_is_named(sounds: list[dict[str, Any]]) -> None:
    read = parse_questionnaire(json.dumps(spoken(*sounds)))
    assert isinstance(read, OutsideSubset)
    assert Fault.BAD_SOUND in {finding.fault for finding in read.findings}


def test_all_sounds_together_have_a_bound() -> None:
    large = b"RIFFxxxxWAVE" + b"0" * (MOST_BYTES - 12)
    languages = ("fr", "en", "de", "es", "it", "pt", "ar", "tr", "pl", "ro", "ru")
    read = parse_questionnaire(spoken(*(media(one, large) for one in languages)))
    assert isinstance(read, OutsideSubset)
    assert [finding.fault for finding in read.findings] == [Fault.BAD_SOUND]


def test_other_media_stay_outside() -> None:
    other = {"url": ext.MEDIA + "x", "valueAttachment": {"contentType": "audio/wav"}}
    read = parse_questionnaire(json.dumps(spoken(other)))
    assert isinstance(read, OutsideSubset)
    assert {finding.fault for finding in read.findings} == {Fault.UNKNOWN_EXTENSION}

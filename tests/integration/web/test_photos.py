"""Photographs: drawn anew, bare of what the camera wrote, seen by those who follow the patient."""

import struct
import subprocess
import sys
import time
import zlib
from io import BytesIO
from pathlib import Path
from threading import BoundedSemaphore
from uuid import uuid4

import pytest
from httpx2 import Response
from PIL import Image
from starlette.testclient import TestClient

from alerts import service as alerts
from core import clock
from questionnaires import photo_service
from questionnaires.edge import photo, photo_child
from questionnaires.library_service import active_edition
from tests.as_owner import rows, run
from tests.integration.alerts.home import seen_by_nurse
from tests.integration.web.scene import NewClient, Scene, sign_in

SECRET = b"48.8566N"


def jpeg(size: tuple[int, int] = (640, 480)) -> bytes:
    """A photograph that says where it was taken, and is held sideways."""
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()
    exif[0x0112] = 6
    made = BytesIO()
    Image.new("RGB", size, "red").save(made, "JPEG", exif=exif, comment=SECRET)
    return made.getvalue()


def flood(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it has that many pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def send(client: TestClient, data: bytes) -> Response:
    return client.post("/p/api/photos", files={"photo": ("wound.jpg", data, "image/jpeg")})


@pytest.fixture
def record(scene: Scene) -> str:
    return f"/patients/{scene.home.care.patient}"


def test_a_photo_is_drawn_anew_and_read_by_staff(
    scene: Scene, new_client: NewClient, record: str
) -> None:
    patient, gp = sign_in(new_client(), "patient"), sign_in(new_client(), "gp")
    sent = send(patient, jpeg())
    assert sent.status_code == 201
    kept = sent.json()["id"]
    shown = gp.get(f"{record}/photos/{kept}")
    assert shown.headers["content-type"] == "image/jpeg"
    assert shown.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in shown.headers["content-security-policy"]
    assert SECRET not in shown.content
    drawn = Image.open(BytesIO(shown.content))
    assert drawn.size == (480, 640)
    assert not drawn.getexif()
    assert gp.get(f"{record}/photos/{uuid4()}").status_code == 404
    acts = rows("select count(*) from audit.event where detail ->> 'photo' = %s", kept)
    assert acts[0][0] >= 3


CALM = {"low": "none", "severe_low": "no", "high": "none", "vomiting": "no", "foot": "yes"}


def test_a_photo_answers_a_question_and_reaches_a_human(
    scene: Scene, new_client: NewClient, record: str
) -> None:
    patient, gp = sign_in(new_client(), "patient"), sign_in(new_client(), "gp")
    form = {**CALM, "edition": active_edition("diabetes-weekly").digest, "client_key": "photo-1"}
    patient.post("/p/questions", data={**form, "foot_photo": str(uuid4())})
    assert rows("select count(*) from questionnaires.answer") == [(0,)]
    kept = send(patient, jpeg()).json()["id"]
    patient.post("/p/questions", data={**form, "foot_photo": kept})
    ((answer,),) = rows("select id from questionnaires.answer")
    assert f'<img class="photo" src="{record}/photos/{kept}"' in gp.get(f"{record}/answers").text
    alerts.review(clock.now())
    assert "to_read" in {line.item for line in seen_by_nurse(scene.home)}
    correcting = gp.get(f"{record}/answers/{answer}/correct").text
    assert f'name="foot_photo" value="{kept}"' in correcting


@pytest.mark.parametrize(
    ("data", "status", "error"),
    [
        (flood(7000, 7000), 422, "too_many_pixels"),
        (flood(100, 100)[:60], 422, "not_a_picture"),
        (b"GIF89a" + bytes(100), 422, "not_a_picture"),
        (b"", 422, "not_a_picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", 422, "not_a_picture"),
        (bytes(photo.MOST_BYTES + 1), 413, "too_large"),
    ],
)
def test_what_is_no_fit_photo_is_refused_in_a_sentence(
    scene: Scene, new_client: NewClient, data: bytes, status: int, error: str
) -> None:
    patient = sign_in(new_client(), "patient")
    answer = send(patient, data)
    assert answer.status_code == status
    assert answer.json()["error"] == error
    assert len(answer.json()["say"]) > 20
    assert rows("select count(*) from questionnaires.photo") == [(0,)]


def test_a_body_without_end_is_cut(scene: Scene, new_client: NewClient) -> None:
    patient = sign_in(new_client(), "patient")
    assert send(patient, bytes(11 * 1024 * 1024)).status_code == 413


PROGRAM = str(photo_child.__file__)
CONFINED = f"import runpy; runpy.run_path({PROGRAM!r})['confine'](); print('confined'); "
HARM = {
    "takes memory": "bytearray(2 * 1024**3)",
    "opens a file": "open('/etc/passwd')",
    "counts for ever": "[None for _ in iter(int, 1)]",
}


@pytest.mark.parametrize("harm", HARM.values(), ids=HARM.keys())
def test_the_process_that_draws_may_do_nothing_else(harm: str) -> None:
    code = CONFINED + harm
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, timeout=60)
    assert done.returncode != 0
    assert b"confined" in done.stdout or done.returncode < 0


def test_a_decoder_that_hangs_is_left_to_itself(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / "hangs.py"
    program.write_text("import time; time.sleep(60)")
    monkeypatch.setattr(photo, "_PATIENCE", 1)
    monkeypatch.setattr(photo, "_PROGRAM", program)
    assert photo.draw(jpeg()) is photo.Unusable.NOT_A_PICTURE


def test_the_harm_is_seen_where_nothing_confines() -> None:
    """The fault: `confine()` away. What the test above forbids is then done."""
    for harm in (HARM["takes memory"], HARM["opens a file"]):
        done = subprocess.run([sys.executable, "-I", "-c", harm], capture_output=True, timeout=60)
        assert done.returncode == 0, harm


def test_who_finds_no_turn_is_told_at_once_when_to_come_again(
    scene: Scene, new_client: NewClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fault before: threads waited fifteen seconds each, until no page was served."""
    patient = sign_in(new_client(), "patient")
    monkeypatch.setattr(photo, "_AT_ONCE", BoundedSemaphore(1))
    with photo.turn() as mine:
        assert mine
        began = time.monotonic()
        answer = send(patient, jpeg())
        assert time.monotonic() - began < 5
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "10"
    assert answer.json()["error"] == "busy"
    assert len(answer.json()["say"]) > 20
    assert send(patient, jpeg()).status_code == 201


def test_a_flood_is_refused_before_anything_is_drawn(
    scene: Scene, new_client: NewClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient = sign_in(new_client(), "patient")
    drawn: list[bytes] = []

    def draws(sent: bytes) -> photo.Unusable:
        drawn.append(sent)
        return photo.Unusable.NOT_A_PICTURE

    monkeypatch.setattr(photo_service, "draw", draws)
    answers = [send(patient, b"no picture") for _ in range(photo_service.MOST_TRIES_A_MINUTE + 2)]
    assert [one.status_code for one in answers] == [422] * 6 + [429] * 2
    assert answers[-1].headers["retry-after"] == "60"
    assert "très vite" in answers[-1].json()["say"]
    assert len(drawn) == photo_service.MOST_TRIES_A_MINUTE
    run("update questionnaires.photo_try set at = at - interval '2 minutes'")
    run(
        "insert into questionnaires.photo_try select person, at from questionnaires.photo_try,"
        " generate_series(1, 10)"
    )
    assert send(patient, jpeg()).json()["error"] == "too_many_today"
    run("update questionnaires.photo_try set at = at - interval '1 day'")
    assert send(patient, jpeg()).json()["error"] == "not_a_picture"
    assert rows("select count(*) from questionnaires.photo_try") == [(1,)]

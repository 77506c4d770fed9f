"""Photographs: drawn anew, bare of what the camera wrote, seen by those who follow the patient."""

import struct
import subprocess
import sys
import zlib
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest
from httpx2 import Response
from PIL import Image
from starlette.testclient import TestClient

from alerts import service as alerts
from core import clock
from questionnaires.edge import photo, photo_child
from questionnaires.library_service import active_edition
from tests.as_owner import rows
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

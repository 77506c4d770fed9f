"""S8: files that mean harm are refused in time and memory, in words of what to do instead."""

import resource
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from coordination.documents.document import Refused
from coordination.documents.edge import judge as judging
from coordination.documents.edge import judge_child
from coordination.documents.edge.judge import Sound, judge
from core.settings import settings
from tests.as_owner import rows
from tests.integration.web import hostile
from tests.integration.web.papers import make_papers, send
from tests.integration.web.scene import NewClient, sign_in

pytestmark = pytest.mark.promise("S8")
SLOWEST = 2.0
MOST_MEMORY = 256 * 1024
"""Kilobytes, as the kernel counts them."""
HOSTILE = {
    "nothing": (b"", Refused.EMPTY),
    "png bomb": (hostile.png_bomb, Refused.TOO_MANY_PIXELS),
    "zip bomb": (hostile.zip_bomb, Refused.NOT_A_DOCUMENT),
    "pdf bomb": (hostile.pdf_bomb, Refused.TOO_MUCH_INSIDE),
    "pdf bomb by its short name": (lambda: hostile.pdf_bomb("/Fl"), Refused.TOO_MUCH_INSIDE),
    "pdf bomb in letters": (hostile.pdf_bomb_in_letters, Refused.TOO_MUCH_INSIDE),
    "pdf bomb of objects": (hostile.pdf_object_bomb, Refused.NOT_READABLE),
    "pdf and zip": (hostile.pdf_and_zip, Refused.TWO_IN_ONE),
    "zip around the end of a pdf": (hostile.pdf_in_zip, Refused.TWO_IN_ONE),
    "html and pdf": (hostile.HTML, Refused.NOT_A_DOCUMENT),
    "svg script": (hostile.SVG, Refused.NOT_A_DOCUMENT),
    "pdf script": (lambda: hostile.pdf_that_acts("script"), Refused.ACTIVE),
    "pdf program": (lambda: hostile.pdf_that_acts("launch"), Refused.ACTIVE),
    "pdf with a file": (lambda: hostile.pdf_that_acts("file"), Refused.ACTIVE),
    "pdf script behind": (lambda: hostile.pdf_that_acts("next"), Refused.ACTIVE),
    "pdf locked": (hostile.pdf_locked, Refused.LOCKED),
    "pdf cut": (lambda: hostile.pdf()[:-200], Refused.TWO_IN_ONE),
    "gif": (b"GIF89a" + bytes(100), Refused.NOT_A_DOCUMENT),
    "too large": (bytes(judging.MOST_BYTES + 1), Refused.TOO_LARGE),
}


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Settings without an antivirus, and without a database."""
    monkeypatch.setenv("CHEVET_PROFILE", "test")
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.mark.parametrize("what", HOSTILE)
def test_harm_is_refused_soon_and_in_little_memory(plain: None, what: str) -> None:
    made, expected = HOSTILE[what]
    data = made() if callable(made) else made
    began = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert judge(data) is expected
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    worked = ended.ru_utime + ended.ru_stime - began.ru_utime - began.ru_stime
    assert worked <= SLOWEST, "of the processor: others share this machine"
    ours = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # a child counts what it comes from
    assert ended.ru_maxrss <= max(MOST_MEMORY, ours) or ended.ru_maxrss == began.ru_maxrss


def test_what_is_sound_is_kept_in_little_memory(plain: None) -> None:
    drawn = judge(hostile.jpeg((4000, 3000)))
    assert isinstance(drawn, Sound)
    assert (drawn.media, max(drawn.width or 0, drawn.height or 0)) == ("image/jpeg", 2600)
    assert hostile.PLACE not in drawn.data
    kept = judge(hostile.pdf(3))
    assert isinstance(kept, Sound)
    assert (kept.media, kept.pages) == ("application/pdf", 3)
    assert isinstance(judge(hostile.pdf_as_printed()), Sound)


def test_a_picture_with_another_file_behind_is_drawn_without_it(plain: None) -> None:
    drawn = judge(hostile.jpeg() + hostile.zip_bomb()[:50_000] + hostile.HTML)
    assert isinstance(drawn, Sound)
    assert b"PK\x03\x04" not in drawn.data
    assert b"script" not in drawn.data


CONFINED = (
    f"import runpy; runpy.run_path({str(judge_child.__file__)!r})['confine'](); print('confined'); "
)
HARM = {
    "takes memory": "bytearray(400 * 1024**2)",
    "opens a file": "__import__('os').close(0) or open('/etc/passwd')",
    "opens a connection": "__import__('socket').socket()",
    "starts a process": "__import__('os').posix_spawn('/bin/true', ['true'], {})",
}


@pytest.mark.parametrize("harm", HARM.values(), ids=HARM.keys())
def test_the_process_that_judges_may_do_nothing_else(harm: str) -> None:
    """The fault beside it: without `confine()` each of these is done."""
    for code, ends_well in ((CONFINED + harm, False), (harm, True)):
        done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, timeout=60)
        assert (done.returncode == 0) is ends_well, done.stderr
        assert ends_well or b"confined" in done.stdout


def test_a_process_started_by_root_becomes_nobody() -> None:
    code = CONFINED + "import os; print(os.geteuid() == 0, os.getgroups())"
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, timeout=60)
    assert b"False []" in done.stdout or (b"confined" in done.stdout and b"True" not in done.stdout)


def test_a_decoder_that_hangs_is_left_to_itself(
    plain: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / "hangs.py"
    program.write_text("import time; time.sleep(60)")
    monkeypatch.setattr(judging, "_PATIENCE", 1)
    monkeypatch.setattr(judging, "_PROGRAM", program)
    assert judge(hostile.pdf()) is Refused.NOT_READABLE


def clamd(answer: bytes) -> tuple[str, threading.Thread, list[bytes]]:
    """An antivirus of one question, on a port; what it was shown is in the list."""
    door = socket.create_server(("127.0.0.1", 0))
    shown: list[bytes] = []

    def serve() -> None:
        way, _ = door.accept()
        with way, door, way.makefile("rb") as read:
            assert read.read(10) == b"zINSTREAM\0"
            while size := int.from_bytes(read.read(4), "big"):
                shown.append(read.read(size))
            way.sendall(answer)

    thread = threading.Thread(target=serve)
    thread.start()
    return f"tcp://127.0.0.1:{door.getsockname()[1]}", thread, shown


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (b"stream: OK\0", None),
        (b"stream: Win.Test.EICAR_HDB-1 FOUND\0", Refused.INFECTED),
        (b"INSTREAM size limit exceeded. ERROR\0", Refused.BUSY),
        (b"", Refused.BUSY),
    ],
)
def test_the_antivirus_is_asked_first_and_believed(
    plain: None, monkeypatch: pytest.MonkeyPatch, answer: bytes, expected: Refused | None
) -> None:
    address, thread, shown = clamd(answer)
    monkeypatch.setenv("CHEVET_CLAMD", address)
    settings.cache_clear()
    sent = hostile.pdf(40)
    verdict = judge(sent)
    thread.join(timeout=10)
    assert b"".join(shown) == sent
    assert verdict is expected if expected else isinstance(verdict, Sound)
    if expected is None:
        assert judge(sent) is Refused.BUSY, "the antivirus is gone: nothing is taken"


def test_each_refusal_says_what_to_do_and_keeps_nothing(new_client: NewClient) -> None:
    papers = make_papers()
    gp = sign_in(new_client(), "gp")
    for data, status, word in (
        (b"", 422, "Choisissez un fichier"),
        (hostile.SVG, 422, "choisissez un PDF"),
        (hostile.pdf_that_acts("script"), 422, "Imprimez-le"),
    ):
        told = send(papers, gp, data)
        assert (told.status_code, word in told.text) == (status, True), told.text
        assert 'value="Bilan sanguin"' in told.text
    assert rows("select count(*) from coordination.document") == [(0,)]
    assert not (settings().state_dir / "objects").exists()


def test_a_stream_without_end_is_cut(new_client: NewClient) -> None:
    """A gigabyte is announced; it is refused long before it has come."""
    papers = make_papers()
    gp = sign_in(new_client(), "gp")
    sent = 0

    def stream() -> Iterator[bytes]:
        nonlocal sent
        yield b'--x\r\ncontent-disposition: form-data; name="file"; filename="x"\r\n\r\n'
        for _ in range(40):
            sent += 1
            yield bytes(1024 * 1024)

    began = time.process_time()
    answer = gp.post(
        papers.base, content=stream(), headers={"content-type": "multipart/form-data; boundary=x"}
    )
    assert answer.status_code == 413
    assert sent < 20 or time.process_time() - began < 10

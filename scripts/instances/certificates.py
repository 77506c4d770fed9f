"""A certificate authority of the instance's own, and the broker's certificate signed by it."""

import shutil
from pathlib import Path

from instances.process import run

DAYS = "3650"
NAMES = "subjectAltName=IP:127.0.0.1,DNS:localhost,DNS:mosquitto"


def make_certificates(folder: Path) -> None:
    """Make `ca.crt`, `server.crt` and `server.key`; the key of the authority is thrown away."""
    if (folder / "server.crt").is_file():
        return
    partial = folder.with_name(folder.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(mode=0o755)
    new_key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    run(
        ["openssl", "req", "-x509", *new_key, "-days", DAYS, "-subj", "/CN=Chevet services"]
        + ["-addext", "keyUsage=critical,keyCertSign,cRLSign"]
        + ["-keyout", "ca.key", "-out", "ca.crt"],
        cwd=partial,
    )
    run(
        ["openssl", "req", "-x509", *new_key, "-days", DAYS, "-subj", "/CN=localhost"]
        + ["-CA", "ca.crt", "-CAkey", "ca.key", "-addext", NAMES]
        + ["-addext", "basicConstraints=critical,CA:FALSE"]
        + ["-addext", "extendedKeyUsage=serverAuth"]
        + ["-keyout", "server.key", "-out", "server.crt"],
        cwd=partial,
    )
    (partial / "ca.key").unlink()
    shutil.rmtree(folder, ignore_errors=True)
    partial.rename(folder)

"""A certificate authority of the instance's own, and the broker's certificate signed by it."""

import shutil
from pathlib import Path

from instances.process import run

DAYS = "3650"
SERVER_EXTENSIONS = """\
[req]
distinguished_name = name
[name]
[server]
subjectAltName = IP:127.0.0.1,DNS:localhost,DNS:mosquitto
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = serverAuth
authorityKeyIdentifier = keyid
"""


def make_certificates(folder: Path) -> None:
    """Make `ca.crt`, `server.crt` and `server.key`; the key of the authority is thrown away."""
    if (folder / "server.crt").is_file():
        return
    partial = folder.with_name(folder.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(mode=0o755)
    new_key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", DAYS)
    authority = {
        "-subj": "/CN=Chevet services",
        "-addext": "keyUsage=critical,keyCertSign,cRLSign",
        "-keyout": "ca.key",
        "-out": "ca.crt",
    }
    server = {
        "-subj": "/CN=localhost",
        "-CA": "ca.crt",
        "-CAkey": "ca.key",
        "-extensions": "server",
        "-config": "server.conf",
        "-keyout": "server.key",
        "-out": "server.crt",
    }
    (partial / "server.conf").write_text(SERVER_EXTENSIONS)
    for options in (authority, server):
        words = (word for option in options.items() for word in option)
        run(["openssl", "req", "-x509", *new_key, *words], cwd=partial)
    (partial / "ca.key").unlink()
    shutil.rmtree(folder, ignore_errors=True)
    partial.rename(folder)

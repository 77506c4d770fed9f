"""The Debian 13 root file system from which the services run, made once for all instances."""

import os
import platform
import re
import shutil
import subprocess
from pathlib import Path

from instances.place import STATE, ServicesError, locked
from instances.process import run

SUITE = "trixie"
PACKAGES = ("postgresql-17-timescaledb", "mosquitto", "valkey-server")
ROOT = STATE / "sandbox" / "root"
COMPLETE = STATE / "sandbox" / "complete"
# No cluster of the package's own, and none of the documents nobody will read in there.
NO_CLUSTER = (
    'mkdir -p "$1/etc/postgresql-common" && '
    'echo "create_main_cluster = false" > "$1/etc/postgresql-common/createcluster.conf"'
)
LEFT_OUT = ("/usr/share/doc/*", "/usr/share/man/*", "/usr/share/locale/*")


def ensure_root() -> Path:
    """The root file system, made when absent; one left half made is remade."""
    with locked("sandbox"):
        wanted = " ".join((SUITE, platform.machine(), *PACKAGES)) + "\n"
        if COMPLETE.is_file() and COMPLETE.read_text() == wanted and ROOT.is_dir():
            return ROOT
        COMPLETE.unlink(missing_ok=True)
        remove_root()
        make_root()
        COMPLETE.write_text(wanted)
    return ROOT


def make_root() -> None:
    """Run mmdebstrap with the mirrors this machine itself uses (about 45 s)."""
    if shutil.which("mmdebstrap") is None:
        raise ServicesError(
            "mmdebstrap is missing: run scripts/bootstrap, or give CHEVET_OWNER_DSN…"
        )
    print("making the Debian 13 sandbox, once (about a minute) …", flush=True)
    ROOT.parent.mkdir(parents=True, exist_ok=True)
    log = ROOT.parent / "mmdebstrap.log"
    command = [
        *("mmdebstrap", "--variant=minbase", "--mode=root", f"--include={','.join(PACKAGES)}"),
        f"--essential-hook={NO_CLUSTER}",
        *(f"--dpkgopt=path-exclude={pattern}" for pattern in LEFT_OUT),
        *(f"--aptopt={option}" for option in transport_options()),
        *(SUITE, str(ROOT), *sources()),
    ]
    with log.open("wb") as file:
        code = subprocess.call(command, stdin=subprocess.DEVNULL, stdout=file, stderr=file)
    if code != 0:
        words = "\n".join(log.read_text(errors="replace").splitlines()[-20:])
        raise ServicesError(f"mmdebstrap failed ({log}):\n{words}")
    (ROOT / "srv" / "chevet").mkdir(mode=0o755)


def remove_root() -> None:
    """Remove the root file system and what an interrupted mmdebstrap left mounted in it."""
    lines = Path("/proc/mounts").read_text().splitlines()
    mounts = [line.split()[1].replace("\\040", " ") for line in lines]
    inside = [mount for mount in mounts if mount.startswith(f"{ROOT}/")]
    for mount in sorted(inside, reverse=True):
        run(["umount", "--lazy", mount])
    if ROOT.exists():
        shutil.rmtree(ROOT)


def sources() -> list[str]:
    """apt lines for Debian 13: the mirror by CHEVET_DEBIAN_MIRROR, or those of this machine."""
    signed = f"deb [signed-by={keyring()}]"
    given = os.environ.get("CHEVET_DEBIAN_MIRROR")
    if given:
        return [f"{signed} {given} {SUITE} main"]
    release = Path("/etc/os-release").read_text()
    codename = re.search(r"^VERSION_CODENAME=(\w+)", release, re.M)
    if codename is None or not re.search(r"^ID=debian", release, re.M):
        raise ServicesError("the sandbox needs Debian 12 or 13; elsewhere use Docker Compose")
    lines = []
    for kind in ("", "-updates", "-security"):
        mirror = mirror_of(codename[1] + kind)
        if mirror:
            lines.append(f"{signed} {mirror} {SUITE}{kind} main")
    if not lines:
        raise ServicesError("no Debian mirror in the apt sources here: set CHEVET_DEBIAN_MIRROR")
    return lines


def keyring() -> Path:
    """The keys of the Debian archive; their file is .gpg on Debian 12 and .pgp on later ones."""
    for ending in ("gpg", "pgp"):
        path = Path("/usr/share/keyrings") / f"debian-archive-keyring.{ending}"
        if path.is_file():
            return path
    raise ServicesError("the keys of the Debian archive are missing: run scripts/bootstrap")


def mirror_of(suite: str) -> str | None:
    """The address from which this machine's apt takes that suite, in either format of sources."""
    folder = Path("/etc/apt/sources.list.d")
    old = [Path("/etc/apt/sources.list"), *sorted(folder.glob("*.list"))]
    for line in (line for path in old if path.is_file() for line in path.read_text().splitlines()):
        entry = re.match(r"deb\s+(?:\[[^]]*\]\s+)?(\S+)\s+(\S+)\s", line)
        if entry and entry[2] == suite:
            return entry[1]
    for path in sorted(folder.glob("*.sources")):
        for stanza in re.split(r"\n\s*\n", path.read_text()):
            found = re.findall(r"^([A-Za-z-]+):[ \t]*(.+)$", stanza, re.M)
            fields = {key: str(value).split() for key, value in found}
            enabled = fields.get("Enabled") != ["no"] and "deb" in fields.get("Types", [])
            if enabled and suite in fields.get("Suites", []):
                return fields["URIs"][0]
    return None


def transport_options() -> list[str]:
    """This machine's own apt settings for proxies and certificates, which mmdebstrap ignores."""
    dump = run(["apt-config", "dump", "--format", '%F "%v";%n', "Acquire::http", "Acquire::https"])
    return [line for line in dump.splitlines() if not line.endswith('"";')]

"""Keys and certificates by which servers and hosts believe each other, by an authority of ours."""

import subprocess
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path


def certificate(folder: Path, name: str, authority: str = "ca") -> None:
    """A key and its certificate for a name or an address; the authority is made where it lacks."""

    def openssl(*words: str) -> None:
        subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)

    new = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    if not (folder / f"{authority}.pem").exists():
        words = ("-keyout", f"{authority}.key", "-out", f"{authority}.pem", "-subj", "/CN=ours")
        openssl("req", "-x509", *new, *words)
    openssl("req", *new, "-keyout", f"{name}.key", "-out", "asked", "-subj", f"/CN={name}")
    kind = "DNS"
    with suppress(ValueError):
        ip_address(name)
        kind = "IP"
    (folder / "names").write_text(f"subjectAltName={kind}:{name}\n")
    words = ("-CA", f"{authority}.pem", "-CAkey", f"{authority}.key", "-CAcreateserial")
    openssl("x509", "-req", "-in", "asked", *words, "-extfile", "names", "-out", f"{name}.pem")
    (folder / f"{name}.key").chmod(0o600)


def options(keys: Path, name: str, authority: str = "ca") -> dict[str, str]:
    """What libpq is told so that it shows this name's certificate, and believes this authority."""
    files = {"rootcert": f"{authority}.pem", "cert": f"{name}.pem", "key": f"{name}.key"}
    return {"sslmode": "verify-full"} | {
        f"ssl{one}": str(keys / file) for one, file in files.items()
    }

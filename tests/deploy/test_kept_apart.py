"""What the units that reach tor may see of a site: neither its keys and store, nor copies of them."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.deploy.machine import Machine
from tests.deploy.site_on import ANSWERS

SITE = "/var/lib/intake/site"


@contextmanager
def with_copies(machine: Machine) -> Iterator[None]:
    """Beside the site lie a copy from before an upgrade, and a backup."""
    machine.run(
        "cd /var/lib/intake; cp -a site site-0.0.9; mkdir -p backups; echo x > backups/2026-12-01; chown -R intake: ."
    )
    try:
        yield
    finally:
        machine.run("cd /var/lib/intake; rm -r site-0.0.9 backups")


def readable(machine: Machine, unit: str) -> set[str]:
    """Every file of the site's folder, and of those beside it, that a program of the unit can read."""
    folder = machine.inside(f"/etc/systemd/system/{unit}.d")
    folder.mkdir(exist_ok=True)
    looks = "find /var/lib/intake -type f -size +0 -exec head -c 1 {} ';' -printf '\\\\n%%p\\\\n'"
    (folder / "looking.conf").write_text(
        f'[Service]\nExecStart=\nExecStart=/bin/sh -c "{looks}"\nRestart=no\n'
        "StandardOutput=truncate:/run/seen\nSuccessExitStatus=1\n"
    )
    try:
        machine.run(f"systemctl daemon-reload; systemctl start {unit}")
    finally:
        (folder / "looking.conf").unlink()
        machine.run("systemctl daemon-reload")
    seen = machine.inside("/run/seen").read_text("utf-8", "replace").splitlines()
    return {line for line in seen if line.startswith("/var/lib/intake/")}


def test_who_cosigns_sees_the_log_and_its_policy_and_nothing_else(machine: Machine) -> None:
    with with_copies(machine):
        seen = readable(machine, "intake-cosign.service")
    assert f"{SITE}/keys/log.policy" in seen
    assert any(path.startswith(f"{SITE}/log/") for path in seen)
    assert {
        path for path in seen if not path.startswith((f"{SITE}/log/", f"{SITE}/keys/"))
    } == set()


def test_who_tells_the_courier_sees_no_key_and_no_copy(machine: Machine) -> None:
    with with_copies(machine):
        seen = readable(machine, "intake-notify.service")
    assert f"{SITE}/store.sqlite" in seen
    assert not {f"{SITE}/log.key", f"{SITE}/antiforgery.key"} & seen
    assert all(path.startswith(f"{SITE}/") for path in seen)


def test_the_log_is_cosigned_also_where_the_store_is_no_file(machine: Machine) -> None:
    """With the store in PostgreSQL there is no store.sqlite that could be hidden."""
    machine.run(
        f"systemctl stop intake.socket intake.service; mv {SITE}/store.sqlite /var/lib/away"
    )
    try:
        machine.run("systemctl start intake-cosign.service")
    finally:
        machine.run(
            f"mv /var/lib/away {SITE}/store.sqlite; systemctl start intake.socket intake.service; {ANSWERS}"
        )
    assert machine.inside(f"{SITE}/log/checkpoint").exists()


def test_a_notice_goes_out_and_is_remembered(machine: Machine) -> None:
    settings = machine.inside(f"{SITE}/site.toml")
    before = settings.read_text("utf-8")
    settings.write_text(before.replace("\n# notify = ", '\nnotify = ["/bin/cat"]\n# notify = '))
    machine.run(
        ". /opt/intake/python.env; cd /opt/intake/tree\n"
        "python3 -c 'from intake.age import HybridIdentity as I; print(I.generate().recipient)' "
        f"> {SITE}/keys/notice.recipients; chown intake: {SITE}/keys/notice.recipients"
    )
    try:
        machine.run("systemctl start intake-notify.service")
        assert machine.inside(f"{SITE}/notice.json").exists()
    finally:
        settings.write_text(before)
        machine.run(f"rm -f {SITE}/keys/notice.recipients {SITE}/notice.json")

"""Sets a site up on a machine in the words of deploy/README.md, as far as neither Tor nor a wall is needed."""

from tests.deploy.machine import Machine

_SET_UP = """
useradd --system --home-dir /var/lib/intake --shell /usr/sbin/nologin intake
ln -sfn /opt/intake/current/bin/intake /usr/local/bin/intake
install -d -o intake -g intake -m 700 /var/lib/intake
cd /var/lib/intake
runuser -u intake -- intake init site --organisation "Northern Archive" --address abcd.onion
"""
_ROSTER = """
. /opt/intake/python.env
cd /opt/intake/tree
python3 -c '
import sys
from pathlib import Path
from intake.web.settings import Settings
from tests.panel import make_panel
settings = Settings.read(Path("/var/lib/intake/site/site.toml"))
panel = make_panel(deployment=settings.deployment)
Path("/media/stick/roster.note").write_bytes(panel.note)
print(panel.roster.roots.fingerprint)
' > /media/stick/fingerprint
"""
_STARTED = """
cd /var/lib/intake
runuser -u intake -- intake roster publish site /media/stick/roster.note --fingerprint "$(cat /media/stick/fingerprint)"
cd /opt/intake/tree/deploy
cp *.service *.socket *.timer /etc/systemd/system/
systemctl daemon-reload
systemctl enable --now intake.socket intake.service intake-epoch.timer
"""
ANSWERS = """
curl --silent --fail --retry 30 --retry-delay 1 --retry-all-errors --output /dev/null \\
  --unix-socket /run/intake/form.sock -H 'Host: abcd.onion' http://form/
"""


def set_up(machine: Machine) -> None:
    """A site in /var/lib/intake/site that is served, with the units of deploy/."""
    for script in (_SET_UP, _ROSTER, _STARTED, ANSWERS):
        machine.run(script)

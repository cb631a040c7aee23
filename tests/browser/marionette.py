"""A small client of Marionette, the remote protocol of Firefox itself.

It speaks to the Firefox ESR of the distribution without any driver, with script on or off.
"""

import base64
import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from tests.ports import free_port
from tests.web.serving import until, wait_for

FIREFOX = Path("/usr/bin/firefox-esr")
_ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # WebDriver's name for a reference to an element

# No request of Firefox's own may stand between those of the page.
_QUIET: Mapping[str, bool | int | str] = {
    "app.normandy.enabled": False,
    "app.update.disabledForTesting": True,
    "browser.aboutwelcome.enabled": False,
    "browser.newtab.preload": False,
    "browser.newtabpage.enabled": False,
    "browser.region.network.url": "",
    "browser.safebrowsing.downloads.remote.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage_override.mstone": "ignore",
    "browser.startup.page": 0,
    "datareporting.policy.dataSubmissionEnabled": False,
    "dom.ipc.processPrelaunch.enabled": False,
    "dom.security.https_first": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.dns.disablePrefetch": True,
    "network.prefetch-next": False,
    "services.settings.server": "data:,",
    "toolkit.telemetry.reportingpolicy.firstRun": False,
}


class MarionetteError(Exception):
    """Firefox answered a command with an error; `kind` is WebDriver's name for it."""

    def __init__(self, command: str, kind: str, message: str) -> None:
        super().__init__(f"{command}: {kind}: {message}")
        self.kind = kind


class Marionette:
    """One running Firefox; what is asked of it is asked of the tab that is in front."""

    def __init__(self, process: "subprocess.Popen[bytes] | None", port: int) -> None:
        self._process = process
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._count = 0
        self._receive()  # Firefox says its name first

    @classmethod
    def start(
        cls, profile: Path, preferences: Mapping[str, bool | int | str], *, changing: bool = False
    ) -> Self:
        """Start Firefox with a new profile in the folder `profile`; it must be installed.

        Only where it is `changing` may it be asked for other preferences later.
        """
        assert FIREFOX.exists(), "firefox-esr is not installed"
        port = free_port()
        profile.mkdir()
        wanted = {**_QUIET, "marionette.port": port, **preferences}
        lines = (f"user_pref({json.dumps(n)}, {json.dumps(v)});\n" for n, v in wanted.items())
        (profile / "user.js").write_text("".join(lines), encoding="ascii")
        access = ("--remote-allow-system-access",) if changing else ()
        process = subprocess.Popen(
            [FIREFOX, "--headless", "--no-remote", "--marionette", *access, "--profile", profile],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            wait_for(f"127.0.0.1:{port}", process, 60)
            browser = cls(process, port)._begun()
        except BaseException:
            process.kill()
            process.wait()
            raise
        return browser

    @classmethod
    def attached(cls, port: int) -> Self:
        """A Firefox that somebody else started, and ends."""
        return cls(None, port)._begun()

    def _begun(self) -> Self:
        # "none": nothing waits for a page's load event, which never comes with script off.
        self.ask("WebDriver:NewSession", {"pageLoadStrategy": "none"})
        return self

    def quit(self) -> None:
        """End this Firefox as a person does who closes it; it then writes what it wants to keep."""
        self.ask("Marionette:Quit", {"flags": ["eAttemptQuit"]})
        self.let_go()
        assert self._process is not None
        self._process.wait(timeout=30)

    def let_go(self) -> None:
        """Ask nothing of it any more."""
        self._socket.close()

    def stop(self, profile: Path) -> None:
        """End this Firefox and remove its profile."""
        self.let_go()
        assert self._process is not None
        self._process.terminate()
        self._process.wait(timeout=30)

        def is_removed() -> bool:
            # A process of its own may outlive it for a moment, and write there.
            shutil.rmtree(profile, ignore_errors=True)
            return not profile.exists()

        until(is_removed)

    def ask(self, command: str, parameters: Mapping[str, object] | None = None) -> Any:
        """Run one command; raises `MarionetteError`."""
        self._count += 1
        message = json.dumps([0, self._count, command, parameters or {}]).encode()
        self._socket.sendall(b"%d:%s" % (len(message), message))
        _, _, error, result = self._receive()
        if error is not None:
            raise MarionetteError(command, error["error"], error["message"])
        return result["value"] if isinstance(result, dict) and set(result) == {"value"} else result

    def prefer(self, name: str, value: bool) -> None:
        """Change a preference, as a person does on the page for them: it holds for pages after that."""
        script = "Services.prefs.setBoolPref(arguments[0], arguments[1])"
        self.ask("Marionette:SetContext", {"value": "chrome"})
        self.ask("WebDriver:ExecuteScript", {"script": script, "args": [name, value]})
        self.ask("Marionette:SetContext", {"value": "content"})

    @contextmanager
    def fresh_tab(self) -> Iterator[None]:
        """A tab in front until the end of the block, without any page before it."""
        before = self.ask("WebDriver:GetWindowHandle")
        made = self.ask("WebDriver:NewWindow", {"type": "tab", "focus": True})
        self.ask("WebDriver:SwitchToWindow", {"handle": made["handle"], "focus": True})
        try:
            yield
        finally:
            self.ask("WebDriver:CloseWindow")
            self.ask("WebDriver:SwitchToWindow", {"handle": before, "focus": True})

    def find(self, selector: str) -> list[Mapping[str, str]]:
        """The elements that a CSS selector finds."""
        using = {"using": "css selector", "value": selector}
        found = self.ask("WebDriver:FindElements", using)
        return [{"id": element[_ELEMENT]} for element in found]

    def press_keys(self, *keys: str, held: str = "") -> None:
        """Press keys one after the other, in whatever has the focus, with `held` down all the while."""
        strokes = [{"type": way, "value": key} for key in keys for way in ("keyDown", "keyUp")]
        if held:
            down, up = ({"type": way, "value": held} for way in ("keyDown", "keyUp"))
            strokes = [down, *strokes, up]
        actions = [{"type": "key", "id": "k", "actions": strokes}]
        self.ask("WebDriver:PerformActions", {"actions": actions})

    def is_focused(self, selector: str) -> bool:
        """Whether what has the focus is meant by a selector."""
        script = "return document.activeElement?.matches(arguments[0]) ?? false"
        return bool(self.ask("WebDriver:ExecuteScript", {"script": script, "args": [selector]}))

    def picture(self) -> bytes:
        """The whole page as PNG."""
        return base64.b64decode(self.ask("WebDriver:TakeScreenshot", {"full": True}))

    def _receive(self) -> Any:
        size = b""
        while not size.endswith(b":"):
            size += self._exactly(1)
        return json.loads(self._exactly(int(size[:-1])))

    def _exactly(self, size: int) -> bytes:
        data = b""
        end = time.monotonic() + 60
        while len(data) < size:
            data += (more := self._socket.recv(size - len(data)))
            assert more, "Firefox closed the connection"
            assert time.monotonic() < end, "Firefox is too slow"
        return data

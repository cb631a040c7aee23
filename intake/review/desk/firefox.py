"""How Firefox is started so that it keeps nothing, asks nobody and reaches the desk alone.

Its own preferences (modules/libpref/init/StaticPrefList.yaml, browser/app/profile/firefox.js).
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

NAMES: Final = ("firefox-esr", "firefox")

_KEEPS_NOTHING: Final[dict[str, bool | int | str]] = {
    "browser.privatebrowsing.autostart": True,
    "browser.cache.disk.enable": False,
    "browser.cache.disk_cache_ssl": False,
    "browser.cache.offline.enable": False,
    "browser.cache.memory.enable": False,
    "browser.formfill.enable": False,
    "browser.pagethumbnails.capturing_disabled": True,
    "browser.sessionstore.enabled": False,
    "browser.sessionstore.resume_from_crash": False,
    "browser.sessionstore.privacy_level": 2,
    "browser.sessionstore.max_tabs_undo": 0,
    "browser.sessionstore.max_windows_undo": 0,
    "browser.shell.shortcutFavicons": False,
    "browser.startup.page": 0,
    "browser.startup.homepage_override.mstone": "ignore",
    "browser.download.start_downloads_in_tmp_dir": False,
    "browser.download.useDownloadDir": False,
    "media.cache_size": 0,
    "places.history.enabled": False,
    "signon.rememberSignons": False,
    "signon.autofillForms": False,
    "layout.spellcheckDefault": 0,
    "browser.translations.enable": False,
    "extensions.formautofill.addresses.enabled": False,
    "extensions.formautofill.creditCards.enabled": False,
}

_ASKS_NOBODY: Final[dict[str, bool | int | str]] = {
    "app.normandy.enabled": False,
    "app.shield.optoutstudies.enabled": False,
    "app.update.auto": False,
    "app.update.enabled": False,
    "breakpad.reportURL": "",
    "browser.aboutwelcome.enabled": False,
    "browser.contentblocking.report.lockwise.enabled": False,
    "browser.crashReports.unsubmittedCheck.enabled": False,
    "browser.discovery.enabled": False,
    "browser.newtabpage.enabled": False,
    "browser.ml.enable": False,
    "browser.region.network.url": "",
    "browser.region.update.enabled": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "browser.safebrowsing.downloads.enabled": False,
    "browser.safebrowsing.downloads.remote.enabled": False,
    "browser.search.suggest.enabled": False,
    "browser.search.update": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.tabs.crashReporting.sendReport": False,
    "browser.urlbar.speculativeConnect.enabled": False,
    "captivedetect.canonicalURL": "",
    "datareporting.healthreport.uploadEnabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "dom.push.enabled": False,
    "dom.security.https_first": False,
    "dom.security.https_only_mode": False,
    "extensions.getAddons.cache.enabled": False,
    "extensions.systemAddon.update.enabled": False,
    "extensions.update.enabled": False,
    "geo.enabled": False,
    "identity.fxaccounts.enabled": False,
    "media.gmp-provider.enabled": False,
    "media.peerconnection.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.dns.disablePrefetch": True,
    "network.dns.disablePrefetchFromHTTPS": True,
    "network.http.speculative-parallel-limit": 0,
    "network.predictor.enabled": False,
    "network.prefetch-next": False,
    "network.trr.mode": 5,
    "security.OCSP.enabled": 0,
    "services.settings.server": "data:,",
    "toolkit.telemetry.enabled": False,
    "toolkit.telemetry.reportingpolicy.firstRun": False,
    "toolkit.telemetry.unified": False,
    "webchannel.allowObject.urlWhitelist": "",
}


def prepare(profile: Path, authority: str) -> None:
    """Make a profile that has never been used; raises `OSError` where there is one."""
    host, _, port = authority.partition(":")
    # Every other address is asked for at a proxy that is not there, names too, on a port that only
    # root could listen at.
    reaches_us_alone: dict[str, bool | int | str] = {
        "network.proxy.type": 1,
        "network.proxy.socks": host,
        "network.proxy.socks_port": 1,
        "network.proxy.socks_version": 5,
        "network.proxy.socks_remote_dns": True,
        "network.proxy.allow_hijacking_localhost": True,
        "network.proxy.failover_direct": False,
        "network.proxy.allow_bypass": False,
        "network.dns.disabled": True,
        "network.proxy.no_proxies_on": f"{host}:{port}",
    }
    wanted = {**_KEEPS_NOTHING, **_ASKS_NOBODY, **reaches_us_alone}
    profile.mkdir(mode=0o700)
    lines = (
        f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in wanted.items()
    )
    (profile / "user.js").write_text("".join(lines), "ascii")


def arguments(profile: Path, letter: Path) -> Sequence[str]:
    """What to start it with, to open the file `letter`."""
    return "--no-remote", "--new-instance", "--profile", str(profile), letter.as_uri()

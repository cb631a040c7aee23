"""How Chromium is started so that it keeps nothing, asks nobody and reaches the desk alone.

Its own switches and preferences (chrome/common/chrome_switches.cc, chrome/common/pref_names.h).
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

NAMES: Final = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")

_SWITCHES: Final = (
    "--incognito",
    "--no-first-run",
    "--no-default-browser-check",
    "--no-pings",
    "--no-service-autorun",
    "--disable-background-networking",
    "--disable-breakpad",
    "--disable-client-side-phishing-detection",
    "--disable-component-update",
    "--disable-crash-reporter",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-extensions",
    "--disable-field-trial-config",
    "--disable-quic",
    "--disable-session-crashed-bubble",
    "--disable-sync",
    "--dns-prefetch-disable",
    "--metrics-recording-only",
    "--password-store=basic",
    "--use-mock-keychain",
    "--disk-cache-size=1",
    "--media-cache-size=1",
    "--disable-gpu-shader-disk-cache",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    (
        "--disable-features=Translate,OptimizationHints,MediaRouter,DialMediaRouteProvider,"
        "AutofillServerCommunication,CertificateTransparencyComponentUpdater,NetworkPrediction,"
        "SpareRendererForSitePerProcess,InterestFeedContentSuggestions,LensOverlay,"
        "AsyncDns,DnsOverHttps,ReportingApi,NetworkErrorLogging"
    ),
)

_PREFERENCES: Final[dict[str, object]] = {
    "alternate_error_pages": {"enabled": False},
    "autofill": {"enabled": False, "profile_enabled": False, "credit_card_enabled": False},
    "browser": {"enable_spellchecking": False, "check_default_browser": False},
    "credentials_enable_service": False,
    "credentials_enable_autosignin": False,
    "dns_prefetching": {"enabled": False},
    "net": {"network_prediction_options": 2},
    "profile": {"password_manager_enabled": False},
    "safebrowsing": {"enabled": False, "enhanced": False},
    "search": {"suggest_enabled": False},
    "session": {"restore_on_startup": 5},
    "signin": {"allowed": False, "allowed_on_next_startup": False},
    "spellcheck": {"dictionaries": [], "use_spelling_service": False},
    "translate": {"enabled": False},
}


def prepare(profile: Path) -> None:
    """Make a profile that has never been used; raises `OSError` where there is one."""
    profile.mkdir(mode=0o700)
    (profile / "Default").mkdir(mode=0o700)
    (profile / "Default" / "Preferences").write_text(json.dumps(_PREFERENCES), "ascii")


def arguments(profile: Path, letter: Path, authority: str) -> Sequence[str]:
    """What to start it with, to open the file `letter`."""
    host, _, port = authority.partition(":")
    return (
        f"--user-data-dir={profile}",
        *_SWITCHES,
        # No name is looked up; every other address is asked for at a proxy that is not there, on a
        # port that only root could listen at.
        f"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE {host}",
        f"--proxy-server=socks5://{host}:1",
        f"--proxy-bypass-list=<-loopback>;{host}:{port}",
        f"--app={letter.as_uri()}",
    )

"""What a site's log says in public of the site: its rosters, its settings, its code.

Only digests stand there, of what everybody is given anyway.
"""

from dataclasses import asdict

from intake import canonical
from intake.accept import Acceptor
from intake.log.site_log import Announcement, SiteLog
from intake.roster import SignedRoster
from intake.store import Store
from intake.tlog.entries import CodeReleased, ConfigChanged, RosterChanged, digest_of
from intake.web.app import create_app
from intake.web.manifest import listed_by
from intake.web.settings import Settings
from intake.web.settings_tables import Backups
from intake.web.site import Site


def announce(site: Site, store: Store) -> None:
    """Log what is public of the site now and not logged yet; the caller holds the log's lock."""
    log = SiteLog(store.leaves, site.log_folder, site.log_signer)
    log.announce(announcements(site, store))
    log.stage()


def announcements(site: Site, store: Store) -> list[Announcement]:
    """What the log says in public of a site as it is now: rosters, settings, code."""
    rosters = sorted(
        (SignedRoster.parse(note).roster for note in site.notes()), key=lambda r: r.version
    )
    code = listed_by(create_app(site, Acceptor(store, site)))["manifest.json"]
    return [
        *(RosterChanged(roster.version, roster.digest) for roster in rosters),
        ConfigChanged(digest_of(settings_bytes(site.settings))),
        CodeReleased(digest_of(code)),
    ]


def settings_bytes(settings: Settings) -> bytes:
    """What `config-changed` is the hash of: every setting, as canonical JSON (docs/format.md).

    But where the store is and what carries notices: these are nobody's to know.
    """
    return canonical.encode(
        {
            **{name: getattr(settings, name) for name in _PLAIN},
            "neutral": {
                lang: {"title": page.title, "lines": list(page.lines)}
                for lang, page in settings.neutral.items()
            },
            "support": [
                {
                    "name": entry.name,
                    "language": entry.language,
                    "reach": entry.reach,
                    "checked": entry.checked.isoformat(),
                }
                for entry in settings.support
            ],
            # Left out where nothing is said, so that a site's hash is the one that it had before.
            **({"backup": _said(settings.backup)} if settings.backup != Backups() else {}),
        }
    )


def _said(backups: Backups) -> dict[str, object]:
    said = asdict(backups)
    return said if backups.keep else {name: said[name] for name in ("to", "step")}


_PLAIN = (
    "deployment",
    "organisation",
    "address",
    "language",
    "largest",
    "form",
    "only_onion",
    "weekly_bytes",
    "withdraw_days",
)

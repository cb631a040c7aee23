"""The bill of materials that lies in the wheel (CycloneDX 1.6, PEP 770), made from the locks alone.

What the script in the wheel was bundled from stands in it as part of the wheel; what pip installs
beside it is required (`server.txt`) or optional (the other locks). The same locks give the
same bytes: no time, no random serial number.
"""

import json
import tomllib
import uuid
from collections.abc import Mapping
from pathlib import Path

from deploy.supply.locks import NPM, ROOT, Pinned, installed_locks, npm_lock, python_lock

NAME = "testimony-intake.cdx.json"
_BUNDLED = NPM[0]
_OURS = uuid.UUID(
    "6a1c5a0e-31a5-5f3b-9a57-3a0f6f2c0c8b"
)  # a name space, for numbers made of content


def bill_of_materials(root: Path = ROOT) -> bytes:
    """The bill as canonical JSON."""
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    licences = _licences(root)
    parts: dict[str, dict[str, object]] = {}
    for lock in sorted(installed_locks(root), key="server".__ne__):  # what it needs is required
        scope = "required" if lock == "server" else "optional"
        for package in python_lock(lock, root):
            parts.setdefault(package.purl, _component(package, scope, licences))
    bundled = [one for one in npm_lock(_BUNDLED, root) if not one.is_for_building]
    ours = {
        "type": "application",
        "bom-ref": f"pkg:pypi/{project['name']}@{project['version']}",
        "name": project["name"],
        "version": project["version"],
        "description": project["description"],
        "licenses": [{"expression": project["license"]}],
        "purl": f"pkg:pypi/{project['name']}@{project['version']}",
        "components": [_component(one, "required", licences) for one in bundled],
    }
    bill: dict[str, object] = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": ours},
        "components": [parts[purl] for purl in sorted(parts)],
        "dependencies": _dependencies(str(ours["bom-ref"]), sorted(parts), bundled),
    }
    content = json.dumps(bill, sort_keys=True)
    bill["serialNumber"] = uuid.uuid5(_OURS, content).urn
    return (json.dumps(bill, sort_keys=True, indent=1, ensure_ascii=False) + "\n").encode()


def _licences(root: Path) -> Mapping[str, str]:
    """By package: the SPDX expressions of `requirements/licences.txt`."""
    rows = (root / "requirements/licences.txt").read_text("utf-8").splitlines()
    return dict(row.split(None, 1) for row in rows if row and not row.startswith("#"))


def _component(package: Pinned, scope: str, licences: Mapping[str, str]) -> dict[str, object]:
    algorithm = "SHA-256" if package.ecosystem == "pypi" else "SHA-512"
    made: dict[str, object] = {
        "type": "library",
        "bom-ref": package.purl,
        "name": package.name,
        "version": package.version,
        "scope": scope,
        "purl": package.purl,
        # The lock names files by their hashes and no address: a package has one file a platform.
        "externalReferences": [
            {
                "type": "distribution",
                "url": package.purl,
                "hashes": [{"alg": algorithm, "content": digest} for digest in package.hashes],
            }
        ],
    }
    licence = package.licence or licences.get(package.name, "")
    if licence:
        made["licenses"] = [{"expression": licence}]
    if package.marker:
        made["properties"] = [{"name": "intake:marker", "value": package.marker}]
    return made


def _dependencies(
    ours: str, installed: list[str], bundled: list[Pinned]
) -> list[dict[str, object]]:
    by_name = {one.name: one.purl for one in bundled}
    rows: list[dict[str, object]] = [
        {"ref": ours, "dependsOn": sorted([*installed, *by_name.values()])}
    ]
    for one in bundled:
        needs = sorted(by_name[name] for name in one.needs if name in by_name)
        rows.append({"ref": one.purl, "dependsOn": needs})
    return rows

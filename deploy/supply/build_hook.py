"""Puts the bill of materials into the wheel while hatchling builds it."""

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class BillOfMaterials(BuildHookInterface[Any]):
    """Made anew from the locks at every build, so that none in the tree can be old."""

    PLUGIN_NAME = "bill-of-materials"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the bill where the builder takes it from, into the wheel's `.dist-info/sboms`."""
        del version
        if self.root not in sys.path:  # a build has only what it asked for on its path
            sys.path.insert(0, self.root)
        from deploy.supply import sbom

        self._folder = tempfile.TemporaryDirectory()
        path = Path(self._folder.name) / sbom.NAME
        path.write_bytes(sbom.bill_of_materials(Path(self.root)))
        build_data["sbom_files"].append(str(path))

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Leave nothing behind."""
        del version, build_data, artifact_path
        self._folder.cleanup()

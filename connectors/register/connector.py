"""Official lists that come as files; nothing is asked of anybody."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from connectors.errors import UnreadableFile
from connectors.register.manifest import manifest_path
from connectors.register.reading import official_file
from connectors.snapshot import Snapshot

if TYPE_CHECKING:
    from connectors.client import Client


class RegisterConnector:
    """Official lists that come as files."""

    name: ClassVar[str] = "register"
    title: ClassVar[str] = "Register files (CSV, workbooks, Parquet, GeoJSON, shapefiles …) with a manifest beside them"
    needs: ClassVar[Mapping[str, str]] = {"path": "the file; its manifest is the same name with .toml added"}

    def fetch(self, client: Client, request: Mapping[str, str]) -> Snapshot:  # noqa: ARG002 - a file needs no client
        """Read `request["path"]`; `request["source"]` names the source, else the file does.

        Raises `UnreadableFile`, also when the manifest is missing or incomplete: a list without vintage and licence
        cannot be evidence.
        """
        source = request.get("source") or Path(request.get("path", "register")).stem
        if not request.get("path"):
            msg = "no file is named"
            raise UnreadableFile(msg, source=source, hint="set path to the register file")
        path = Path(request["path"])
        if path.is_file() and not manifest_path(path).is_file():
            hint = f"write its title, vintage, licence and attribution under [source] in {manifest_path(path).name}"
            msg = f"{path.name} has no manifest beside it"
            raise UnreadableFile(msg, source=source, hint=hint)
        return official_file(path, source=source).snapshot()

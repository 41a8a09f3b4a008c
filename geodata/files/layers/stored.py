"""Files for GDAL: several that belong together go to it as one archive that we packed, with names of our own."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping


def stored(files: Mapping[str, bytes]) -> bytes:
    """Return the files as an archive that needs no unpacking, so that nobody has to trust a stranger's."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()

"""Restoring: an installation as it was, from a backup, where there is none yet."""

from __future__ import annotations

import shutil
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from service.auditing import verifying
from service.auditing.verifying import Audited
from service.backup import reading
from service.backup.making import Installation
from service.backup.manifest import Manifest, Member
from service.backup.reading import Backup, Step
from service.errors import INVALID, Problem
from service.store import loading
from service.store.engine import Session
from service.store.migrate import known, revision_of, upgrade


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored, and what its chain of events came to."""

    manifest: Manifest
    audited: Audited

    @property
    def sound(self) -> bool:
        """Whether the chain is whole, and ends where it ended when the backup was made."""
        ended = (self.manifest.head_seq, self.manifest.head_link)
        return self.audited.sound and (self.manifest.head_link is None or ended == tuple(self.audited.head))


def restore(installation: Installation, file: Path, step: Step) -> Restored:
    """Put everything of a backup into an installation that holds nothing yet, and verify its chain of events.

    Every byte of the backup is verified before anything is written. The database is filled in one transaction. Raises
    `Problem` (invalid): the backup is not whole or of a newer version, or something is there already.
    """
    with reading.opened(file, step) as backup:
        _require_known(backup.manifest, file)
        _require_nothing(installation)
        _put_snapshots(installation, backup)
        _put_uploads(installation, backup)
        url = installation.store.url.render_as_string(hide_password=False)
        upgrade(url, backup.manifest.migration)
        with installation.store.begin() as session:
            _fill(session, backup, step)
        upgrade(url)
        return Restored(backup.manifest, verifying.verify(installation.store, step))


def _require_known(manifest: Manifest, file: Path) -> None:
    if manifest.migration not in known():
        detail = (
            f"{file} was made by release {manifest.made_by}, whose database is of revision {manifest.migration}; this "
            "release does not know it. Install that release, or a newer one, and restore it there."
        )
        raise Problem(INVALID, detail)


def _require_nothing(installation: Installation) -> None:
    """Refuse to mix what is restored with anything that is there."""
    if installation.store.embedded and not Path(str(installation.store.url.database)).exists():
        return
    if revision_of(installation.store) is None:
        return
    with installation.store.read() as session:
        held = loading.holding(session)
    if held:
        name = installation.store.url.render_as_string(hide_password=True)
        detail = (
            f"The database {name} holds something already: {', '.join(held)}. A backup is restored into an "
            "empty installation: name another UNCOUNTED_DATA_DIR or UNCOUNTED_DATABASE_URL, or move the old one away."
        )
        raise Problem(INVALID, detail)


def _put_snapshots(installation: Installation, backup: Backup) -> None:
    files: dict[str, list[Member]] = defaultdict(list)
    for member in backup.manifest.of("snapshots"):
        files[member.parts[1]].append(member)
    for name, members in files.items():
        with tempfile.TemporaryDirectory(prefix="uncounted-restore-") as room:
            laid = {member.parts[2]: _laid(backup, member, Path(room) / member.parts[2]) for member in members}
            installation.archive.put_files(name, laid)


def _put_uploads(installation: Installation, backup: Backup) -> None:
    for member in backup.manifest.of("uploads"):
        installation.uploads.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder = installation.uploads / member.parts[1]
        folder.mkdir(mode=0o700, exist_ok=True)
        _laid(backup, member, folder / "upload")


def _laid(backup: Backup, member: Member, path: Path) -> Path:
    with backup.opened(member) as source, path.open("wb") as sink:
        shutil.copyfileobj(source, sink)
    return path


def _fill(session: Session, backup: Backup, step: Step) -> None:
    members = {member.parts[1].removesuffix(".parquet"): member for member in backup.manifest.of("tables")}
    names = loading.order(session, members)
    loading.prepare(session)
    done, total = 0, sum(member.rows or 0 for member in members.values())
    for name in names:
        with backup.table(members[name]) as (columns, batches):
            loading.load(session, name, columns, batches)
        done += members[name].rows or 0
        step(done, total)
    loading.finish(session, names)

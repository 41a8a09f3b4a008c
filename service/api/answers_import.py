"""What answers about imports look like."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from service.api.answers import Probability, Shown
from service.live.receiving import Fate
from service.store.import_tables import ImportState, Mode


class FaultShown(Shown):
    """One thing that was wrong in one place of a file."""

    row: int | None = Field(description="as a spreadsheet numbers it; null for the whole file")
    column: str | None
    value: str | None
    message: str
    hint: str
    kept: bool = Field(description="the row was kept, without this value")
    proposal: dict[str, float | str] | None = Field(description="what may be meant; never applied unasked")


class DroppedShown(Shown):
    """A column that was not kept, because it is about people."""

    header: str
    rule: str
    label: str
    why: str
    cells: int = Field(description="that held something")


class StoppedShown(Shown):
    """Why an import failed, and how to mend that."""

    detail: str
    hint: str
    code: str


class ImportShown(Shown):
    """A file that was sent, how far it has been read, and what became of its rows."""

    id: str
    organisation: str
    collection: str
    file: str
    mode: Mode
    state: ImportState
    cancelling: bool = Field(description="it stops after the part that is being kept")
    rows_read: int
    kept: int = Field(description="rows kept: created, revised and unchanged")
    created: int
    revised: int
    unchanged: int
    set_aside: int = Field(description="rows that could not be kept; `errors` says why")
    quarantined: int = Field(description="records that wait until a person looked at them")
    withdrawn: int = Field(description="records that a replaced list no longer has")
    verified: int = Field(description="records compared with the official lists since")
    problems: int = Field(description="things that were wrong; the first 100,000 are kept")
    errors: str | None = Field(description="address of all of them, as CSV, XLSX or JSON")
    profile: str | None = Field(description="mapping that was used")
    columns: dict[str, str] = Field(description="header to part, as the file was read")
    dropped: list[DroppedShown]
    stopped: StoppedShown | None
    created_at: datetime
    updated_at: datetime
    ended_at: datetime | None


class ImportedShown(ImportShown):
    """An import that was just asked for."""

    first_problems: list[FaultShown] = Field(description="the first ten")


class ImportPage(Shown):
    """A page of imports, oldest first."""

    numberReturned: int  # noqa: N815 - named as OGC API Features does
    next: str | None
    items: list[ImportShown]


class FaultsShown(Shown):
    """What was wrong in a file, in the order of its rows."""

    items: list[FaultShown]


class ForeseenShown(Shown):
    """What would become of one row."""

    row: int
    id: str = Field(description="under which it would be kept")
    name: str | None
    outcome: str = Field(description="created, revised or unchanged")
    state: str = Field(description="quarantined where it would wait for a person")
    verdict: str | None
    probability: Probability | None
    reason: str | None
    list: str | None
    official_id: str | None
    official_name: str | None


class PreviewShown(Shown):
    """What an import would do; nothing was kept."""

    dry_run: bool
    collection: str
    mode: Mode
    whole_file: bool = Field(description="false: only its first 20,000 rows were looked at")
    rows_read: int
    created: int
    revised: int
    unchanged: int
    set_aside: int
    profile: str | None
    columns: dict[str, str]
    dropped: list[DroppedShown]
    problems: list[FaultShown] = Field(description="the first 1,000")
    rows: list[ForeseenShown] = Field(description="the first 500 rows that can be kept, with their verdicts")


class ColumnShown(Shown):
    """How one column would be read."""

    header: str
    part: str = Field(description="such as name, lat, count.persons, admin.ward, attributes, or left out")
    by_hand: bool = Field(description="a mapping says so, not the header")
    examples: list[str]


class ProposalShown(Shown):
    """How a file would be read. `profile` is what to correct and save."""

    profile_used: str | None
    columns: list[ColumnShown]
    dropped: list[DroppedShown]
    profile: ProfileShown


class ProfileShown(Shown):
    """How files of one shape are read."""

    name: str
    headers: list[str]
    columns: dict[str, str] = Field(description="field to header; what is not named is read by its header")
    left_out: list[str]
    updated_at: datetime | None


class ProfilesShown(Shown):
    """The profiles of a collection, the last saved first."""

    items: list[ProfileShown]


ProposalShown.model_rebuild()


class SubmissionShown(Shown):
    """What became of one submission."""

    outcome: Fate
    own_id: str = Field(description="the id of the record in your own terms: the submission's `_id`")
    record_id: str | None = Field(description="null where it was left out")
    revision: int | None
    quarantined: bool = Field(description="the record waits until a person looked at it")
    why: str | None = Field(description="it was left out")
    withdrawn: int = Field(description="records taken back because the submission is rejected now")
    problems: list[FaultShown] = Field(description="values that were not kept, and why")
    dropped: list[DroppedShown] = Field(description="answers that were not kept, because they are about people")

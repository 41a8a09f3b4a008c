"""Which columns a survey tool adds by itself: what they are called, and what each is good for.

Names as the tools document them: Kobo's exports and its API version 2, ODK Central's CSV and OData, Ushahidi's CSV.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tool:
    """A survey tool: by which columns its exports are known, and what its own columns mean.

    All names are without case. `signs` are groups of columns of which one group must be there whole.
    """

    name: str
    signs: tuple[frozenset[str], ...]
    own_id: tuple[str, ...]  # the first that is there; that which survives an edit goes first
    moment: tuple[str, ...]  # when a submission was made, for forms that do not ask for a date
    review: tuple[str, ...]
    state: tuple[str, ...]  # whether it could be decrypted, or was deleted
    others: frozenset[str]  # of the tool, the phone or the person who holds it: never about a place


#: Asked by every XForm client without the person's doing.
_PHONE = frozenset(
    {"start", "end", "username", "deviceid", "device id", "subscriberid", "simserial", "phonenumber", "phone number"}
    | {"simid", "imei", "audit", "email", "start-geopoint", "background-audio", "instancename", "instance name"}
)
_META = frozenset(
    f"{group}{mark}{name}"
    for group in ("meta", "_meta")
    for mark in ("/", "-", "_", ":")
    for name in ("instanceid", "instancename", "deprecatedid", "rootuuid", "audit", "entity")
)

KOBO = Tool(
    "KoboToolbox",
    signs=(
        frozenset({"_id", "_uuid"}),
        frozenset({"_uuid", "_submission_time"}),
        frozenset({"_id", "_submission_time"}),
        frozenset({"_id", "__version__"}),
    ),
    own_id=("_id", "_uuid", "meta/rootuuid", "meta/instanceid"),
    moment=("_submission_time", "end", "start"),
    review=("_validation_status",),
    state=(),
    others=_PHONE
    | _META
    | {"_id", "_uuid", "_submission_time", "_notes", "_status", "_submitted_by", "_tags", "__version__", "_index"}
    | {"_attachments", "formhub/uuid", "_xform_id_string", "_geolocation", "_bamboo_dataset_id", "_supplementaldetails"}
    | {"_parent_index", "_parent_table_name", "_xform_id", "_media_count", "_total_media", "_edited", "_duration"}
    | {"_version_", "_version", "version", "_date_modified", "_last_edited", "_media_all_received", "rootuuid"},
)
ODK = Tool(
    "ODK",
    signs=(
        frozenset({"key", "submissiondate"}),
        frozenset({"__id", "__system/submissiondate"}),
        frozenset({"instanceid", "reviewstate"}),
        frozenset({"uuid", "currentversion/label"}),
    ),
    own_id=("key", "__id", "instanceid", "uuid", "meta-instanceid", "meta/instanceid"),
    moment=("submissiondate", "__system/submissiondate", "createdat"),
    review=("reviewstate", "__system/reviewstate"),
    state=("status", "__system/status", "__system/deletedat", "deletedat"),
    others=_PHONE
    | _META
    | {"key", "__id", "instanceid", "submissiondate", "submitterid", "submittername", "attachmentspresent"}
    | {"attachmentsexpected", "status", "edits", "formversion", "parent_key", "createdat", "updatedat", "creatorid"}
    | {"conflict", "deletedat"}
    | {
        f"currentversion/{name}"
        for name in (
            "createdat",
            "creatorid",
            "useragent",
            "version",
            "baseversion",
            "current",
            "conflictingproperties",
        )
    }
    | {
        f"__system/{name}"
        for name in ("submissiondate", "updatedat", "submitterid", "submittername", "attachmentspresent", "edits")
    }
    | {f"__system/{name}" for name in ("attachmentsexpected", "status", "deviceid", "formversion", "deletedat")},
)
USHAHIDI = Tool(
    "Ushahidi",
    signs=(frozenset({"post id", "created (utc)"}), frozenset({"post id", "post status"})),
    own_id=("post id",),
    moment=("post date (utc)", "created (utc)", "created"),
    review=("post status",),
    state=(),
    others=frozenset(
        {"post id", "survey", "form", "form name", "created (utc)", "updated (utc)", "post date (utc)", "created"}
        | {"updated", "contact", "contact id", "contact type", "sets", "author", "author email", "source", "user id"}
        | {"post date", "unstructured", "data source", "data source message id"}
    ),
)

_TOOLS = (KOBO, ODK, USHAHIDI)

#: How Kobo begins the columns that say to which submission a row of a repeat belongs.
OF_SUBMISSION = "_submission_"


def tool_of(headers: Sequence[str]) -> Tool | None:
    """Return the tool whose export has these headers, None where no tool's signs are among them."""
    names = {header.strip().casefold() for header in headers}
    return next((tool for tool in _TOOLS if any(sign <= names for sign in tool.signs)), None)


def belongs_to(tool: Tool, header: str) -> bool:
    """Tell whether the tool added this column, or the phone did; such a column says nothing about a place."""
    name = header.strip().casefold()
    return name in tool.others or name.startswith(("set-of-", OF_SUBMISSION)) or name.endswith("@odata.navigationlink")

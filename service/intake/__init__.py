"""Intake: keep a whole part of a file at once, as `service.submit` keeps accounts one by one."""

from service.intake.columns import Columns
from service.intake.taking import keep, prepare, take
from service.intake.values import ROWS, Defaults, Intake, Taken

__all__ = ["ROWS", "Columns", "Defaults", "Intake", "Taken", "keep", "prepare", "take"]

"""Intake: keep a whole part of a file at once, as `service.submit` keeps accounts one by one."""

from service.intake.taking import take
from service.intake.values import ROWS, Defaults, Intake, Taken

__all__ = ["ROWS", "Defaults", "Intake", "Taken", "take"]

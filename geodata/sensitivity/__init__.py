"""Sensitivity: how much harm it could do to show a community, by rules that people can read, correct and only raise."""

from geodata.sensitivity.handling import Handling, LocationMethod
from geodata.sensitivity.policy import Policy, in_force, install, shipped
from geodata.sensitivity.reading import InvalidSensitivity
from geodata.sensitivity.rule import Rule, Subject

__all__ = [
    "Handling",
    "InvalidSensitivity",
    "LocationMethod",
    "Policy",
    "Rule",
    "Subject",
    "in_force",
    "install",
    "shipped",
]

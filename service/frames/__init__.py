"""Frame updates: what census cartographers need to put confirmed communities on their list, in one file to take along.

Only gaps that a person confirmed are in it, each with the official unit it belongs to, so that whoever keeps the
sampling frame can draw it in without asking anybody.
"""

from service.frames.choosing import FrameScope
from service.frames.packing import pack

__all__ = ["FrameScope", "pack"]

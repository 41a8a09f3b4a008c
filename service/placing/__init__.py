"""Placing: decide once where a published community is shown to whoever does not work with its records.

What is drawn here is kept, and every answer shows the same: neither a thousand readings nor a new comparison gives a
second point to average with the first. Where anything that it takes is missing (a list, a number of residents, a
boundary) the place is shown more coarsely, and in the end held back.
"""

from service.placing.placing import place, place_now, place_waiting

__all__ = ["place", "place_now", "place_waiting"]

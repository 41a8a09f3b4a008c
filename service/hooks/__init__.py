"""Hooks: changes are told to addresses that ask for it, as exactly as the key may see them that asked.

The log of events is the outbox: it is written in the transaction of whatever happened. From it the messages of each
webhook are written down, with the place up to which it was told, in one transaction; nothing is told twice under two
identifiers, and nothing is lost. What a message shows is frozen then, and looked at again before every attempt.
"""

"""Which records are one community, which of the communities known before it goes on as, and who speaks for it."""

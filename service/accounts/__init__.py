"""Accounts: what an organisation says, checked at the border and not yet kept, with what follows from it alone."""

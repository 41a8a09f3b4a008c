"""Single records as they are posted: those that arrive while others are being kept are kept together, at once."""

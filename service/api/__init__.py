"""The HTTP API, one router per noun. Routers read, ask a verb or the store, redact and write; they decide nothing."""

"""The history of the database, one file a step; `service.store.migrate` runs it."""

"""Around syncing one source (`service.sync`): all of them, by schedule, what they weigh, and pruning."""

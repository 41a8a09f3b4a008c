"""What a running process needs of its machine: time, disk, a name, logs, metrics, traces, and an orderly end."""

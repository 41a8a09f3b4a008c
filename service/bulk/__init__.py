"""Many records against a long list: cut into parts, assessed by processes or a cluster, brought together."""

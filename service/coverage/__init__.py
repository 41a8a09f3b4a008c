"""Coverage: how many communities are on none of the lists the service knows."""

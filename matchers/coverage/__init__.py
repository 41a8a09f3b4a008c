"""Coverage: how many communities stand on no list at all, from how lists overlap; a number only where one is earned."""

"""Gap reports that can be cited: frozen as editions, told as far as they may still be told, compared, written."""

"""GeoNames: places of the world with their names in many languages, from the daily dump."""

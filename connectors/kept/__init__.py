"""Files that were fetched before: asked for again only when they changed, and continued where they broke off."""

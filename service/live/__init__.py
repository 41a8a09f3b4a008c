"""Live: submissions as survey tools send them one by one, and as they are pulled from their servers."""

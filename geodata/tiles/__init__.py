"""Vector tiles: points on the map, cut into squares and written as Mapbox Vector Tiles 2.1, column by column."""

"""Pictures of figures: one file per plot, one look, bytes out. Matplotlib lives here and loads only when asked."""

"""The community record as a form: defined once, written as XLSForm and as paper, read back from what tools export."""

"""Tell the story: submit, verify, review, report, and sync."""

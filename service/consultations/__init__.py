"""Consultations: whom people name as left behind in surveys and dialogues, beside what official lists count."""

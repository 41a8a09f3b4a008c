"""What survey tools export (KoboToolbox, ODK, Ushahidi), brought to one plain table with a row for each submission."""

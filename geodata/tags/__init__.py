"""What the fields of a record evidence: goals of the 2030 Agenda, who is meant, and why they are left behind."""

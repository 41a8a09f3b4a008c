"""Official lists that records are compared with: the present ones, the long ones, and their indexes."""

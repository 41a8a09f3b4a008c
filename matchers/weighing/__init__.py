"""Records weighed in one fused pass of compiled code, which never keeps more of a pair than what may matter."""

"""Doctor: what is wrong with an installation, what that means and how to mend it; nothing is changed."""

"""`python -m service` is `uncounted`."""

from service.cli import main

main()

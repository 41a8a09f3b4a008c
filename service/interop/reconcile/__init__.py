"""Reconciliation: columns of names become entries of official lists, or groups of the taxonomy, as OpenRefine asks it.

Speaks the Reconciliation Service API of the W3C Entity Reconciliation Community Group, 0.2 and 1.0-draft.
"""

from service.interop.reconcile import draft, router

#: The routers of both versions.
ROUTERS = (router.router, router.asking, draft.router, draft.asking)

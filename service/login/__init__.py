"""Signing in: people who are known here come from an identity provider, and act as their organisation for some hours.

Optional: without `UNCOUNTED_OIDC_ISSUER` there are no such addresses, and keys are all there is. Whoever signs in acts
through a key of their own that nobody holds, so that what they do is limited, attributed and revoked like any key's.
"""

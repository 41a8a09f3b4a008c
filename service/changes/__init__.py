"""Changes: what became of flags, in order, for whoever keeps a copy of those it may see.

The log of events says which flags something happened to, the redactor what the asker sees of them now, and a memory of
what was shown last (`service.store.faces`) whether that is any news. So nobody is told of what they cannot see, and
whoever goes on from any cursor comes to hold what `/v1/flags` lists.
"""

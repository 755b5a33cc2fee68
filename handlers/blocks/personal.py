"""Buttons that several rooms show; but for ANY their value is an initiative's key.

The first two open a form of whoever a message is for. In the fallback channel, where others read
the message, they are left out.
"""

EDIT = "edit_entry"  # of the registry's entry
OPEN_UPDATE = "open_update"  # of the update
OPEN_ESCALATION = "open_escalation"  # of a new escalation; anybody may open one
ANY = "*"  # in a key's place: it is asked which initiative is meant

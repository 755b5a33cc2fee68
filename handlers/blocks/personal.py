"""Buttons that open a form of whoever a message is for; their value is an initiative's key.

In the fallback channel, where others read the message, they are left out.
"""

EDIT = "edit_entry"  # of the registry's entry
OPEN_UPDATE = "open_update"  # of the update
OPEN_ESCALATION = "open_escalation"  # opens the form of an escalation; its value is a key

"""The weekly update of an initiative: opened, filed, read."""

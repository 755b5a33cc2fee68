"""The audit log sealed into a chain of hashes, verified, exported, and people erased from it."""

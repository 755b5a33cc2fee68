"""A local Slack-compatible workspace: a peer across the wire, to try, rehearse and test against."""

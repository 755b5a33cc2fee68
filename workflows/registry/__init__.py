"""The central registry: what is known of every initiative, and how it is found."""

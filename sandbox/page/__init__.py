"""The page: what people see of the local workspace, rendered here and kept live in the browser."""

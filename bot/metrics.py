"""What is counted, for /metrics: the names are what dashboards and alerts are built on."""

from prometheus_client import Counter, Histogram

DELIVERIES = Counter("rollcall_deliveries", "Messages by what came of them", ["outcome"])
RATE_LIMITS = Counter("rollcall_rate_limits", "Answers 429 of Slack's")
SWEEP_SECONDS = Histogram("rollcall_sweep_seconds", "How long a sweep took that found work")
REQUEST_SECONDS = Histogram(
    "rollcall_request_seconds", "From a payload of Slack's to its answer", ["kind"]
)
FAILURES = Counter("rollcall_job_failures", "Jobs that raised an error", ["job"])

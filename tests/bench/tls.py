"""What one call to Slack costs over TLS, on loopback, with a certificate of its own.

CPU of this process alone: the stub is another. Both make the same call with the same context;
`a call, as slack-sdk makes it` opens a connection for each.
"""

import ssl
import subprocess
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from time import process_time

from slack_sdk import WebClient

from bot.kept_client import KeptClient
from tests.bench.bench import Bench, start_stub
from tests.bench.rows import Row


def measure_tls(bench: Bench) -> list[Row]:
    certificate, key = _certificate(bench.folder)
    trusted = ssl.create_default_context(cafile=str(certificate))
    with ExitStack() as stack:
        url = start_stub(stack, "", str(certificate), str(key)).replace("http:", "https:")
        kept = KeptClient(token="xoxb-1", base_url=url, timeout=20, ssl=trusted, retry_handlers=[])
        anew = WebClient(token="xoxb-1", base_url=url, timeout=20, ssl=trusted, retry_handlers=[])
        times = bench.pick(300, 50)
        taken = [(_cpu_ms(kept, times), _cpu_ms(anew, times)) for _ in range(bench.repetitions)]
    ours, usual = (median(figures) for figures in zip(*taken, strict=True))
    return [
        Row("CPU of one Slack call over TLS", ours, "ms", 1.5, at_most=True),
        Row("… as slack-sdk makes it, with one context", usual, "ms"),
    ]


def _cpu_ms(client: WebClient, times: int) -> float:
    client.api_test()
    begun = process_time()
    for _ in range(times):
        client.chat_postMessage(channel="C0BENCH0001", text="A word")
    return (process_time() - begun) * 1000 / times


def _certificate(folder: Path) -> tuple[Path, Path]:
    certificate, key = folder / "tls.pem", folder / "tls.key"
    made = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost"
    options = ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    files = ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run([*made.split(), *options, *files], check=True, capture_output=True)
    return certificate, key

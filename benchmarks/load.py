"""A small load generator: so many POSTs over so many kept-alive connections, on 127.0.0.1 only."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Mapping, Sequence

from workflows.frozen import frozen

TIMEOUT = 120.0


@frozen
class Load:
    """What came of it: requests a second, and the latencies in seconds, sorted."""

    rate: float
    latencies: tuple[float, ...]

    def percentile(self, share: float) -> float:
        """A latency in milliseconds."""
        return 1000 * self.latencies[min(len(self.latencies) - 1, int(share * len(self.latencies)))]


def post_all(port: int, path: str, headers: Mapping[str, str], bodies: Sequence[bytes], connections: int) -> Load:
    """Post each body once. Raises AssertionError for any answer but 200."""
    return asyncio.run(asyncio.wait_for(_post_all(port, path, headers, bodies, connections), TIMEOUT))


async def _post_all(
    port: int, path: str, headers: Mapping[str, str], bodies: Sequence[bytes], connections: int
) -> Load:
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    waiting = iter(bodies)
    begun = time.perf_counter()
    taken = await asyncio.gather(*(_one_connection(port, head, waiting) for _ in range(connections)))
    spent = time.perf_counter() - begun
    latencies = sorted(one for each in taken for one in each)
    return Load(len(latencies) / spent, tuple(latencies))


async def _one_connection(port: int, head: str, waiting: Iterator[bytes]) -> list[float]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    taken = []
    for body in waiting:
        begun = time.perf_counter()
        writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        answer = await reader.readuntil(b"\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 200"), answer
        length = int(answer.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0])
        if length:
            await reader.readexactly(length)
        taken.append(time.perf_counter() - begun)
    writer.close()
    return taken

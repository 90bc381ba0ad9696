"""`python -m benchmarks._distance PORT SERVER SERVER_PORT MS`: hands UDP on to a name server, its answers MS later."""

import asyncio
import sys
import time
from collections import deque

import uvloop

TICK_S = 0.001
BUFFER = 1 << 22


class Near(asyncio.DatagramProtocol):
    """What clients talk to: each has a connection of its own to the server."""

    def __init__(self, server: tuple[str, int], delay_s: float) -> None:
        self.server, self.delay_s = server, delay_s
        self.far: dict[tuple[str, int], asyncio.DatagramTransport] = {}
        self.early: dict[tuple[str, int], list[bytes]] = {}
        self.late: deque[tuple[float, bytes, tuple[str, int]]] = deque()

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:
        self.transport = transport
        transport.get_extra_info("socket").setsockopt(1, 8, BUFFER)  # SOL_SOCKET, SO_RCVBUF

    def datagram_received(self, data: bytes, client: tuple[str, int]) -> None:
        if far := self.far.get(client):
            far.sendto(data)
        elif client in self.early:
            self.early[client].append(data)
        else:
            self.early[client] = [data]
            asyncio.get_running_loop().create_task(self.connect(client))

    async def connect(self, client: tuple[str, int]) -> None:
        loop = asyncio.get_running_loop()
        self.far[client], _ = await loop.create_datagram_endpoint(lambda: Far(self, client), remote_addr=self.server)
        for data in self.early.pop(client):
            self.far[client].sendto(data)

    async def hand_back(self) -> None:
        while True:
            now = time.monotonic()
            while self.late and self.late[0][0] <= now:
                _due, data, client = self.late.popleft()
                self.transport.sendto(data, client)
            await asyncio.sleep(TICK_S)


class Far(asyncio.DatagramProtocol):
    """A client's connection to the server."""

    def __init__(self, near: Near, client: tuple[str, int]) -> None:
        self.near, self.client = near, client

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:
        transport.get_extra_info("socket").setsockopt(1, 8, BUFFER)

    def datagram_received(self, data: bytes, _server: tuple[str, int]) -> None:
        self.near.late.append((time.monotonic() + self.near.delay_s, data, self.client))


async def main(port: int, server: str, server_port: int, ms: float) -> None:
    near = Near((server, server_port), ms / 1000)
    await asyncio.get_running_loop().create_datagram_endpoint(lambda: near, local_addr=("127.0.0.1", port))
    print("ready", flush=True)
    await near.hand_back()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), float(sys.argv[4])))

"""`floor-up`: the floor whose socket reads tokens from the model over HTTP and sends each at once.

It reads with httpx, `aiter_lines` and the standard library's json: what somebody would write who
has nothing but these two libraries. It saves nothing and knows nobody.
"""

import json
import os
from collections.abc import AsyncIterator

import httpx
from channels.generic.websocket import AsyncWebsocketConsumer

from tests.bench.floor import application_with

_NO_LIMITS = httpx.Limits(max_connections=None, max_keepalive_connections=None)
_client = httpx.AsyncClient(timeout=None, limits=_NO_LIMITS, trust_env=False)  # noqa: S113 - a floor has no deadline


class RelayConsumer(AsyncWebsocketConsumer):
    """Asks the model what a frame says, and sends a frame for each token."""

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        async for text in _tokens(json.loads(text_data or "{}")["text"]):
            await self.send(text_data=json.dumps({"text": text}))
        await self.send(text_data='{"end": true}')


async def _tokens(question: str) -> AsyncIterator[str]:
    body = {
        "model": "fake",
        "stream": True,
        "messages": [{"role": "user", "content": question}],
    }
    address = os.environ["BENCH_MODEL"] + "/chat/completions"
    async with _client.stream("POST", address, json=body) as response:
        async for line in response.aiter_lines():
            if line.startswith("data: {"):
                delta = json.loads(line[6:])["choices"][0]["delta"]
                if text := delta.get("content"):
                    yield text


application = application_with(RelayConsumer)

"""An OpenAI-compatible model in a process of its own, which says what it was told to, in time.

`STREAM <tokens> <pace>` in the last user message makes it stream that many tokens. Token number i
is `NNNN ` and is due (i + 1) x pace milliseconds after the question, on an absolute schedule, so
that drift belongs to the server that asks. A pace of 0 means as fast as it goes.
"""

import asyncio
import json
import re
import sys

ORDER = re.compile(r"STREAM (\d+) (\d+(?:\.\d+)?)")
WITHOUT_PACE_AT_ONCE = 8
_HEAD = (
    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n"
    b"transfer-encoding: chunked\r\ncache-control: no-cache\r\n\r\n"
)
_SHAPE = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "fake"}


def order_of(body: bytes) -> tuple[int, float]:
    """How many tokens, and how many seconds between two, the last user message asks for."""
    messages = json.loads(body)["messages"]
    asked = [message["content"] for message in messages if message["role"] == "user"]
    found = ORDER.search(_text(asked[-1]))
    return (int(found[1]), float(found[2]) / 1000) if found else (1, 0.0)


def token(number: int) -> str:
    return f"{number:04d} "


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer the requests of one connection until the client closes it."""
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            size = re.search(rb"(?i)content-length: *(\d+)", head)
            body = await reader.readexactly(int(size[1]) if size else 0)
            await _stream(writer, *order_of(body))
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


async def _stream(writer: asyncio.StreamWriter, tokens: int, pace: float) -> None:
    clock = asyncio.get_running_loop().time
    asked = clock()
    writer.write(_HEAD + _event({"role": "assistant", "content": ""}))
    for number in range(tokens):
        if pace:
            await asyncio.sleep(asked + (number + 1) * pace - clock())
        elif number % WITHOUT_PACE_AT_ONCE == 0:
            await asyncio.sleep(0)
        writer.write(_event({"content": token(number)}))
        await writer.drain()
    writer.write(_event({}, "stop") + _chunk(b"data: [DONE]\n\n") + b"0\r\n\r\n")
    await writer.drain()


def _event(delta: dict[str, str], finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return _chunk(b"data: " + json.dumps({**_SHAPE, "choices": [choice]}).encode() + b"\n\n")


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


def _text(content: str | list[dict[str, str]]) -> str:
    if isinstance(content, str):
        return content
    return " ".join(part.get("text", "") for part in content)


async def serve(port: int) -> None:
    """Serve until the process is ended; prints one line when it listens."""
    server = await asyncio.start_server(answer, "127.0.0.1", port, backlog=1024)
    print("ready", flush=True)  # noqa: T201  # whoever started it waits for this line
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))

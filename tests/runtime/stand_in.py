"""Runs the real server around a small application; prints what happens, one word a line."""

import asyncio
import sys
import types

from django.conf import settings

import atlas
from atlas.common.errors import AtlasError
from atlas.serving import server

settings.configure()

START_S, STOP_S, FAILS = float(sys.argv[3]), float(sys.argv[4]), sys.argv[5] == "fails"


def say(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


class Running:
    """What boot hands back."""

    async def stop(self, grace_s: float) -> None:
        say("stopping", grace_s)
        await asyncio.sleep(STOP_S)
        say("stopped")


async def start(role: str) -> Running:
    say("starting", role)
    await asyncio.sleep(START_S)
    if FAILS:
        raise AtlasError("The plugin warehouse has no address. Set its url.")
    return Running()


async def application(scope, receive, send) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        while (event := await receive())["type"] == "websocket.receive":
            await send({"type": "websocket.close", "code": int(event["text"])})
        say("closed", event["code"])
        return
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"hello"})


def install(name: str, **attributes: object) -> None:
    module = types.ModuleType(f"atlas.{name}")
    vars(module).update(attributes)
    sys.modules[f"atlas.{name}"] = module
    setattr(atlas, name, module)


# Collecting static files needs Django's settings, and this application has none.
vars(server)["collect"] = lambda: None
install("boot", start=start)
install("asgi", application=application)
try:
    sys.exit(server.run(sys.argv[1], port=int(sys.argv[2]), on_ready=lambda url: say("ready", url)))
except AtlasError as error:
    sys.exit(error.user_message)

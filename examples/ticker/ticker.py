"""Prints the prices of a currency, as the page does, by the wire protocol alone: python3 ticker.py ws://localhost:8080/local EUR"""

import asyncio
import json
import sys

import websockets


async def follow(url, channel):
    """Yields messages in order and once, from the last one on; after a cut, also those that came meanwhile."""
    position, early = 0, {}
    # Connects again by itself, with growing delays.
    async for socket in websockets.connect(url, subprotocols=["fanfare.v1"]):
        after = {"after": position} if position else {}
        last = {"action": "history", "channel": channel, "limit": 1}
        try:
            await socket.send(json.dumps([{"action": "subscribe", "channel": channel, **after}, last]))
            async for text in socket:
                for frame in replies(json.loads(text)):
                    if frame.get("recovered") is False:
                        position, early = 0, {}  # Too long ago: begin again with the last one.
                    for message in frame.get("messages", []):
                        position = position or message["seq"] - 1
                        early[message["seq"]] = message
                    # Frames may overtake each other, and a resumed message may come twice.
                    early = {seq: message for seq, message in early.items() if seq > position}
                    while message := early.pop(position + 1, None):
                        position += 1
                        if not message.get("void"):
                            yield message
                    # A message is missing, or the reply was full.
                    if early or frame.get("more"):
                        await socket.send(json.dumps({"action": "history", "channel": channel, "after": position}))
        except websockets.ConnectionClosed:
            continue


def replies(frame):
    """An array of commands has an array of replies."""
    frames = frame if isinstance(frame, list) else [frame]
    for one in frames:
        if one.get("event") == "error":
            sys.exit(one["message"])
    return frames


async def main(url, base):
    async for message in follow(url, f"public:ticker-{base}"):
        currency, price = next(iter(message["data"].items()))
        print(message["seq"], f"{base}/{currency}", price, flush=True)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))

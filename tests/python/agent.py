"""An agent with the official MCP client (`mcp` of PyPI): calls the tools that it is told to.

It connects, prints one line of JSON about the server and its tools, and then one for each line of its standard input:
{"tool": …, "arguments": …}. The client holds each answer against the tool's output schema, and fails where it does not fit.

    agent.py URL KEY MODE        MODE: legacy (initialize) or auto (the newest protocol)
"""

import json
import sys

import anyio
from httpx2 import AsyncClient
from mcp import MCPError
from mcp.client.client import Client
from mcp.client.streamable_http import streamable_http_client

url, key, mode = sys.argv[1:]


def say(line):
    print(json.dumps(line), flush=True)


async def call(client, line):
    try:
        result = await client.call_tool(line["tool"], line["arguments"])
    except MCPError as error:
        return {"error": {"code": error.error.code, "message": error.error.message}}
    texts = [block.text for block in result.content]
    return {"refused": bool(result.is_error), "content": result.structured_content, "texts": texts}


async def main():
    async with AsyncClient(headers={"Authorization": f"Bearer {key}"}) as http:
        async with Client(streamable_http_client(url, http_client=http), mode=mode) as client:
            tools = [tool.model_dump(by_alias=True, mode="json", exclude_none=True) for tool in (await client.list_tools()).tools]
            server = client.server_info
            say({"protocol": client.protocol_version, "server": server.name, "instructions": client.instructions, "tools": tools})
            while line := await anyio.to_thread.run_sync(sys.stdin.readline):
                say(await call(client, json.loads(line)))


anyio.run(main)

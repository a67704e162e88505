"""gql of Python: queries checked against the fetched schema, pages, errors, subscriptions."""

import asyncio
import sys

from gql import Client, gql
from gql.transport.aiohttp import AIOHTTPTransport
from gql.transport.exceptions import TransportQueryError
from gql.transport.websockets import WebsocketsTransport

url = sys.argv[1]
TARGETS = gql(
    """query Targets($region: String!, $year: Int!) {
      indicators(filter: {regions: [$region], roles: [TARGET], year: {ge: $year, le: $year}}, first: 5) {
        totalCount nodes { id name value region { name } } } }"""
)
PAGE = gql("query Page($after: String) { plans(first: 2, after: $after) { totalCount nodes { id } pageInfo { hasNextPage endCursor } } }")
WRONG = gql('query Wrong { sources { totalCount } node(id: "%") { id } }')
RUN = gql("query Run { crawlRuns(first: 1) { nodes { id } } }")
PROGRESS = gql("subscription Progress($run: ID!) { crawlProgress(run: $run) { stage run { id } } }")


def with_values(document, **values):
    document.variable_values = values
    return document


async def main():
    async with Client(transport=AIOHTTPTransport(url=url), fetch_schema_from_transport=True) as session:
        found = (await session.execute(with_values(TARGETS, region="湖州市", year=2025)))["indicators"]
        assert found["totalCount"] > 0 and all(node["region"]["name"] == "湖州市" for node in found["nodes"]), found

        seen, after = set(), None
        while True:
            plans = (await session.execute(with_values(PAGE, after=after)))["plans"]
            seen |= {node["id"] for node in plans["nodes"]}
            if not plans["pageInfo"]["hasNextPage"]:
                break
            after = plans["pageInfo"]["endCursor"]
        assert len(seen) == plans["totalCount"] > 2, seen

        try:
            await session.execute(WRONG)
            raise AssertionError("an error was swallowed")
        except TransportQueryError as error:
            assert error.errors[0]["extensions"]["code"] == "BAD_ID", error
            assert error.data["sources"]["totalCount"] > 0, error

        run = (await session.execute(RUN))["crawlRuns"]["nodes"][0]["id"]

    async with Client(transport=WebsocketsTransport(url=url.replace("http", "ws"))) as session:
        heard = [data["crawlProgress"] async for data in session.subscribe(with_values(PROGRESS, run=run))]
        assert heard == [{"stage": "ended", "run": {"id": run}}], heard
    print("gql of Python: schema, query, pages, error, subscription")


asyncio.run(main())

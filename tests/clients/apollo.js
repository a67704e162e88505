// Apollo Client: queries by POST and by their hash, subscriptions over graphql-transport-ws.

import { createHash } from "node:crypto";
import { ApolloClient, ApolloLink, CombinedGraphQLErrors, HttpLink, InMemoryCache, gql } from "@apollo/client";
import { PersistedQueryLink } from "@apollo/client/link/persisted-queries";
import { GraphQLWsLink } from "@apollo/client/link/subscriptions";
import { createClient } from "graphql-ws";
import WebSocket from "ws";
import { PAGE, PROGRESS, RUN, TARGETS, WRONG, checkPages, checkProgress, checkTargets, checkWrong, variables } from "./queries.js";

const url = process.argv[2];
const sockets = createClient({ url: url.replace("http", "ws"), webSocketImpl: WebSocket });
const sha256 = (text) => createHash("sha256").update(text).digest("hex");

/** A client that counts its requests. */
function client(...links) {
  const counted = { requests: 0 };
  const fetchCounting = (...request) => {
    counted.requests += 1;
    return fetch(...request);
  };
  const http = ApolloLink.from([...links, new HttpLink({ uri: url, fetch: fetchCounting })]);
  const link = ApolloLink.split(({ operationType }) => operationType === "subscription", new GraphQLWsLink(sockets), http);
  const defaultOptions = { query: { fetchPolicy: "no-cache", errorPolicy: "all" } };
  return Object.assign(new ApolloClient({ link, cache: new InMemoryCache(), defaultOptions }), { counted });
}

const plain = client();
checkTargets((await plain.query({ query: gql(TARGETS), variables })).data);
await checkPages(async (variables) => (await plain.query({ query: gql(PAGE), variables })).data);
const wrong = await plain.query({ query: gql(WRONG) });
if (!CombinedGraphQLErrors.is(wrong.error)) throw new Error(`no GraphQL error: ${wrong.error}`);
checkWrong(wrong.data, wrong.error.errors);

for (const useGETForHashedQueries of [false, true]) {
  const hashing = client(new PersistedQueryLink({ sha256, useGETForHashedQueries }));
  const again = `query Again${useGETForHashedQueries} ${TARGETS.slice("query Targets".length)}`;
  checkTargets((await hashing.query({ query: gql(again), variables })).data);
  if (hashing.counted.requests !== 2) throw new Error("an unknown hash is sent again with its query");
  checkTargets((await hashing.query({ query: gql(again), variables })).data);
  if (hashing.counted.requests !== 3) throw new Error("a known hash is answered at once");
}

const run = (await plain.query({ query: gql(RUN) })).data.crawlRuns.nodes[0].id;
const heard = [];
await new Promise((resolve, reject) => {
  plain.subscribe({ query: gql(PROGRESS), variables: { run } }).subscribe({
    next: ({ data, error }) => (error ? reject(error) : heard.push(data)),
    error: reject,
    complete: resolve,
  });
});
checkProgress(heard, run);
await sockets.dispose();
console.log("Apollo Client: query, pages, error, hashes, subscription");

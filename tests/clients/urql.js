// urql: queries by POST and GET, subscriptions over graphql-transport-ws.

import { Client, cacheExchange, fetchExchange, subscriptionExchange } from "@urql/core";
import { createClient } from "graphql-ws";
import WebSocket from "ws";
import { PAGE, PROGRESS, RUN, TARGETS, WRONG, checkPages, checkProgress, checkTargets, checkWrong, variables } from "./queries.js";

const url = process.argv[2];
const sockets = createClient({ url: url.replace("http", "ws"), webSocketImpl: WebSocket });
const forwardSubscription = ({ query, variables }) => ({
  subscribe: (sink) => ({ unsubscribe: sockets.subscribe({ query: query ?? "", variables }, sink) }),
});
const exchanges = [cacheExchange, fetchExchange, subscriptionExchange({ forwardSubscription })];

for (const preferGetMethod of [false, true]) {
  const client = new Client({ url, exchanges, preferGetMethod, requestPolicy: "network-only" });
  const ask = async (query, variables) => {
    const { data, error } = await client.query(query, variables).toPromise();
    if (error) throw error;
    return data;
  };
  checkTargets(await ask(TARGETS, variables));
  await checkPages((variables) => ask(PAGE, variables));
  const wrong = await client.query(WRONG, {}).toPromise();
  checkWrong(wrong.data, wrong.error.graphQLErrors);

  const run = (await ask(RUN, {})).crawlRuns.nodes[0].id;
  const heard = [];
  await new Promise((resolve, reject) => {
    client.subscription(PROGRESS, { run }).subscribe(({ data, error, hasNext }) => {
      if (error) reject(error);
      // The end is told with what was heard last.
      else if (hasNext) heard.push(data);
      else resolve();
    });
  });
  checkProgress(heard, run);
}
await sockets.dispose();
console.log("urql: query, pages, error, subscription, by POST and GET");

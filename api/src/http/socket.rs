//! Subscriptions over WebSocket, with the protocol `graphql-transport-ws`
//! (<https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md>), or with the older `graphql-ws` for who speaks it
//! (<https://github.com/apollographql/subscriptions-transport-ws/blob/master/PROTOCOL.md>).

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use async_graphql::{
    Data, Executor, Request, Response as Answer,
    http::{WebSocket as Conversation, WebSocketProtocols, WsMessage},
};
use axum::{
    body::Bytes,
    extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade},
    http::StatusCode,
    response::Response,
};
use futures::{
    SinkExt as _, StreamExt as _, future,
    stream::{self, BoxStream},
};
use tokio::sync::Semaphore;

use super::{Server, accept::Media, caller::Caller, failed};
use crate::{Api, Error, schema::refused};

/// The protocol of today.
const PROTOCOL: &str = "graphql-transport-ws";
/// The one before it. A client that offers both gets this one: gql of Python overlooks the answer to its offer, for the
/// header is in small letters, and then speaks it.
const OLD_PROTOCOL: &str = "graphql-ws";
/// The most bytes of a message from a client.
const MAX_MESSAGE: usize = 1_000_000;
/// How often a client is asked whether it is still there, and how long it has to begin.
const BEAT: Duration = Duration::from_secs(20);

/// How many clients are talked to at a time.
const MAX_SOCKETS: usize = 1_000;

/// How many operations a client has answered at a time over one connection.
const MAX_OPERATIONS: usize = 20;

/// The conversations that may still begin.
#[derive(Debug)]
pub(super) struct Sockets(Arc<Semaphore>);

impl Default for Sockets {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(MAX_SOCKETS)))
    }
}

/// Answers a client that wants a WebSocket.
pub(super) fn open(server: Server, upgrade: WebSocketUpgrade, caller: Caller) -> Response {
    let Ok(place) = Arc::clone(&server.sockets.0).try_acquire_owned() else {
        return failed(Media::Json, StatusCode::SERVICE_UNAVAILABLE, Error::TooManySockets { limit: MAX_SOCKETS });
    };
    let upgrade = upgrade.protocols([OLD_PROTOCOL, PROTOCOL]).max_message_size(MAX_MESSAGE);
    let is_old = upgrade.selected_protocol().is_some_and(|protocol| protocol == OLD_PROTOCOL);
    let protocol = if is_old { WebSocketProtocols::SubscriptionsTransportWS } else { WebSocketProtocols::GraphQLWS };
    upgrade.on_upgrade(async move |socket| {
        talk(server, socket, caller, protocol).await;
        drop(place);
    })
}

/// Talks to a client until one of the two ends it, or until the client gives no sign of life.
async fn talk(server: Server, socket: WebSocket, caller: Caller, protocol: WebSocketProtocols) {
    let (is_there, has_begun) = (Arc::new(AtomicBool::new(true)), Arc::new(AtomicBool::new(false)));
    let (mut sink, stream) = socket.split();
    let heard = Arc::clone(&is_there);
    let who = Arc::new(Mutex::new(caller.who()));
    let (pace, asks) = (Arc::clone(&server.pace), Arc::clone(&who));
    let messages = stream.take_while(|message| future::ready(message.is_ok())).filter_map(move |message| {
        heard.store(true, Ordering::Relaxed);
        let (pace, who) = (Arc::clone(&pace), *asks.lock().unwrap_or_else(PoisonError::into_inner));
        async move {
            let Ok(message @ (Message::Text(_) | Message::Binary(_))) = message else { return None };
            // A client that writes more quickly than it may is read more slowly.
            pace.wait(who).await;
            Some(message.into_data())
        }
    });
    let messages = std::pin::pin!(messages);
    let (begins, is_refused) = (Arc::clone(&has_begun), Arc::new(AtomicBool::new(false)));
    let (api, refuses) = (server.api.clone(), Arc::clone(&is_refused));
    let listener = Listener { api: server.api, listens: Arc::new(Semaphore::new(MAX_OPERATIONS)) };
    let conversation = Conversation::new(listener, messages, protocol);
    let mut answers = conversation.on_connection_init(async move |payload: serde_json::Value| {
        begins.store(true, Ordering::Relaxed);
        let greeted = greet(&api, caller, &payload).await;
        refuses.store(greeted.is_err(), Ordering::Relaxed);
        let caller = greeted?;
        *who.lock().unwrap_or_else(PoisonError::into_inner) = caller.who();
        Ok(caller.data())
    });
    let mut beat = tokio::time::interval_at(tokio::time::Instant::now() + BEAT, BEAT);
    loop {
        let message = tokio::select! {
            answer = answers.next() => match answer {
                Some(WsMessage::Text(text)) => Message::Text(text.into()),
                Some(WsMessage::Close(_, reason)) if is_refused.load(Ordering::Relaxed) => close(4403, reason),
                Some(WsMessage::Close(code, reason)) => close(code, reason),
                None => break,
            },
            _ = beat.tick() => {
                if !has_begun.load(Ordering::Relaxed) {
                    close(4408, "Connection initialisation timeout".to_owned())
                } else if is_there.swap(false, Ordering::Relaxed) {
                    Message::Ping(Bytes::new())
                } else {
                    break;
                }
            }
        };
        let is_last = matches!(message, Message::Close(_));
        // A client that takes nothing any more is not waited for.
        let sent = tokio::time::timeout(BEAT, sink.send(message)).await;
        if is_last || !matches!(sent, Ok(Ok(()))) {
            break;
        }
    }
}

/// The API to one client.
#[derive(Clone)]
struct Listener {
    api: Api,
    /// The operations that may still begin.
    listens: Arc<Semaphore>,
}

impl Executor for Listener {
    async fn execute(&self, request: Request) -> Answer {
        self.api.execute(request).await
    }

    fn execute_stream(&self, request: Request, session: Option<Arc<Data>>) -> BoxStream<'static, Answer> {
        let Ok(place) = Arc::clone(&self.listens).try_acquire_owned() else {
            let refused = refused(Error::TooManyOperations { limit: MAX_OPERATIONS });
            return stream::once(future::ready(refused)).boxed();
        };
        let answers = self.api.stream(request, session.unwrap_or_default());
        // The place is free again when the stream is gone.
        answers.inspect(move |_| _ = &place).boxed()
    }
}

/// Who a client says that it is in its first message, or else in the headers before it.
async fn greet(api: &Api, caller: Caller, payload: &serde_json::Value) -> Result<Caller, Error> {
    let named = |(name, _): &(&String, _)| name.eq_ignore_ascii_case("authorization");
    let header =
        payload.as_object().and_then(|payload| payload.iter().find(named)).and_then(|(_, value)| value.as_str());
    match header {
        Some(header) => caller.with(api, header).await,
        None => Ok(caller),
    }
}

fn close(code: u16, reason: String) -> Message {
    Message::Close(Some(CloseFrame { code, reason: reason.into() }))
}

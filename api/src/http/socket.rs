//! Subscriptions over WebSocket, with the protocol `graphql-transport-ws`
//! (<https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md>).

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use async_graphql::{
    Data,
    http::{WebSocket as Conversation, WebSocketProtocols, WsMessage},
};
use axum::{
    body::Bytes,
    extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade},
    response::Response,
};
use futures::{SinkExt as _, StreamExt as _, future};

use super::caller::Caller;
use crate::{Api, Error};

/// The one protocol that is spoken.
pub(super) const PROTOCOL: &str = "graphql-transport-ws";
/// The most bytes of a message from a client.
const MAX_MESSAGE: usize = 1_000_000;
/// How often a client is asked whether it is still there, and how long it has to begin.
const BEAT: Duration = Duration::from_secs(20);

/// Answers a client that wants a WebSocket.
pub(super) fn open(api: Api, upgrade: WebSocketUpgrade, caller: Caller) -> Response {
    upgrade.protocols([PROTOCOL]).max_message_size(MAX_MESSAGE).on_upgrade(move |socket| talk(api, socket, caller))
}

/// Talks to a client until one of the two ends it, or until the client gives no sign of life.
async fn talk(api: Api, socket: WebSocket, caller: Caller) {
    let (is_there, has_begun) = (Arc::new(AtomicBool::new(true)), Arc::new(AtomicBool::new(false)));
    let (mut sink, stream) = socket.split();
    let heard = Arc::clone(&is_there);
    let messages = stream.take_while(|message| future::ready(message.is_ok())).filter_map(move |message| {
        heard.store(true, Ordering::Relaxed);
        future::ready(match message {
            Ok(message @ (Message::Text(_) | Message::Binary(_))) => Some(message.into_data()),
            _ => None,
        })
    });
    let (begins, is_refused) = (Arc::clone(&has_begun), Arc::new(AtomicBool::new(false)));
    let (known, refuses) = (api.clone(), Arc::clone(&is_refused));
    let conversation = Conversation::new(api, messages, WebSocketProtocols::GraphQLWS);
    let mut answers = conversation.on_connection_init(async move |payload: serde_json::Value| {
        begins.store(true, Ordering::Relaxed);
        let greeted = greet(&known, caller, &payload).await;
        refuses.store(greeted.is_err(), Ordering::Relaxed);
        Ok(greeted?)
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

/// What holds for a conversation: who the client says it is in its first message, or else in the headers before it.
async fn greet(api: &Api, caller: Caller, payload: &serde_json::Value) -> Result<Data, Error> {
    let named = |(name, _): &(&String, _)| name.eq_ignore_ascii_case("authorization");
    let header =
        payload.as_object().and_then(|payload| payload.iter().find(named)).and_then(|(_, value)| value.as_str());
    let caller = match header {
        Some(header) => Caller::with(api, header).await?,
        None => caller,
    };
    let mut data = Data::default();
    if let Some(holder) = caller.0 {
        data.insert(holder);
    }
    Ok(data)
}

fn close(code: u16, reason: String) -> Message {
    Message::Close(Some(CloseFrame { code, reason: reason.into() }))
}

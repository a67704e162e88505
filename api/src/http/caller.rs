//! Who asks, by the header `Authorization`.

use std::net::Ipv4Addr;

use async_graphql::{Data, Request};
use axum::{
    extract::FromRequestParts,
    http::{
        HeaderValue, StatusCode,
        header::{AUTHORIZATION, WWW_AUTHENTICATE},
        request::Parts,
    },
    response::Response,
};

use super::{
    Server,
    accept::Media,
    failed,
    pace::{self, Who},
};
use crate::{Api, Error, token::Holder};

/// Somebody with a token, or anybody.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    holder: Option<Holder>,
    /// Where they come from.
    address: Who,
}

impl Caller {
    /// The request of this caller.
    pub(super) fn asking(self, request: Request) -> Request {
        match self.holder {
            Some(holder) => request.data(holder),
            None => request,
        }
    }

    /// The same caller, with what this header says of them.
    pub(super) async fn with(self, api: &Api, authorization: &str) -> Result<Self, Error> {
        Ok(Self { holder: Holder::of(api.db(), authorization).await?, ..self })
    }

    /// The same caller, as if they had no token.
    pub(super) fn without_token(self) -> Self {
        Self { holder: None, ..self }
    }

    /// What holds for a conversation with this caller.
    pub(super) fn data(&self) -> Data {
        let mut data = Data::default();
        if let Some(holder) = &self.holder {
            data.insert(holder.clone());
        }
        data
    }

    /// By what their requests are counted.
    pub(super) fn who(&self) -> Who {
        self.holder.as_ref().map_or(self.address, |holder| Who::Token(holder.id))
    }
}

impl FromRequestParts<Server> for Caller {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> Result<Self, Response> {
        let address = parts.extensions.get().copied().unwrap_or(Who::at(Ipv4Addr::UNSPECIFIED.into()));
        let anybody = Self { holder: None, address };
        let Some(header) = parts.headers.get(AUTHORIZATION) else { return Ok(anybody) };
        let media = Media::wanted(&parts.headers).unwrap_or(Media::Json);
        // What is no text is no token that was ever made.
        let caller = anybody.with(&server.api, header.to_str().unwrap_or("Bearer")).await.map_err(|error| {
            let status =
                if let Error::BadToken = error { StatusCode::UNAUTHORIZED } else { StatusCode::SERVICE_UNAVAILABLE };
            let mut response = failed(media, status, error);
            if status == StatusCode::UNAUTHORIZED {
                let challenge = HeaderValue::from_static("Bearer error=\"invalid_token\"");
                response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
            }
            response
        })?;
        if caller.holder.is_some() {
            server.pace.count(caller.who()).map_err(|error| pace::later(media, error))?;
        }
        Ok(caller)
    }
}

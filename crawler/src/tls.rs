//! What encrypts connections.

/// Names what encrypts, once for the whole program: without it, building a client panics.
pub fn provide() {
    // An error says that some other part of the program was first.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

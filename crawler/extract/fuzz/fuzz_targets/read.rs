//! Any text, read as a document and as a page, gives plans that hang together:
//! `cargo +nightly fuzz run read -- -max_total_time=60` in `crawler/extract`. `.ci/run` does the same without a nightly
//! compiler.

#![no_main]

#[path = "../../tests/sound/mod.rs"]
mod sound;

use std::sync::LazyLock;

use extract::Reader;
use libfuzzer_sys::fuzz_target;

static READER: LazyLock<Reader> = LazyLock::new(Reader::builtin);

fuzz_target!(|text: &str| sound::read(&READER, text));

//! The `plangraph` command.
fn main() {}

//! `replay TARGET FILE`: runs one input of a fuzz target; with `TRACE=1` it shows what goes on.

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [target, file] = &words[..] else { return Err("usage: replay TARGET FILE".into()) };
    let data = std::fs::read(file)?;
    match target.as_str() {
        "duplex" => simcom_fuzz::duplex::check(&data),
        "framer" => simcom_fuzz::framer::check(&data),
        "modem" => simcom_fuzz::modem::check(&data),
        "session" => simcom_fuzz::session::check(&data),
        _ => return Err(format!("no target {target}").into()),
    }
    Ok(())
}

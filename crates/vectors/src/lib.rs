//! Transcripts of SIMCom-type modules: what went over the wire, and the reports a correct reader must give.
//!
//! The transcripts are text files under `data/<dialect>/`. They are part of the crate: [`all`] and [`by_dialect`] give
//! them parsed, on every target. Around them are the parts that a test, a bench, a fuzz seed or the command line needs:
//!
//! * [`Transcript`]: the file format, read ([`Transcript::parse`], [`Transcript::parse_bytes`]) and written
//!   ([`Transcript::to_text`]);
//! * [`Report`]: one line of the report vocabulary, read and written;
//! * [`Reading`] and [`Said`]: both sides of a line read along, and what a reader reports as text and as JSON;
//! * [`compare`]: do these reports satisfy those expectations;
//! * [`Chunking`]: the same bytes, cut in another way.
//!
//! # The file format
//!
//! ```text
//! # dialect: sim800
//! # config: echo=off mux=multi
//! # expect: Ok
//! > AT+CIPMUX?\r
//! < \r\n+CIPMUX: 1\r\n\r\nOK\r\n
//! ~ 1000
//! ```
//!
//! `# key: value` is a header line, `> ` bytes from the host, `< ` bytes from the module, `~ N` a silence of N
//! milliseconds. The text behind the two characters of the mark is one chunk exactly as it came, no line end is implied.
//! Escapes are `\r`, `\n`, `\t`, `\\`, `\"` and `\xNN`; a blank at the start or end of a chunk is written `\x20`.

mod chunking;
mod compare;
mod error;
mod escape;
mod join;
mod reading;
mod report;
mod said;
mod transcript;
mod vector;

pub use chunking::{BadChunking, Chunking, cut_positions};
pub use compare::{Lines, Mismatch, TYPED_LINES, compare, join_data};
pub use error::{ParseError, Problem};
pub use escape::{BadEscape, escape, quote, unescape};
pub use join::Joiner;
pub use reading::{Reading, observer};
pub use report::{BadReport, Report};
pub use said::{Said, Value, data_said, link_text, said};
pub use transcript::{Header, Step, Transcript};
pub use vector::{Vector, all, by_dialect, by_name};

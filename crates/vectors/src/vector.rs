//! The transcripts that are part of this crate.

use crate::report::Report;
use crate::transcript::Transcript;

/// The data files: name and bytes, in the order of their names. The build script writes the list.
static FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/files.rs"));

/// One data file, parsed.
#[derive(Debug, Clone)]
pub struct Vector {
    /// Its name: dialect folder and file name without the ending, such as `sim800/s2-3.1-client`.
    pub name: &'static str,
    /// The file as it is.
    pub text: &'static [u8],
    /// The headers and steps.
    pub transcript: Transcript,
    /// The reports that the `# expect:` lines ask for.
    pub expected: Vec<Report>,
}

impl Vector {
    /// Reads one data file.
    ///
    /// Panics when the file is damaged; the crate's own tests read every one.
    fn read(&(name, text): &(&'static str, &'static [u8])) -> Vector {
        let file = format!("data/{name}.txt");
        let transcript = Transcript::parse_bytes(&file, text).unwrap_or_else(|error| panic!("{error}"));
        let expected = transcript.expected(&file).unwrap_or_else(|error| panic!("{error}"));
        Vector { name, text, transcript, expected }
    }

    /// The dialect: the folder of the file, and its `# dialect:` line.
    pub fn dialect(&self) -> &str {
        self.transcript.dialect()
    }
}

/// All vectors, in the order of their names.
pub fn all() -> Vec<Vector> {
    FILES.iter().map(Vector::read).collect()
}

/// The vectors of one dialect, such as `sim800`; none for a name that is no folder.
pub fn by_dialect(dialect: &str) -> Vec<Vector> {
    let inside = |name: &str| name.split_once('/').is_some_and(|(folder, _)| folder == dialect);
    FILES.iter().filter(|(name, _)| inside(name)).map(Vector::read).collect()
}

/// The vector with this name, such as `sim800/s2-3.1-client`.
pub fn by_name(name: &str) -> Option<Vector> {
    FILES.iter().find(|(other, _)| *other == name).map(Vector::read)
}
